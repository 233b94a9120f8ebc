import { addSeconds, type CapturedPayment } from '@shop/contracts'
import type { PaymentsDeps } from '../ports.ts'
import { executeRefund } from './execute-refund.ts'

/**
 * Tells orders of a capture until it has answered: it took the money, or the money goes back. Saying it twice is
 * saying it once; without an answer the outbox row stays and the sweep says it again.
 */
export async function deliverCapture(
  deps: PaymentsDeps,
  payment: CapturedPayment,
): Promise<'paid' | 'refund' | 'pending'> {
  const applied = await deps.orders.applyCapture(payment)
  // An order that is not there took no money either: no payment is made without one, so this needs a person.
  if (!applied.ok) return 'pending'
  const now = deps.now()
  if (applied.value.outcome === 'paid') {
    await deps.store.confirmCapture(payment, now)
    return 'paid'
  }
  const refund = await deps.store.resolveRefund({
    id: deps.newRefundId(),
    paymentId: payment.paymentId,
    reason: 'order_cancelled',
    now,
    nextAttemptAt: addSeconds(now, deps.attemptSeconds),
  })
  await executeRefund(deps, refund)
  return 'refund'
}
