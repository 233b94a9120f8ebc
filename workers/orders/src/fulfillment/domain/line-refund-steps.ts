import type {
  NothingToRefund,
  OrderLineNotFound,
  QuantityExceedsRefundable,
  RefundPartTooLarge,
} from '@shop/contracts/orders/failures'
import type { ReturnNotFound } from '@shop/contracts/orders/return-failures'
import type { PaymentId, RefundId } from '@shop/kernel/ids'
import { toMajor } from '@shop/kernel/money'
import { fail, ok, type Result } from '@shop/kernel/result'
import { amountDueOf, paymentsOf } from '../../orders/domain/amount-due.ts'
import type { Order, OrderLine } from '../../orders/domain/order.ts'
import { type Changed, type Step, step, UNCHANGED } from '../../orders/domain/steps.ts'
import { isAuthorized } from '../../payment-events/domain/payment.ts'
import { leftToRefundFor } from '../../returns/domain/refundable-units.ts'
import type { Return } from '../../returns/domain/return.ts'
import type { LineRefund, RefundedItem } from './line-refund.ts'
import { addedUp, leftToRefund, leftToShip, shippedUnrefunded, withUnits, worthOfUnits } from './units.ts'

/** What staff ask to refund. Amounts in minor units. */
export type WantedRefund = {
  paymentId: PaymentId
  items: { lineId: string; quantity: number }[]
  /** Of what was paid for shipping. */
  shipping: number
  /** What the shop keeps of the items. */
  restockingFee: number
  /** The return that received the units. */
  returnId?: string | undefined
}

export type ReserveFailure =
  | ReturnNotFound
  | OrderLineNotFound
  | QuantityExceedsRefundable
  | RefundPartTooLarge
  | NothingToRefund

/**
 * What was paid for the next units of a line: discounts and tax included. Each unit is worth its share of the line's total,
 * rounded down, and the last one the rest, so that all units together are worth exactly the total.
 */
export function amountOf(line: OrderLine, refunded: number): number {
  const { quantity, units } = line
  const isLast = units.refunded + refunded === quantity
  // Refunds that succeed late may have given back more than the share of their units.
  return isLast ? leftOf(line) : Math.min(leftOf(line), worthOfUnits(line, refunded))
}

/** What was paid for a line and was not refunded by line. */
const leftOf = ({ total, units }: OrderLine): number => total - units.refundedAmount

/**
 * Decides a refund by line. Units that have not shipped are refunded first, and so never ship; those of a return are ones that it has
 * received. What was reserved under the same id before, and not released, is unchanged.
 */
export function reserveRefund(
  order: Order,
  { paymentId, items, shipping, restockingFee, returnId }: WantedRefund,
  { refundId, at }: { refundId: RefundId; at: Date },
): Result<Step, ReserveFailure> {
  const known = order.lineRefunds.find((one) => one.refundId === refundId)
  if (known !== undefined && known.state !== 'released') return ok(UNCHANGED)
  // What gift cards paid of an unpaid order is returned by cancelling it.
  if (order.status === 'pending') return fail({ code: 'nothing_to_refund' })
  // Money of another payment never was the order's.
  if (!paymentsOf(order).includes(paymentId)) return fail({ code: 'nothing_to_refund' })
  const forReturn = order.returns.find(({ id }) => id === returnId)
  if (returnId !== undefined && forReturn === undefined) return fail({ code: 'return_not_found', returnId })
  const refunded = refundedItems(order, items, forReturn)
  if (!refunded.ok) return refunded
  const ofItems = refunded.value.reduce((sum, { amount }) => sum + amount, 0)
  const maximumShipping = shippingLeft(order)
  if (shipping > maximumShipping) return tooLarge(order, 'shipping', maximumShipping)
  if (restockingFee > ofItems) return tooLarge(order, 'restocking_fee', ofItems)
  const amount = ofItems + shipping - restockingFee
  if (amount < 1) return fail({ code: 'nothing_to_refund' })
  const lineRefund: LineRefund = {
    ...{
      refundId,
      origin: 'request',
      state: 'reserved',
      amount,
      items: refunded.value,
      shipping,
      restockingFee,
      returnId: forReturn?.id ?? null,
      createdAt: at,
    },
  }
  return ok(lineRefundStep(order, 'refund_reserved', lineRefund, 1))
}

/**
 * Decides the release of a refund by line that was not made or that failed: its money is no longer reserved, its units count as not
 * refunded, and may ship again. Units of an exchange stay refunded, because the customer has the new order; the shop still owes the money.
 */
export function releaseRefund(order: Order, refundId: RefundId): Step {
  const known = order.lineRefunds.find((one) => one.refundId === refundId && one.state === 'reserved')
  if (known === undefined) return UNCHANGED
  const { origin, amount } = known
  if (origin !== 'exchange') return lineRefundStep(order, 'refund_released', { ...known, state: 'released' }, -1)
  return { ...step('refund_released', {}, { refundId, amount }), lineRefund: { ...known, state: 'refunded' } }
}

