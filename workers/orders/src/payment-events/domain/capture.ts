import { invoicePaid } from '../../invoices/domain/invoicing.ts'
import type { Order } from '../../orders/domain/order.ts'
import { type Step, step, UNCHANGED } from '../../orders/domain/steps.ts'
import type { CaptureFact } from './facts.ts'
import { covers, isCaptured, type PaymentDecision } from './payment.ts'

/**
 * Decides a capture: a pending or authorized order becomes paid. A cancelled one records the captured amount, so that the
 * money is accounted for, and rejects it, so that payments refund it.
 */
export function recordCapture(order: Order, fact: CaptureFact): { decision: PaymentDecision; step: Step } {
  const { paymentId, captured } = fact
  if (!covers(order, fact) || captured < 1 || captured > order.total) return { decision: 'rejected', step: UNCHANGED }
  const decision = order.status === 'cancelled' ? 'rejected' : 'accepted'
  if (isCaptured(order)) return { decision, step: UNCHANGED }
  const status = order.status === 'pending' ? 'processing' : order.status
  const { invoices, invoiced } = invoicePaid({ ...order, capturedAmount: captured })
  const to = { status, paymentStatus: 'paid', paymentId, capturedAmount: captured, invoiced } as const
  return { decision, step: { ...step('paid', to, { paymentId, amount: captured }), invoices } }
}
