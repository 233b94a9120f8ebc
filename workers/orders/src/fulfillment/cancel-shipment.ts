import type { ShipmentStatusConflict } from '@shop/contracts/orders/failures'
import type { Caller } from '@shop/kernel/caller'
import type { Result } from '@shop/kernel/result'
import type { ChangeDeps } from '../orders/change-order.ts'
import { cancelShipment as decideCancellation } from './domain/shipment-steps.ts'
import { type ChangeShipmentFailure, changeShipment } from './internal/change-shipment.ts'
import type { ShipmentOfOrder } from './internal/find-shipment.ts'

/** Cancels a shipment that has not left, so that its units are left to ship again. Repeating it changes nothing. */
export function cancelShipment(
  deps: ChangeDeps,
  caller: Caller,
  shipmentId: string,
): Promise<Result<ShipmentOfOrder, ChangeShipmentFailure | ShipmentStatusConflict>> {
  return changeShipment(deps, caller, shipmentId, (order, shipment) => decideCancellation(order, shipment, deps.now()))
}