/**
 * A refund by line whose money went back after its units were given back: it takes those that are still free, for what went back of
 * them then, and no line gives back more than was paid for it.
 *
 * @returns undefined where there is no such refund
 */
export function refundedLate(
  order: Order,
  refundId: RefundId,
): { lineRefund: LineRefund; lines: OrderLine[] } | undefined {
  const known = order.lineRefunds.find((one) => one.refundId === refundId && one.state === 'released')
  if (known === undefined) return undefined
  const forReturn = order.returns.find(({ id }) => id === known.returnId)
  const items = known.items.flatMap((item): RefundedItem[] => {
    const line = order.lines.find(({ id }) => id === item.lineId)
    const quantity = line === undefined ? 0 : Math.min(item.quantity, refundableUnits(order, line, forReturn))
    if (line === undefined || quantity < 1) return []
    const amount = quantity === item.quantity ? item.amount : Math.min(item.amount, amountOf(line, quantity))
    const removed = removedOf(order, line, quantity, forReturn)
    return [{ ...item, quantity, removed, amount: Math.min(amount, leftOf(line)) }]
  })
  const shipping = Math.min(known.shipping, shippingLeft(order))
  const lineRefund: LineRefund = { ...known, state: 'refunded', items, shipping }
  return { lineRefund, lines: linesWith(order.lines, items) }
}

/**
 * Units of a line that can be refunded. Those of a return must have come back with it: if all shipped units were refunded before, none
 * are left, because units that were not shipped can still ship. While more may be captured, only units that have left count as paid. A
 * line that an edit added may be unpaid while an amount is due. Another edit can remove units that cannot be refunded.
 */
export function refundableUnits(order: Order, line: OrderLine, forReturn: Return | undefined): number {
  const left = leftToRefund(line)
  const shipped = Math.min(left, shippedUnrefunded(line))
  if (forReturn !== undefined) return Math.max(0, Math.min(shipped, leftToRefundFor(order, forReturn, line.id)))
  if (isAuthorized(order)) return shipped
  return line.holdId !== null && amountDueOf(order) > 0 ? 0 : left
}

/** How many of the refunded units never ship. Those of a return came back, and while more may be captured, all have left: none. */
const removedOf = (order: Order, line: OrderLine, quantity: number, forReturn: Return | undefined): number =>
  forReturn === undefined && !isAuthorized(order) ? Math.min(quantity, leftToShip(line)) : 0

/** The refund by line with this id, unless its units were given back. */
export const standing = (order: Order, refundId: RefundId): LineRefund | undefined =>
  order.lineRefunds.find((one) => one.refundId === refundId && one.state !== 'released')

/** The lines after a refund of units. */
export const linesWith = (lines: OrderLine[], items: readonly RefundedItem[]): OrderLine[] =>
  movedUnits(lines, items, 1)

/** The lines after the units of a refund were released. */
export const linesWithout = (lines: OrderLine[], refund: LineRefund): OrderLine[] => movedUnits(lines, refund.items, -1)

function lineRefundStep(
  order: Order,
  type: 'refund_reserved' | 'refund_released',
  lineRefund: LineRefund,
  sign: 1 | -1,
): Changed {
  const { refundId, amount, items } = lineRefund
  return { ...step(type, { lines: movedUnits(order.lines, items, sign) }, { refundId, amount }), lineRefund }
}

/** What was paid for units of lines, in minor units. Units of a return must have been received by it. */
export function refundedItems(
  order: Order,
  items: WantedRefund['items'],
  forReturn: Return | undefined,
): Result<RefundedItem[], OrderLineNotFound | QuantityExceedsRefundable> {
  const refunded: RefundedItem[] = []
  for (const [lineId, quantity] of addedUp(items)) {
    const line = order.lines.find(({ id }) => id === lineId)
    if (line === undefined) return fail({ code: 'order_line_not_found', lineId })
    const left = refundableUnits(order, line, forReturn)
    if (quantity > left) return fail({ code: 'quantity_exceeds_refundable', lineId, requested: quantity, left })
    const removed = removedOf(order, line, quantity, forReturn)
    refunded.push({ lineId: line.id, quantity, removed, amount: amountOf(line, quantity) })
  }
  return ok(refunded)
}

function movedUnits(lines: OrderLine[], items: readonly RefundedItem[], sign: 1 | -1): OrderLine[] {
  return lines.map((line) => {
    const item = items.find(({ lineId }) => lineId === line.id)
    if (item === undefined) return line
    const { removed, quantity, amount } = item
    return withUnits(line, { removed: sign * removed, refunded: sign * quantity, refundedAmount: sign * amount })
  })
}

/** What was paid for shipping, less what was refunded of it by earlier refunds by line. */
function shippingLeft({ shipping, lineRefunds }: Order): number {
  const standing = lineRefunds.filter(({ state }) => state !== 'released')
  return (shipping?.total ?? 0) - standing.reduce((sum, refund) => sum + refund.shipping, 0)
}

const tooLarge = ({ currency }: Order, part: RefundPartTooLarge['part'], maximum: number) =>
  fail({ code: 'refund_part_too_large', part, maximum: toMajor(maximum, currency), currency } as const)
