import type {
  AuthorizationOutcome,
  AuthorizedPayment,
  CapturedPayment,
  CaptureOutcome,
  Order,
  RefundedPayment,
} from '@shop/contracts'
import { type CurrencyCode, ok, type PaymentId, type Result } from '@shop/kernel'
import { type Step, step, UNCHANGED } from './steps.ts'

/** What is told of an order's payment comes in any order, and more than once: what is not there yet comes again. */
export type NotYet = { code: 'not_yet' }
const NOT_YET: { ok: false; failure: NotYet } = { ok: false, failure: { code: 'not_yet' } }

type Fact = { paymentId: PaymentId; amount: number; currency: CurrencyCode }

/** A payment is of the order's whole total. */
function isTakenBy(order: Order, fact: Fact): boolean {
  return isOf(order, fact) && fact.amount === order.total && fact.currency === order.currency
}

const isCaptured = ({ paymentStatus }: Order) => paymentStatus !== 'unpaid' && paymentStatus !== 'authorized'

/** Decides an authorization: a pending order takes it. One that is told after its own capture changes nothing. */
export function takeAuthorization(order: Order, fact: AuthorizedPayment): AuthorizationOutcome & { step: Step } {
  if (order.status === 'cancelled' || !isTakenBy(order, fact)) return { outcome: 'void', step: UNCHANGED }
  if (order.status !== 'pending') return { outcome: 'authorized', step: UNCHANGED }
  const { paymentId, amount } = fact
  const to = { status: 'processing', paymentStatus: 'authorized', paymentId } as const
  return { outcome: 'authorized', step: step('authorized', to, { paymentId, amount }) }
}

/**
 * Decides a capture: a pending or an authorized order takes it. A cancelled one notes what was taken, so that nobody
 * overlooks it, and sends it back.
 */
export function takeCapture(order: Order, fact: CapturedPayment): CaptureOutcome & { step: Step } {
  const { paymentId, captured } = fact
  if (!isTakenBy(order, fact) || captured < 1 || captured > order.total) return { outcome: 'refund', step: UNCHANGED }
  const outcome = order.status === 'cancelled' ? 'refund' : 'paid'
  if (isCaptured(order)) return { outcome, step: UNCHANGED }
  const status = order.status === 'pending' ? 'processing' : order.status
  const to = { status, paymentStatus: 'paid', paymentId, capturedAmount: captured } as const
  return { outcome, step: step('paid', to, { paymentId, amount: captured }) }
}

/**
 * Decides the end of an authorization that was never captured: the order is cancelled unless it has shipped. A pending
 * order has yet to hear of the authorization.
 */
export function loseAuthorization(order: Order, paymentId: PaymentId): Result<Step, NotYet> {
  if (order.status === 'pending') return NOT_YET
  const isHeld = order.paymentId === paymentId && order.paymentStatus === 'authorized'
  if (!isHeld || order.status !== 'processing') return ok(UNCHANGED)
  const reason = 'authorization_lost'
  const to = { status: 'cancelled', paymentStatus: 'unpaid', cancelReason: reason } as const
  return ok(step('cancelled', to, { paymentId, reason }, 'cancelled'))
}

/**
 * Decides what a refund says of a capture that was not told yet: an order waits for it, since it is on its way, but a
 * cancelled one may never be told, so it notes what the refund says of it.
 */
export function takeCaptureOf(order: Order, refund: RefundedPayment): Result<Step, NotYet> {
  if (isCaptured(order) || !isOf(order, refund)) return ok(UNCHANGED)
  if (order.status !== 'cancelled') return NOT_YET
  const { orderId, paymentId, captured } = refund
  const { total: amount, currency } = order
  return ok(takeCapture(order, { orderId, paymentId, amount, captured, currency }).step)
}

/**
 * Decides a refund of what was captured. Each is noted once and adds its amount, so they may be told in any order; one that
 * is told again never gets as far as being saved, and must not look like more than was captured before that.
 */
export function takeRefund(order: Order, refund: RefundedPayment): Step {
  if (!isCaptured(order) || !isOf(order, refund)) return UNCHANGED
  const { paymentId, refundId, amount, reason } = refund
  const capturedAmount = Math.max(order.capturedAmount, refund.captured)
  const refundedAmount = Math.min(capturedAmount, order.refundedAmount + amount)
  const paymentStatus = refundedAmount < capturedAmount ? 'partially_refunded' : 'refunded'
  const to = { paymentStatus, capturedAmount, refundedAmount } as const
  return step('refunded', to, { refundId, paymentId, amount, reason })
}

/** Decides that a refund which was noted came back from the bank. */
export function takeRefundReturned(order: Order, { paymentId, refundId, amount }: RefundedPayment): Step {
  if (!isCaptured(order) || !isOf(order, { paymentId })) return UNCHANGED
  const refundedAmount = Math.max(0, order.refundedAmount - amount)
  const paymentStatus = refundedAmount === 0 ? 'paid' : 'partially_refunded'
  return step('refund_returned', { paymentStatus, refundedAmount }, { refundId, paymentId, amount })
}

/** An order takes one payment, the first. Whatever else comes is none of its money. */
export function isOf(order: Order, { paymentId }: { paymentId: PaymentId }): boolean {
  return order.paymentId === null || order.paymentId === paymentId
}
