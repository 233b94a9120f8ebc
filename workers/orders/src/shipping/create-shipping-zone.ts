import type { InvalidShippingZone } from '@shop/contracts/orders/place-failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey } from '@shop/kernel/create-once'
import type { Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import { decideZone, type Zone, type ZoneChanges } from './domain/zone.ts'

type CreateDeps = Pick<OrdersDeps, 'shippingZones' | 'creationKeys' | 'newId' | 'now'>

/** The fields of a new zone. Without areas it is the rest of the world. */
export type ZoneDraft = ZoneChanges & { name: string }

/** Adds a zone without options; once, if the request has a key. */
export async function createShippingZone(
  deps: CreateDeps,
  caller: Caller,
  draft: ZoneDraft,
  idempotencyKey?: string,
): Promise<Result<Created<Zone>, AccessFailure | InvalidShippingZone | CreateOnceFailure>> {
  const staff = requireScope(caller, 'shipping:write')
  if (!staff.ok) return staff
  const fields = decideZone({ name: draft.name, areas: [] }, draft)
  if (!fields.ok) return fields
  const key = await creationKey(`${actorIdOf(staff.value)}:createShippingZone`, idempotencyKey, draft)
  return createOnce(key, {
    create: () => {
      const at = deps.now()
      const zone = { id: deps.newId('shippingZone'), ...fields.value, createdAt: at, updatedAt: at, version: 1 }
      return deps.shippingZones.insert(zone, key)
    },
    findKey: deps.creationKeys.find,
    find: deps.shippingZones.find,
  })
}
