import type { CapturedPayment, CaptureOutcome } from '@shop/contracts'
import type { Order } from '../../orders/domain/order.ts'
import { type Step, step, UNCHANGED } from '../../orders/domain/steps.ts'
import { covers, isCaptured } from './payment.ts'

/**
 * Decides a capture: a pending or authorized order becomes paid. A cancelled one records the captured amount, so that the
 * money is accounted for, and has it refunded.
 */
export function recordCapture(order: Order, fact: CapturedPayment): CaptureOutcome & { step: Step } {
  const { paymentId, captured } = fact
  if (!covers(order, fact) || captured < 1 || captured > order.total) return { outcome: 'refund', step: UNCHANGED }
  const outcome = order.status === 'cancelled' ? 'refund' : 'paid'
  if (isCaptured(order)) return { outcome, step: UNCHANGED }
  const status = order.status === 'pending' ? 'processing' : order.status
  const to = { status, paymentStatus: 'paid', paymentId, capturedAmount: captured } as const
  return { outcome, step: step('paid', to, { paymentId, amount: captured }) }
}
