import type { CaptureDue } from '@shop/contracts/orders/rpc'
import { amountDueOf } from '../../orders/domain/amount-due.ts'
import type { Order } from '../../orders/domain/order.ts'
import { isAllShipped } from './completion.ts'
import type { Shipment } from './shipment.ts'
import { addedUp, worthOfUnits } from './units.ts'

/**
 * What is to be captured once a shipment has left. Each unit is worth what a refund by line would give back for it, and the first shipment
 * also carries the shipping charge. Gift cards have paid already, so they count towards the first shipments; the last one has the rest.
 *
 * @param shipmentId null for all shipments that have left
 */
export function captureDueOf(order: Order, shipmentId: string | null): CaptureDue {
  const left = shipmentsLeft(order)
  const upTo = left.slice(0, left.findIndex(({ id }) => id === shipmentId) + 1 || left.length)
  const total = totalToCapture(order)
  const isLast = isAllShipped(order) && upTo.length === left.length
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

function worthOf({ lines, shipping }: Order, shipments: Shipment[]): number {
  const units = addedUp(shipments.flatMap(({ items }) => items))
  const ofLines = lines.reduce((sum, line) => sum + worthOfUnits(line, units.get(line.id) ?? 0), 0)
  return ofLines + (shipments.length === 0 ? 0 : (shipping?.total ?? 0))
}
