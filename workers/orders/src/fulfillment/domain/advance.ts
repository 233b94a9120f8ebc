import type {
  OrderLineNotFound,
  QuantityExceedsToShip,
  ShipmentStatusConflict,
  StatusChangeRefused,
} from '@shop/contracts/orders/failures'
import type { OrderStatus } from '@shop/contracts/orders/states'
import type { ShipmentId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Order } from '../../orders/domain/order.ts'
import { STATUS_STEPS, type Step, step, UNCHANGED } from '../../orders/domain/steps.ts'
import { isOnItsWay, type ShipmentItem } from './shipment.ts'
import { checkShippable, createShipment, type ShipRefused, updateShipment } from './shipment-steps.ts'
import { leftToShip } from './units.ts'

export type AdvanceFailure =
  | ShipRefused
  | ShipmentStatusConflict
  | OrderLineNotFound
  | QuantityExceedsToShip
  | StatusChangeRefused

/**
 * Decides the next step of shipping or delivering all of an order. An order has several shipments at most, and a step changes
 * one: packed ones leave first, then everything else leaves as one shipment. It is repeated until the order has the status.
 */
export function advance(
  order: Order,
  to: OrderStatus,
  { id, at }: { id: ShipmentId; at: Date },
): Result<Step, AdvanceFailure> {
  const refused = fail({ code: 'order_status_conflict', from: order.status, to })
  if (to !== 'shipped' && to !== 'delivered') return refused
  if (order.status === to) return ok(UNCHANGED)
  if (!STATUS_STEPS[order.status].includes(to)) return refused
  return to === 'shipped' ? shipNext(order, { id, at }) : deliverNext(order, at)
}

function shipNext(order: Order, { id, at }: { id: ShipmentId; at: Date }): Result<Step, AdvanceFailure> {
  const shippable = checkShippable(order)
  if (!shippable.ok) return shippable
  const packed = order.shipments.find(({ status }) => status === 'packed')
  if (packed !== undefined) return updateShipment(order, packed, { status: 'shipped' }, at)
  const items = order.lines.flatMap((line): ShipmentItem[] => {
    const quantity = leftToShip(line)
    return quantity > 0 ? [{ lineId: line.id, quantity }] : []
  })
  // All its units were removed, so there is nothing to ship.
  if (items.length === 0) return fail({ code: 'order_status_conflict', from: order.status, to: 'shipped' })
  const untracked = { carrier: null, trackingNumber: null, trackingUrl: null }
  return createShipment(order, { items, status: 'shipped', ...untracked }, { id, at })
}

function deliverNext(order: Order, at: Date): Result<Step, AdvanceFailure> {
  const onItsWay = order.shipments.find(isOnItsWay)
  if (onItsWay !== undefined) return updateShipment(order, onItsWay, { status: 'delivered' }, at)
  return ok(step('delivered', { status: 'delivered' }))
}
