import type { OrderNotEditable } from '@shop/contracts/orders/edit-failures'
import type { OrderTotalTooLarge } from '@shop/contracts/orders/failures'
import type { AmountNotChargeable } from '@shop/kernel/chargeable'
import { chargeStep } from '@shop/kernel/currencies'
import { roundDown, toMajor } from '@shop/kernel/money'
import { fail, ok, type Result } from '@shop/kernel/result'
import { totalToCapture } from '../../fulfillment/domain/capture-due.ts'
import { amountDueOf, paidAmountOf } from '../../orders/domain/amount-due.ts'
import type { Order } from '../../orders/domain/order.ts'
import { isAuthorized } from '../../payment-events/domain/payment.ts'
import { checkTotal } from '../../pricing/domain/price-order.ts'

/** The money of an order after an edit, in minor units. */
export type EditSettlement = Pick<Order, 'chargedAmount' | 'creditedAmount' | 'chargeNo'> & {
  /** The amount due after the edit. */
  due: number
  refund: number
  /** What would go back, too, but that the shop has not any more, that is on its way back, or that is less than Stripe refunds. */
  goneBefore: number
}

export type SettleFailure = OrderNotEditable | OrderTotalTooLarge | AmountNotChargeable

/**
 * Decides the money of an order whose total changes to `total`. What was charged beyond it comes off what is still to be captured; the
 * rest is credited, and refunded as far as the shop still has it and Stripe can refund it. An amount due must be an amount that can be
 * charged.
 */
export function settleEdit(order: Order, total: number): Result<EditSettlement, SettleFailure> {
  const before = amountDueOf(order)
  const owed = total + order.creditedAmount - order.giftCardAmount - order.chargedAmount
  const due = Math.max(0, owed)
  const excess = due - owed
  const uncaptured = isAuthorized(order) ? totalToCapture(order) - order.capturedAmount : 0
  const released = Math.min(excess, Math.max(0, uncaptured))
  const credited = excess - released
  const refund = refundOf(order, credited)
  const settled = {
    chargedAmount: order.chargedAmount - released,
    creditedAmount: order.creditedAmount + credited,
    chargeNo: due === before ? order.chargeNo : order.chargeNo + 1,
    ...{ due, refund, goneBefore: credited - refund },
  }
  // A pending order is paid by a payment, so it needs something to pay. An authorized one of which nothing is left to capture is paid once
  // payments has voided its authorization.
  if (order.status === 'pending' && due === 0) {
    return fail({ code: 'order_not_editable', reason: 'nothing_due', orderStatus: order.status })
  }
  if (due === before || due === 0) return ok(settled)
  const chargeable = checkTotal({ total, currency: order.currency }, total - due)
  return chargeable.ok ? ok(settled) : chargeable
}

/** Cards have all their money back before gift cards, and only those take an amount that is no multiple of Stripe's step. */
function refundOf(order: Order, credited: number): number {
  const left = refundableOf(order)
  const amount = Math.min(credited, left)
  return amount >= Math.min(order.capturedAmount, left) ? amount : roundDown(amount, chargeStep(order.currency))
}

/**
 * Checks that Stripe can refund what an edit takes off, and can capture what it leaves of an authorization: in some currencies both must
 * be multiples of a step.
 */
export function checkSteps(
  order: Order,
  after: Pick<EditSettlement, 'chargedAmount' | 'creditedAmount' | 'refund'>,
): Result<undefined, AmountNotChargeable> {
  const { currency, chargedAmount, creditedAmount } = order
  const step = chargeStep(currency)
  const isWhole = after.refund === Math.min(after.creditedAmount - creditedAmount, refundableOf(order))
  const isReleased = after.chargedAmount < chargedAmount
  if (isWhole && !(isReleased && totalToCapture({ ...order, ...after }) % step > 0)) return ok()
  return fail({ code: 'amount_not_chargeable', currency, step: toMajor(step, currency) })
}

/**
 * Checks that an edit does not let gift cards pay for a gift card: they pay at most what the order costs beside the gift cards that it
 * buys, as when it was placed. An edit that would lower that is refused, since its refund takes from gift cards last.
 */
export function checkGiftCards(
  order: Order,
  after: Pick<Order, 'lines' | 'total'>,
): Result<undefined, OrderNotEditable> {
  if (!after.lines.some(({ isGiftCard }) => isGiftCard)) return ok()
  const kept = order.giftCardAmount - order.giftCardReturned
  const payable = payableByGiftCards(after)
  if (kept <= payable || payable >= payableByGiftCards(order)) return ok()
  return fail({ code: 'order_not_editable', reason: 'gift_card_paid', orderStatus: order.status })
}

const payableByGiftCards = ({ lines, total }: Pick<Order, 'lines' | 'total'>): number =>
  lines.reduce((rest, line) => (line.isGiftCard ? rest - line.total : rest), total)

/** What can be refunded, in minor units: what was paid, less refunds, charge-backs and reserved refunds. */
export function refundableOf(order: Order): number {
  const { refundedAmount, chargedBackAmount, lineRefunds } = order
  const reserved = lineRefunds.reduce((sum, { state, amount }) => (state === 'reserved' ? sum + amount : sum), 0)
  return Math.max(0, paidAmountOf(order) - refundedAmount - chargedBackAmount - reserved)
}
