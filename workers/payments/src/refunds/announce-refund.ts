import { settleAfterAnswer, type TellDeps, tellOrders, unavailable } from '../events/tell-orders.ts'
import type { SettledRefund } from './domain/refund.ts'

/** Reports a settled refund to orders where needed, and logs one whose money the shop still has, for a person. */
export async function announceRefund(deps: TellDeps, settled: SettledRefund): Promise<void> {
  const { refund, change, announcement } = settled
  // The sweep delivers the events of a payment in order.
  if (announcement?.isNext) {
    const { reason, actor } = refund
    const event = { ...announcement.event, details: { reason, actor } }
    const [receipt = unavailable(event.id)] = await tellOrders(deps, [event])
    settleAfterAnswer(deps, receipt)
  }
  if (change !== 'failed' && change !== 'returned') return
  deps.warn('refund_failed', { refundId: refund.id, paymentId: refund.paymentId, change, failure: refund.failure })
}
