import type { PaymentsDeps } from '../deps.ts'
import { type TellDeps, tellAtOnce } from '../events/tell-orders.ts'
import { type EventOutcome, flagged, IGNORED, type ReceivedEvent } from '../webhooks/domain/webhook-event.ts'
import type { DisputeReport } from './domain/dispute.ts'

/**
 * Records what Stripe reports about a dispute, together with the event that reports it, and tells the payment's order.
 *
 * @param report.observedAt when Stripe was in that state
 * @returns why the event still has to be stored by itself; undefined when it was stored with the dispute
 */
export async function applyDisputeReport(
  deps: TellDeps & Pick<PaymentsDeps, 'disputes' | 'payments'>,
  report: DisputeReport & { observedAt: Date },
  event: ReceivedEvent,
): Promise<EventOutcome | undefined> {
  const payment = await deps.payments.findByIntent(report.intentId)
  if (payment === undefined) return IGNORED
  if (payment.currency !== report.currency) return flagged('another_currency')
  if (payment.amount < report.amount) return flagged('another_amount')
  const announcement = await deps.disputes.record({ ...report, paymentId: payment.id }, event)
  if (announcement !== undefined) await tellAtOnce(deps, announcement)
  return undefined
}
