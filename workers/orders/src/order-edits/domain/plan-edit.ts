import type { LineQuantityTooLow, OrderNotEditable } from '@shop/contracts/orders/edit-failures'
import type { OrderChanged, OrderLineNotFound } from '@shop/contracts/orders/failures'
import type { EditRefusal } from '@shop/contracts/orders/states'
import { fail, ok, type Result } from '@shop/kernel/result'
import { hasLeft, leftToShip } from '../../fulfillment/domain/units.ts'
import type { Order, OrderLine } from '../../orders/domain/order.ts'
import { isMoneyReturned } from '../../orders/domain/refund-status.ts'
import { taxPlaceOf } from '../../orders/domain/tax-place.ts'
import { isAuthorized, isCaptured } from '../../payment-events/domain/payment.ts'
import type { WantedEdit } from './order-edit.ts'
import { shrinkLine } from './shrink-line.ts'

/** Units to add as a separate line at the current price: of a new variant, or additional units of a line. */
export type AddedItem = { variantId: number; quantity: number }

export type EditPlan = {
  /** The lines with fewer units; 0 units for a removed line. */
  shrunk: OrderLine[]
  added: AddedItem[]
}

export type PlanFailure = OrderNotEditable | OrderChanged | OrderLineNotFound | LineQuantityTooLow

/** Checks that an order can be edited in this way at `now`, and decides which lines get fewer units and which items are added. */
export function planEdit(order: Order, wanted: WantedEdit, now: Date): Result<EditPlan, PlanFailure> {
  const refusal = refusalOf(order, wanted, now)
  if (refusal !== undefined) {
    return fail({ code: 'order_not_editable', reason: refusal, orderStatus: order.status })
  }
  // Until its units have left the stock, the order may still be cancelled for missing stock.
  if (order.status === 'processing' && !order.stockCommitted) return fail({ code: 'order_changed' })
  const plan: EditPlan = { shrunk: [], added: [] }
  for (const item of wanted.items) {
    if (!('lineId' in item)) {
      plan.added.push(item)
      continue
    }
    const { lineId, quantity } = item
    const line = order.lines.find(({ id }) => id === lineId)
    if (line === undefined) return fail({ code: 'order_line_not_found', lineId })
    const minimum = leastQuantity(line, order.pricesIncludeTax)
    if (quantity < minimum) return fail({ code: 'line_quantity_too_low', lineId, requested: quantity, minimum })
    if (quantity < line.quantity) plan.shrunk.push(shrinkLine(line, quantity, order.pricesIncludeTax))
    if (quantity > line.quantity) plan.added.push({ variantId: line.variantId, quantity: quantity - line.quantity })
  }
  // Its payment can only get smaller.
  if (plan.added.length > 0 && isAuthorized(order)) {
    return fail({ code: 'order_not_editable', reason: 'authorized', orderStatus: order.status })
  }
  if (plan.shrunk.length > 0 && isPartlyCaptured(order)) {
    return fail({ code: 'order_not_editable', reason: 'partly_captured', orderStatus: order.status })
  }
  const isEmptied = plan.added.length === 0 && linesAfter(order, plan.shrunk).length === 0
  return isEmptied ? fail({ code: 'order_not_editable', reason: 'nothing_left', orderStatus: order.status }) : ok(plan)
}

/** Units that are packed, have left or were removed stay, and so many that the line is worth what was refunded of it. */
function leastQuantity(line: OrderLine, pricesIncludeTax: boolean): number {
  let quantity = line.quantity - leftToShip(line)
  const isTooLittle = () => shrinkLine(line, quantity, pricesIncludeTax).total < line.units.refundedAmount
  while (quantity < line.quantity && isTooLittle()) quantity += 1
  return quantity
}

/** Whether a part of an authorization was given up: what was taken off then was perhaps never paid, so it cannot go back. */
const isPartlyCaptured = (order: Order): boolean =>
  isCaptured(order) && !isAuthorized(order) && order.capturedAmount < order.chargedAmount

/** The lines of the order after some of them got smaller, without those that are removed. */
export function linesAfter(order: Pick<Order, 'lines'>, shrunk: OrderLine[]): OrderLine[] {
  return order.lines
    .map((line) => shrunk.find(({ id }) => id === line.id) ?? line)
    .filter(({ quantity }) => quantity > 0)
}

function refusalOf(order: Order, wanted: WantedEdit, now: Date): EditRefusal | undefined {
  const { status } = order
  if (status === 'cancelled') return 'cancelled'
  if (status === 'pending' && order.expiresAt <= now) return 'expired'
  if (status === 'shipped' || status === 'delivered') return 'shipped'
  if (isMoneyReturned(order)) return 'refunded'
  // Payments records the calculation of the whole order at Stripe, which an edit cannot change.
  if (order.taxProvider === 'stripe' && wanted.items.length > 0) return 'stripe_tax'
  const isMoved = wanted.shippingAddress !== undefined || wanted.billingAddress !== undefined
  if (!isMoved) return undefined
  if (isAuthorized(order)) return 'authorized'
  if (hasLeft(order.lines)) return 'has_left'
  return isElsewhere(order, wanted) ? 'other_country' : undefined
}

/** Whether the tax country would change, or become unknown. */
function isElsewhere(order: Order, wanted: WantedEdit): boolean {
  const before = taxPlaceOf(order)
  if (before === null) return false
  return taxPlaceOf(addressesAfter(order, wanted))?.address.country !== before.address.country
}

/** The addresses and the note of the order after an edit. */
export const addressesAfter = (
  { shippingAddress, billingAddress, note }: Order,
  wanted: WantedEdit,
): Pick<Order, 'shippingAddress' | 'billingAddress' | 'note'> => ({
  shippingAddress: wanted.shippingAddress === undefined ? shippingAddress : wanted.shippingAddress,
  billingAddress: wanted.billingAddress === undefined ? billingAddress : wanted.billingAddress,
  note: wanted.note === undefined ? note : wanted.note,
})
