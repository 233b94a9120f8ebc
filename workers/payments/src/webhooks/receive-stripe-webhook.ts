import type { InvalidSignature } from '@shop/contracts/payments/failures'
import { ok, type Result } from '@shop/kernel/result'
import type { PaymentsDeps } from '../deps.ts'
import { applyDisputeReport } from '../disputes/apply-dispute-report.ts'
import { type SettleDeps, settlePayment } from '../payments/settle-payment.ts'
import { applyChargeReport } from '../refunds/apply-charge-report.ts'
import { applyRefundReport, type RefundReportDeps } from '../refunds/apply-refund-report.ts'
import {
  type EventOutcome,
  type EventSubject,
  flagged,
  IGNORED,
  intentIdOf,
  type MalformedBody,
  type ReceivedEvent,
  type ReportedSubject,
} from './domain/webhook-event.ts'

type WebhookDeps = SettleDeps &
  RefundReportDeps &
  Pick<PaymentsDeps, 'stripeWebhooks' | 'webhookEvents' | 'disputes' | 'stripeRefunds'>

/**
 * Receives an event of Stripe's, which may come twice and in any order. What it reports of a PaymentIntent or a refund is
 * settled like an API reply. An event that contradicts what is recorded, is not meant for this shop or cannot be read is
 * stored with a flag and changes nothing; any other is stored and acknowledged.
 *
 * @throws Unavailable when Stripe has to be asked and does not answer; it then sends the event again
 */
export async function receiveStripeWebhook(
  deps: WebhookDeps,
  request: { body: string; signature: string },
): Promise<Result<undefined, InvalidSignature | MalformedBody>> {
  const receivedAt = deps.now()
  const read = await deps.stripeWebhooks.read({ ...request, now: receivedAt })
  if (!read.ok) return read
  const { subject, flag, ...reported } = read.value
  const event = { ...reported, receivedAt }
  const outcome = flag === null ? await applyEvent(deps, event, subject) : flagged(flag)
  if (outcome !== undefined) await storeEvent(deps, { ...event, ...outcome, intentId: intentIdOf(subject) })
  return ok()
}

/**
 * Applies what an event reports, or what Stripe has now of an object that it only names.
 *
 * @returns what the event did; undefined when it was stored with its effect, in one statement
 */
async function applyEvent(
  deps: WebhookDeps,
  event: ReceivedEvent,
  reported: ReportedSubject,
): Promise<EventOutcome | undefined> {
  if (reported.about === 'unreadable') return flagged('another_shape')
  if (reported.about !== 'reference') return applySubject(deps, event, { subject: reported, at: event.createdAt })
  const at = deps.now()
  const subject = await deps.stripeWebhooks.retrieve(reported, at)
  return subject === undefined ? flagged('another_shape') : applySubject(deps, event, { subject, at })
}

/** @param seen.at when Stripe was in the state that the subject shows */
async function applySubject(
  deps: WebhookDeps,
  event: ReceivedEvent,
  { subject, at }: { subject: EventSubject; at: Date },
): Promise<EventOutcome | undefined> {
  switch (subject.about) {
    case 'intent': {
      const { paymentId } = subject.intent
      if (paymentId === null) return IGNORED
      await settlePayment(deps, { ...subject.intent, paymentId, attempt: null, observedAt: at }, event)
      return undefined
    }
    case 'dispute':
      return applyDisputeReport(deps, { ...subject.dispute, observedAt: at }, event)
    // A refund only moves forward, so its report may be applied twice: the event is stored afterwards, and after a crash
    // in between Stripe sends it again.
    case 'refund':
      return applyRefundReport(deps, subject.refund)
    case 'charge':
      return applyChargeReport(deps, subject.charge)
    case 'other':
      return IGNORED
  }
}

async function storeEvent(deps: WebhookDeps, event: Parameters<WebhookDeps['webhookEvents']['store']>[0]) {
  await deps.webhookEvents.store(event)
  if (event.flag !== null) deps.warn('webhook_flagged', { eventId: event.id, type: event.type, flag: event.flag })
}
