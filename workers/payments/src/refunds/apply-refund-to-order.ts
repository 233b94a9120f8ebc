import type { PaymentsDeps } from '../deps.ts'
import { confirmAfterAnswer } from '../events/confirm-after-answer.ts'
import type { RefundAnnouncement, SettledRefund } from './domain/refund.ts'

export type RefundToOrderDeps = Pick<PaymentsDeps, 'orders' | 'events' | 'later' | 'now' | 'warn'>

/**
 * Tells orders of a refund that succeeded or came back. Telling it twice has the same effect. Without an answer the event
 * stays in the outbox, and the sweep tells orders again.
 */
export async function applyRefundToOrder(
  deps: RefundToOrderDeps,
  { kind, payment }: RefundAnnouncement,
): Promise<void> {
  const applied =
    kind === 'refunded' ? await deps.orders.applyRefund(payment) : await deps.orders.applyRefundReturned(payment)
  if (applied.ok) confirmAfterAnswer(deps, { kind, key: payment.refundId })
}

/** Tells orders of a settled refund if it has to know, and logs one whose money the shop still has, for a person. */
export async function announceChange(deps: RefundToOrderDeps, settled: SettledRefund): Promise<void> {
  const { refund, change, announcement } = settled
  if (announcement !== undefined) await applyRefundToOrder(deps, announcement)
  if (change !== 'failed' && change !== 'returned') return
  deps.warn('refund_failed', { refundId: refund.id, paymentId: refund.paymentId, change, failure: refund.failure })
}
