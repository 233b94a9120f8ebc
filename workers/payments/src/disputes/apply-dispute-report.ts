import type { PaymentsDeps } from '../deps.ts'
import { type EventOutcome, flagged, IGNORED, type ReceivedEvent } from '../webhooks/domain/webhook-event.ts'
import type { DisputeReport } from './domain/dispute.ts'

/**
 * Records what Stripe reports about a dispute, together with the event that reports it.
 *
 * @returns why the event still has to be stored by itself; undefined when it was stored with the dispute
 */
export async function applyDisputeReport(
  deps: Pick<PaymentsDeps, 'disputes' | 'payments'>,
  report: DisputeReport,
  event: ReceivedEvent,
): Promise<EventOutcome | undefined> {
  const payment = await deps.payments.findByIntent(report.intentId)
  if (payment === undefined) return IGNORED
  if (payment.currency !== report.currency) return flagged('another_currency')
  if (payment.amount < report.amount) return flagged('another_amount')
  await deps.disputes.record({ ...report, paymentId: payment.id, observedAt: event.createdAt }, event)
  return undefined
}
