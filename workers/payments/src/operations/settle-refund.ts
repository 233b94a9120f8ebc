import { addSeconds } from '@shop/kernel'
import type { PaymentsDeps, RefundReport, SettledRefund } from '../ports.ts'
import { confirmLater } from './confirm-later.ts'

/**
 * Takes what Stripe says of a refund, from a webhook or a look, however often and in whatever order. One that somebody
 * made at Stripe itself is written down as ours.
 *
 * @returns undefined for a refund of a payment that is not ours, or of more than is left of it here
 */
export async function settleRefund(deps: PaymentsDeps, report: RefundReport): Promise<SettledRefund | undefined> {
  const outcome = { ...report, now: deps.now() }
  let settled = await deps.store.settleRefund(outcome)
  if (settled === undefined && (await adopt(deps, report))) settled = await deps.store.settleRefund(outcome)
  if (settled !== undefined) await followRefund(deps, settled)
  return settled
}

async function adopt(deps: PaymentsDeps, report: RefundReport): Promise<boolean> {
  const { refundId, intentId, stripeRefundId, amount, currency } = report
  if (refundId !== null || intentId === null || report.state === 'failed') return false
  const payment = await deps.store.findByIntent(intentId)
  if (payment === undefined || payment.currency !== currency) return false
  const now = deps.now()
  await deps.store.adoptRefund({
    id: deps.newRefundId(),
    paymentId: payment.id,
    stripeRefundId,
    amount,
    reason: 'dashboard',
    actor: { kind: 'system' },
    now,
    leaseUntil: addSeconds(now, deps.attemptSeconds),
  })
  return true
}

/** Tells orders at once of a refund that succeeded, or came back; without an answer the outbox row stays and the sweep says it again. */
export async function followRefund(deps: PaymentsDeps, { refund, change, told }: SettledRefund): Promise<void> {
  if (told !== null) {
    const isReturned = change === 'returned'
    const applied = await (isReturned ? deps.orders.applyRefundReturned(told) : deps.orders.applyRefund(told))
    if (applied.ok) confirmLater(deps, { kind: isReturned ? 'refund_returned' : 'refunded', key: refund.id })
  }
  if (change !== 'failed' && change !== 'returned') return
  // The money is here, whatever the customer was told: a person has to see to it.
  deps.warn('refund_failed', { refundId: refund.id, paymentId: refund.paymentId, change, failure: refund.failure })
}
