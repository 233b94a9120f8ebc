import type { Order } from '../../orders/domain/order.ts'
import { isMoneyReturned } from '../../orders/domain/refund-status.ts'
import { type Step, step, UNCHANGED } from '../../orders/domain/steps.ts'
import { isOnItsWay } from './shipment.ts'
import { hasLeft, leftToShip } from './units.ts'

/** Units of a line that can still be shipped: none once the customer has all the money again. */
export function toShipOf(order: Order, line: Order['lines'][number]): number {
  return isMoneyReturned(order) ? 0 : leftToShip(line)
}

/** Whether something has left, and nothing more will. */
export function isAllShipped(order: Order): boolean {
  return hasLeft(order.lines) && order.lines.every((line) => line.units.packed === 0 && toShipOf(order, line) === 0)
}

export function isAllDelivered(order: Order): boolean {
  return isAllShipped(order) && !order.shipments.some(isOnItsWay)
}

/**
 * Decides the end of an order whose last units were removed: it counts as shipped, or as delivered, like one whose last units
 * were shipped.
 */
export function complete(order: Order): Step {
  if (order.status === 'processing' && isAllShipped(order)) return step('shipped', { status: 'shipped' })
  const isOver = order.status === 'shipped' && order.shipments.length > 0 && isAllDelivered(order)
  return isOver ? step('delivered', { status: 'delivered' }) : UNCHANGED
}
