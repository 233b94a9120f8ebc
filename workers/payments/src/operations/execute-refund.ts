import type { Refund } from '@shop/contracts'
import { toChargeAmount } from '../domain/charge.ts'
import type { PaymentsDeps, RefundAnswer } from '../ports.ts'

/**
 * Asks Stripe for a refund that was resolved before, or, once it has been asked for, what became of it. An unknown
 * answer leaves it pending, and the sweep asks again.
 */
export async function executeRefund(deps: PaymentsDeps, refund: Refund): Promise<void> {
  if (refund.state !== 'pending') return
  const answer = await askForRefund(deps, refund)
  if (answer.kind === 'unknown') return
  const state = answer.kind === 'refund' ? answer.state : 'failed'
  const stripeRefundId = answer.kind === 'refund' ? answer.stripeRefundId : refund.stripeRefundId
  await deps.store.saveRefund({ id: refund.id, state, stripeRefundId, now: deps.now() })
  if (state === 'succeeded') await deliverRefund(deps, refund)
  // The money is still here and a person has to see to it.
  if (state === 'failed') deps.warn('refund_failed', { refundId: refund.id, paymentId: refund.paymentId })
}

async function askForRefund(deps: PaymentsDeps, refund: Refund): Promise<RefundAnswer> {
  // Asking again with the key would only give the first answer again, which was that it is pending.
  if (refund.stripeRefundId !== null) return deps.provider.retrieveRefund(refund.stripeRefundId)
  const payment = await deps.store.find(refund.paymentId)
  const amount = toChargeAmount({ minor: refund.amount, currency: refund.currency })
  if (payment?.intentId == null || !amount.ok) throw new Error(`Refund ${refund.id} has no charge to give back`)
  return deps.provider.refund({
    intentId: payment.intentId,
    amount: amount.value,
    key: refund.id,
    refundId: refund.id,
  })
}

/** Tells orders at once; without an answer the outbox row stays and the sweep says it again. */
async function deliverRefund(deps: PaymentsDeps, { id, orderId, paymentId }: Refund): Promise<void> {
  const applied = await deps.orders.applyRefund({ orderId, paymentId })
  if (applied.ok) await deps.store.confirmRefund(id, deps.now())
}
