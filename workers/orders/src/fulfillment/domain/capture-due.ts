import type { CaptureDue } from '@shop/contracts/orders/rpc'
import { amountDueOf } from '../../orders/domain/amount-due.ts'
import type { Order, OrderLine } from '../../orders/domain/order.ts'
import { toShipOf } from './completion.ts'
import type { Shipment } from './shipment.ts'
import { addedUp, hasLeft, worthOfUnits } from './units.ts'

/**
 * What is to be captured once a shipment has left. Each unit is worth what a refund by line would give back for it, and the first shipment
 * also carries the shipping charge. Gift cards have paid already, so they count towards the first shipments; the last one has the rest.
 * Bought gift cards are paid with the first shipment, since they are issued only once the order is paid.
 *
 * @param shipmentId null for all shipments that have left
 */
export function captureDueOf(order: Order, shipmentId: string | null): CaptureDue {
  const left = shipmentsLeft(order)
  const upTo = left.slice(0, left.findIndex(({ id }) => id === shipmentId) + 1 || left.length)
  const total = totalToCapture(order)
  const isLast = hasAllLeft(order) && upTo.length === left.length
  const worth = worthOf(order, upTo) - order.giftCardAmount
  const shipped = isLast ? total : Math.min(total, Math.max(0, worth))
  return { shipped, total, shipments: upTo.length, isLast }
}

/**
 * What is captured of an authorization once everything has shipped: what it was for, less what edits have taken off. Once no more is to be
 * captured, what was.
 */
export function totalToCapture(order: Order): number {
  const { paymentStatus, paymentId, chargedAmount, creditedAmount, capturedAmount } = order
  if (paymentId === null) return amountDueOf({ ...order, status: 'pending' })
  const isOver = paymentStatus === 'paid' || paymentStatus === 'partially_refunded' || paymentStatus === 'refunded'
  return isOver ? capturedAmount : Math.max(0, chargedAmount - creditedAmount)
}

/** Those that have left, in the order in which they did. */
function shipmentsLeft({ shipments }: Order): Shipment[] {
  const at = ({ shippedAt }: Shipment) => shippedAt?.getTime() ?? 0
  return shipments.filter(({ shippedAt }) => shippedAt !== null).sort((one, other) => at(one) - at(other))
}

/** Whether nothing is left to ship but gift cards, after something has left. */
const hasAllLeft = (order: Order): boolean =>
  hasLeft(order.lines) &&
  order.lines.every((line) => line.isGiftCard || (line.units.packed === 0 && toShipOf(order, line) === 0))

function worthOf({ lines, shipping }: Order, shipments: Shipment[]): number {
  if (shipments.length === 0) return 0
  const left = addedUp(shipments.flatMap(({ items }) => items))
  const unitsOf = (line: OrderLine) => (line.isGiftCard ? line.quantity - line.units.removed : (left.get(line.id) ?? 0))
  return lines.reduce((sum, line) => sum + worthOfUnits(line, unitsOf(line)), shipping?.total ?? 0)
}
