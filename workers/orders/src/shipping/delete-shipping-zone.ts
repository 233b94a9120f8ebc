import type { ShippingZoneNotFound } from '@shop/contracts/orders/place-failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { OrdersDeps } from '../deps.ts'

type DeleteFailure = AccessFailure | ShippingZoneNotFound | VersionConflict

/** Deletes a zone with its options. Orders keep the name and the price of theirs. */
export async function deleteShippingZone(
  { shippingZones }: Pick<OrdersDeps, 'shippingZones'>,
  caller: Caller,
  { id, versions }: { id: string; versions: ExpectedVersions },
): Promise<Result<undefined, DeleteFailure>> {
  const staff = requireScope(caller, 'shipping:write')
  if (!staff.ok) return staff
  return untilSaved<Result<undefined, DeleteFailure>>(async () => {
    const decidedFrom = await shippingZones.find(id)
    if (decidedFrom === undefined) return fail({ code: 'shipping_zone_not_found', zoneId: id })
    const current = checkVersion(versions, decidedFrom.version)
    if (!current.ok) return current
    return (await shippingZones.delete(decidedFrom)) ? ok() : undefined
  })
}
