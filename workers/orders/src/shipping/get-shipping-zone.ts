import type { ShippingZoneNotFound } from '@shop/contracts/orders/place-failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { Zone } from './domain/zone.ts'

export async function getShippingZone(
  { shippingZones }: Pick<OrdersDeps, 'shippingZones'>,
  caller: Caller,
  { id }: { id: string },
): Promise<Result<Zone, AccessFailure | ShippingZoneNotFound>> {
  const staff = requireScope(caller, 'shipping:read')
  if (!staff.ok) return staff
  const zone = await shippingZones.find(id)
  return zone === undefined ? fail({ code: 'shipping_zone_not_found', zoneId: id }) : ok(zone)
}
