import type { ShipmentStatusConflict } from '@shop/contracts/orders/failures'
import type { Caller } from '@shop/kernel/caller'
import type { Result } from '@shop/kernel/result'
import type { ChangeDeps } from '../orders/change-order.ts'
import { updateShipment as decideUpdate, type ShipmentUpdate, type ShipRefused } from './domain/shipment-steps.ts'
import { type ChangeShipmentFailure, changeShipment } from './internal/change-shipment.ts'
import type { ShipmentOfOrder } from './internal/find-shipment.ts'

/** Changes the tracking of a shipment, ships a packed one, or records that it has arrived. Repeating it changes nothing. */
export function updateShipment(
  deps: ChangeDeps,
  caller: Caller,
  shipmentId: string,
  update: ShipmentUpdate,
): Promise<Result<ShipmentOfOrder, ChangeShipmentFailure | ShipRefused | ShipmentStatusConflict>> {
  return changeShipment(deps, caller, shipmentId, (order, shipment) =>
    decideUpdate(order, shipment, update, deps.now()),
  )
}
