import type { OrderChanged, OrderNotFound, ShipmentNotFound } from '@shop/contracts/orders/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import { actorOf } from '../../access/domain/visibility.ts'
import { type ChangeDeps, changeOrder } from '../../orders/change-order.ts'
import type { Order } from '../../orders/domain/order.ts'
import type { Step } from '../../orders/domain/steps.ts'
import { completeOrder } from '../complete-order.ts'
import type { Shipment } from '../domain/shipment.ts'
import { findShipment, type ShipmentOfOrder, shipmentIn } from './find-shipment.ts'

export type ChangeShipmentFailure = AccessFailure | ShipmentNotFound | OrderNotFound | OrderChanged

/** Changes a shipment by one decision, and its order with it. */
export async function changeShipment<F>(
  deps: ChangeDeps,
  caller: Caller,
  shipmentId: string,
  decide: (order: Order, shipment: Shipment) => Result<Step, F>,
): Promise<Result<ShipmentOfOrder, F | ChangeShipmentFailure>> {
  const staff = requireScope(caller, 'orders:fulfill')
  if (!staff.ok) return staff
  const found = await findShipment(deps, shipmentId)
  if (!found.ok) return found
  const { order: known } = found.value
  const actor = actorOf(caller, 'orders:fulfill')
  const changed = await changeOrder(
    deps,
    { orderId: known.id, actor, known },
    (order): Result<Step, F | ShipmentNotFound> => {
      const current = shipmentIn(order, shipmentId)
      return current === undefined ? gone(shipmentId) : decide(order, current.shipment)
    },
  )
  const completed = changed.ok ? await completeOrder(deps, changed.value, actor) : changed
  if (!completed.ok) return completed
  const after = shipmentIn(completed.value, shipmentId)
  return after === undefined ? gone(shipmentId) : ok(after)
}

const gone = (shipmentId: string) => fail({ code: 'shipment_not_found', shipmentId } as const)
