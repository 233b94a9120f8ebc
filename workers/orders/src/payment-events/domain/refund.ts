import type { RefundDetails } from '@shop/contracts/orders/rpc'
import type { RefundId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { totalToCapture } from '../../fulfillment/domain/capture-due.ts'
import { type LineRefund, withLineRefund } from '../../fulfillment/domain/line-refund.ts'
import { linesWithout, refundedLate, releaseRefund, standing } from '../../fulfillment/domain/line-refund-steps.ts'
import type { Invoice } from '../../invoices/domain/invoice.ts'
import { creditRefund, reverseCredit } from '../../invoices/domain/invoicing.ts'
import { amountDueOf, paidAmountOf } from '../../orders/domain/amount-due.ts'
import type { Order } from '../../orders/domain/order.ts'
import { type Step, step, UNCHANGED } from '../../orders/domain/steps.ts'
import { beyondEdit, recordCapture } from './capture.ts'
import type { RefundFact } from './facts.ts'
import { isAuthorized, isCaptured, isPaymentOf, type NotYet } from './payment.ts'

/**
 * Decides what a refund implies about a capture that has not arrived. An order waits for its capture. A cancelled order may
 * never receive it, so the capture is recorded from the refund. Money that payments refund by themselves was rejected by an order that
 * is not cancelled, such as that of a charge before an edit: it never becomes the order's.
 */
export function recordCaptureOfRefund(
  order: Order,
  refund: RefundFact,
  { isReversal = false }: Pick<RefundDetails, 'isReversal'> = {},
): Result<Step, NotYet> {
  if (isCaptured(order) || !isPaymentOf(order, refund)) return ok(UNCHANGED)
  if (order.status !== 'cancelled') return isReversal ? ok(UNCHANGED) : fail({ code: 'not_yet' })
  const { orderId, paymentId, captured } = refund
  const { chargeNo, currency } = order
  const { chargedAmount } = order
  const amount =
    order.paymentId === null ? amountDueOf({ ...order, status: 'pending' }) : Math.max(chargedAmount, captured)
  return ok(recordCapture(order, { orderId, paymentId, chargeNo, amount, captured, currency }).step)
}

/**
 * Decides a refund of captured money. Each refund is recorded once and adds its amount, so refunds may arrive in any order.
 * A repeated one is refused when it is saved; until then it must not add up to more than was captured. What gift cards got back with a
 * cancellation was counted by it. A refund by line that succeeds after its units were given back takes those that are still free.
 * Each of its parts does that, so that units of which money went back are never refunded again.
 */
export function recordRefund(
  order: Order,
  refund: RefundFact,
  { reason, isCounted, partOf }: Pick<RefundDetails, 'reason' | 'isCounted' | 'partOf'>,
): Step {
  if (isCounted || !isCaptured(order) || !isPaymentOf(order, refund)) return UNCHANGED
  const { paymentId, refundId, amount } = refund
  // Staff may have skipped the event of a further capture of the only payment.
  const isOnlyPayment = order.furtherPayments.length === 0
  const capturedAmount = isOnlyPayment ? Math.max(order.capturedAmount, refund.captured) : order.capturedAmount
  const charge = beyondEdit(order, capturedAmount)
  const paid = paidAmountOf({ ...order, ...charge, capturedAmount })
  const refundedAmount = Math.min(paid, order.refundedAmount + amount)
  const paymentStatus = refundedStatus({ ...order, ...charge, capturedAmount, refundedAmount })
  const reservedAs = reservationOf(order, refundId, partOf)
  const late = refundedLate(order, reservedAs)
  const byLine = late?.lineRefund ?? standing(order, reservedAs)
  const lineRefund: LineRefund | undefined = byLine && { ...byLine, state: 'refunded' }
  const lineRefunds = lineRefund === undefined ? order.lineRefunds : withLineRefund(order.lineRefunds, lineRefund)
  const after = { ...order, ...charge, lineRefunds, capturedAmount, refundedAmount }
  const { invoices, invoiced } = creditRefund(after, refund, byLine)
  const lines = late === undefined ? {} : { lines: late.lines }
  const to = { ...charge, paymentStatus, capturedAmount, refundedAmount, invoiced, ...lines } as const
  // Staff typed it, and it may be about the customer.
  const told = order.erasedAt === null ? { reason } : {}
  return { ...step('refunded', to, { refundId, paymentId, amount, ...told }), lineRefund, invoices }
}

const isRequested = (order: Order, refundId: RefundId): boolean =>
  order.lineRefunds.some((one) => one.refundId === refundId && one.origin === 'request')

/** The id under which the units of a refund were reserved. Of edits and exchanges only the first part has to do with units. */
const reservationOf = (order: Order, refundId: RefundId, partOf: RefundId | undefined): RefundId =>
  partOf !== undefined && isRequested(order, partOf) ? partOf : refundId

/** While more is to be captured of its authorization, the order stays partially paid. Of a cancelled one nothing more is captured. */
function refundedStatus(order: Order): 'partially_paid' | 'paid' | 'partially_refunded' | 'refunded' {
  const { refundedAmount } = order
  const isOpen = order.status !== 'cancelled' && isAuthorized(order)
  if (isOpen && order.capturedAmount < totalToCapture(order)) return 'partially_paid'
  if (refundedAmount === 0) return 'paid'
  return refundedAmount < paidAmountOf(order) ? 'partially_refunded' : 'refunded'
}

/**
 * Decides the release of the units of a refund that failed. If it has several parts, all have to have failed: units for which money went
 * back, or still may, are not refunded again.
 */
export function releaseFailedRefund(
  order: Order,
  { refundId }: Pick<RefundFact, 'refundId'>,
  { partOf, hasStandingPart = false }: Pick<RefundDetails, 'partOf' | 'hasStandingPart'>,
): Step {
  const reservedAs = reservationOf(order, refundId, partOf)
  return hasStandingPart && isRequested(order, reservedAs) ? UNCHANGED : releaseRefund(order, reservedAs)
}

/**
 * Decides a refund that failed. Only a cancelled order owes its money, so for any other it means nothing. Later failures say
 * nothing new.
 */
export function recordRefundFailure(order: Order, { paymentId, refundId, amount }: RefundFact): Step {
  const isOwed = order.status === 'cancelled' && isCaptured(order) && isPaymentOf(order, { paymentId })
  if (!isOwed || order.refundFailed) return UNCHANGED
  return step('refund_failed', { refundFailed: true }, { refundId, paymentId, amount })
}

/**
 * Decides that the bank returned a recorded refund. Units that were refunded by line count as not refunded again, unless other parts of
 * the refund stand: then staff refund the returned amount, and no units a second time.
 *
 * @param creditNote of the refund, which is taken back
 */
export function recordRefundReturn(
  order: Order,
  { paymentId, refundId, amount }: RefundFact,
  creditNote: Invoice | undefined,
  { partOf, hasStandingPart = false }: Pick<RefundDetails, 'partOf' | 'hasStandingPart'> = {},
): Step {
  if (!isCaptured(order) || !isPaymentOf(order, { paymentId })) return UNCHANGED
  const refundedAmount = Math.max(0, order.refundedAmount - amount)
  const paymentStatus = refundedStatus({ ...order, refundedAmount })
  const refundFailed = order.status === 'cancelled' || order.refundFailed
  const { invoices, invoiced } = reverseCredit(order, refundId, creditNote)
  const to = { paymentStatus, refundedAmount, refundFailed, invoiced } as const
  const data = { refundId, paymentId, amount }
  const byLine = standing(order, reservationOf(order, refundId, partOf))
  // Units that were exchanged stay so: the customer has the other order.
  if (byLine === undefined || byLine.origin === 'exchange' || hasStandingPart) {
    return { ...step('refund_returned', to, data), invoices }
  }
  const lineRefund: LineRefund = { ...byLine, state: 'released' }
  const lines = linesWithout(order.lines, byLine)
  return { ...step('refund_returned', { ...to, lines }, data), lineRefund, invoices }
}
