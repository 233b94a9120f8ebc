import { invoicePaid } from '../../invoices/domain/invoicing.ts'
import { paymentsOf } from '../../orders/domain/amount-due.ts'
import type { Order } from '../../orders/domain/order.ts'
import { type Step, step, UNCHANGED } from '../../orders/domain/steps.ts'
import type { CaptureFact } from './facts.ts'
import { covers, isCaptured, type PaymentDecision, taking } from './payment.ts'

type Decided = { decision: PaymentDecision; step: Step }

const REJECTED: Decided = { decision: 'rejected', step: UNCHANGED }

/**
 * Decides a capture: a pending or authorized order becomes paid, and a paid one takes what an edit added. A cancelled one records the
 * captured amount, so that the money is accounted for, and rejects it, so that payments refund it.
 */
export function recordCapture(order: Order, fact: CaptureFact): Decided {
  const { paymentId, amount, captured, currency } = fact
  if (captured < 1 || captured > amount || currency !== order.currency) return REJECTED
  const decision = order.status === 'cancelled' ? 'rejected' : 'accepted'
  const isTaken = paymentsOf(order).includes(paymentId)
  // It was captured before, or authorized.
  if (isTaken && (isCaptured(order) || amount !== order.chargedAmount)) return { decision, step: UNCHANGED }
  if (!isTaken && !covers(order, fact)) return REJECTED
  // Nothing is added to a cancelled order.
  if (!isTaken && order.paymentId !== null && order.status === 'cancelled') return REJECTED
  const capturedAmount = order.capturedAmount + captured
  const { invoices, invoiced } = invoicePaid({ ...order, capturedAmount })
  const to = {
    status: order.status === 'pending' ? 'processing' : order.status,
    paymentStatus: order.refundedAmount > 0 ? 'partially_refunded' : 'paid',
    ...(isTaken ? {} : taking(order, fact)),
    // What an edit added leaves the stock now that it is paid.
    ...(!isTaken && order.status === 'processing' ? { stockCommitted: false } : {}),
    capturedAmount,
    invoiced,
  } as const
  return { decision, step: { ...step('paid', to, { paymentId, amount: captured }), invoices } }
}
