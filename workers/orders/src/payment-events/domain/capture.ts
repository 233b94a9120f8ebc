import type { PaymentStatus } from '@shop/contracts/orders/states'
import { totalToCapture } from '../../fulfillment/domain/capture-due.ts'
import { invoicePaid } from '../../invoices/domain/invoicing.ts'
import { editRefund } from '../../order-edits/domain/edit-refund.ts'
import type { EditMade } from '../../order-edits/domain/edit-step.ts'
import { refundableOf } from '../../order-edits/domain/settle-edit.ts'
import { paidAmountOf, paymentsOf } from '../../orders/domain/amount-due.ts'
import type { Order } from '../../orders/domain/order.ts'
import { type Step, step, UNCHANGED } from '../../orders/domain/steps.ts'
import type { CaptureFact } from './facts.ts'
import { covers, isAuthorized, isCaptured, type PaymentDecision, taking } from './payment.ts'

type Decided = { decision: PaymentDecision; step: Step }

const REJECTED: Decided = { decision: 'rejected', step: UNCHANGED }

/**
 * Decides a capture: a pending or authorized order becomes paid, and a paid one takes what an edit added. A cancelled one records the
 * captured amount, so that the money is accounted for, and rejects it, so that payments refund it.
 *
 * An authorization may be captured in several parts: the fact has what was captured so far, so it may come repeatedly and in any order.
 * Until all is captured, the order is partially paid. It stays so if the authorization ends before.
 */
export function recordCapture(order: Order, fact: CaptureFact): Decided {
  const { paymentId, amount, captured, currency } = fact
  if (captured < 1 || captured > amount || currency !== order.currency) return REJECTED
  const decision = order.status === 'cancelled' ? 'rejected' : 'accepted'
  const isTaken = paymentsOf(order).includes(paymentId)
  if (isTaken && !isNews(order, fact)) return { decision, step: UNCHANGED }
  if (!isTaken && !covers(order, fact)) return REJECTED
  // Nothing is added to a cancelled order.
  if (!isTaken && order.paymentId !== null && order.status === 'cancelled') return REJECTED
  const charge = isTaken ? beyondEdit(order, captured) : taking(order, fact)
  const taken: Order = { ...order, ...charge, capturedAmount: (isTaken ? 0 : order.capturedAmount) + captured }
  const paymentStatus = statusAfter(taken, fact)
  const { invoices, invoiced } = invoicePaid(taken, paymentStatus === 'partially_paid')
  const to = {
    status: order.status === 'pending' ? 'processing' : order.status,
    paymentStatus,
    ...charge,
    // What an edit added leaves the stock now that it is paid.
    ...(!isTaken && order.status === 'processing' ? { stockCommitted: false } : {}),
    capturedAmount: taken.capturedAmount,
    invoiced,
  } as const
  const data = { paymentId, amount: taken.capturedAmount - order.capturedAmount }
  const type = paymentStatus === 'partially_paid' ? 'partially_paid' : 'paid'
  return { decision, step: { ...step(type, to, data), invoices } }
}

/**
 * The step of a capture. If it took money that an edit had released, the step also refunds that money: the call to Stripe may have been
 * made with the amount from before the edit. A cancelled order rejects the whole capture, so payments refunds all of it.
 *
 * @param made the id and the time of the refund, if there is one
 */
export function captureStep(order: Order, fact: CaptureFact, made: Pick<EditMade, 'refundId' | 'at'>): Step {
  const { step: taken } = recordCapture(order, fact)
  if (taken.kind === 'unchanged' || order.status === 'cancelled') return taken
  const after: Order = { ...order, ...taken.to }
  const beyond = after.creditedAmount - order.creditedAmount
  return { ...taken, ...editRefund(Math.min(beyond, refundableOf(after)), made) }
}

/** Of units that an edit has taken off, what was captured all the same: it is credited. */
export function beyondEdit(
  { chargedAmount, creditedAmount }: Order,
  captured: number,
): Partial<Pick<Order, 'chargedAmount' | 'creditedAmount'>> {
  const beyond = captured - chargedAmount
  return beyond > 0 ? { chargedAmount: chargedAmount + beyond, creditedAmount: creditedAmount + beyond } : {}
}

/** Whether the fact says more than the order knows of a payment that it took. An end without a further capture says nothing of money. */
function isNews(order: Order, { amount, captured, isOpen }: CaptureFact): boolean {
  // An edit may have reduced what is charged of the authorized amount.
  if (amount < order.chargedAmount || (isCaptured(order) && !isAuthorized(order))) return false
  return captured > order.capturedAmount || (!isOpen && captured >= totalToCapture(order))
}

/** @param order after the capture, but still with the payment status that it had before */
function statusAfter(order: Order, { isOpen }: CaptureFact): Exclude<PaymentStatus, 'unpaid' | 'authorized'> {
  const { capturedAmount, chargedAmount, creditedAmount, refundedAmount } = order
  if (isOpen && capturedAmount < chargedAmount - creditedAmount) return 'partially_paid'
  if (refundedAmount === 0) return 'paid'
  return refundedAmount < paidAmountOf(order) ? 'partially_refunded' : 'refunded'
}
