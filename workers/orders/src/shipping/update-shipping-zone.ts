import type { InvalidShippingZone, ShippingZoneNotFound } from '@shop/contracts/orders/place-failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { OrdersDeps } from '../deps.ts'
import { decideZone, type Zone, type ZoneChanges } from './domain/zone.ts'

type UpdateDeps = Pick<OrdersDeps, 'shippingZones' | 'now'>
type UpdateFailure = AccessFailure | ShippingZoneNotFound | InvalidShippingZone | VersionConflict

/** Changes the given fields of a zone. Its areas are replaced as a whole. */
export async function updateShippingZone(
  deps: UpdateDeps,
  caller: Caller,
  { id, changes, versions }: { id: string; changes: ZoneChanges; versions: ExpectedVersions },
): Promise<Result<Zone, UpdateFailure>> {
  const staff = requireScope(caller, 'shipping:write')
  if (!staff.ok) return staff
  return untilSaved<Result<Zone, UpdateFailure>>(async () => {
    const decidedFrom = await deps.shippingZones.find(id)
    if (decidedFrom === undefined) return fail({ code: 'shipping_zone_not_found', zoneId: id })
    const current = checkVersion(versions, decidedFrom.version)
    if (!current.ok) return current
    if (Object.values(changes).every((change) => change === undefined)) return ok(decidedFrom)
    const fields = decideZone(decidedFrom, changes)
    if (!fields.ok) return fields
    const updated = { ...decidedFrom, ...fields.value, updatedAt: deps.now(), version: decidedFrom.version + 1 }
    return (await deps.shippingZones.save(updated)) ? ok(updated) : undefined
  })
}
