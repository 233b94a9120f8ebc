import type { InvalidShippingOption, ShippingZoneNotFound } from '@shop/contracts/orders/place-failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey } from '@shop/kernel/create-once'
import { isId } from '@shop/kernel/ids'
import { fail, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import { BLANK_OPTION, decideOption, type OptionChanges } from './domain/decide-option.ts'
import type { ShippingOption } from './domain/option.ts'

type CreateDeps = Pick<OrdersDeps, 'shippingOptions' | 'creationKeys' | 'newId' | 'now'>
type CreateFailure = AccessFailure | ShippingZoneNotFound | InvalidShippingOption | CreateOnceFailure

export type OptionDraft = OptionChanges & { zoneId: string; name: string }

/** Adds an option to a zone; once, if the request has a key. */
export async function createShippingOption(
  deps: CreateDeps,
  caller: Caller,
  draft: OptionDraft,
  idempotencyKey?: string,
): Promise<Result<Created<ShippingOption>, CreateFailure>> {
  const staff = requireScope(caller, 'shipping:write')
  if (!staff.ok) return staff
  const { zoneId, ...given } = draft
  if (!isId('shippingZone', zoneId)) return fail({ code: 'shipping_zone_not_found', zoneId })
  const fields = decideOption({ ...BLANK_OPTION, name: draft.name }, given)
  if (!fields.ok) return fields
  const key = await creationKey(`${actorIdOf(staff.value)}:createShippingOption`, idempotencyKey, draft)
  return createOnce(key, {
    create: () => {
      const at = deps.now()
      const option = {
        id: deps.newId('shippingOption'),
        zoneId,
        ...fields.value,
        createdAt: at,
        updatedAt: at,
        version: 1,
      }
      return deps.shippingOptions.insert(option, key)
    },
    findKey: deps.creationKeys.find,
    find: deps.shippingOptions.find,
  })
}
