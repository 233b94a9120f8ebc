import type { EventFlag, InvalidSignature } from '@shop/contracts'
import { ok, type Result } from '@shop/kernel'
import type { DisputeReport, News } from '../ports/webhook-event.ts'
import type { Intent, PaymentsDeps, ReceivedEvent } from '../ports.ts'
import { takeIntent } from './take-intent.ts'
import { type Taken, takeCharge, takeRefund } from './take-refund.ts'

/**
 * Takes a Stripe webhook: once, however often and in whatever order it comes. What it says of a PaymentIntent or a
 * refund of ours goes the same way as an API reply. What contradicts what is kept, or comes from somewhere else, is
 * kept with a flag and changes nothing; anything else is kept and acknowledged.
 */
export async function handleWebhook(
  deps: PaymentsDeps,
  request: { body: string; signature: string },
): Promise<Result<undefined, InvalidSignature>> {
  const receivedAt = deps.now()
  const read = await deps.provider.readWebhook({ ...request, now: receivedAt })
  if (!read.ok) return read
  const { news, flag, ...told } = read.value
  const event = { ...told, receivedAt }
  if (flag === null) await take(deps, event, news)
  else await keep(deps, event, news, flagged(flag))
  return ok()
}

const IGNORED: Taken = { outcome: 'ignored', flag: null }
const flagged = (flag: EventFlag): Taken => ({ outcome: 'flagged', flag })

async function take(deps: PaymentsDeps, event: ReceivedEvent, news: News): Promise<void> {
  if (news.about === 'intent' && news.intent.paymentId !== null) return takeIntentOfEvent(deps, event, news.intent)
  if (news.about === 'dispute') return takeDispute(deps, event, news.dispute)
  // What is said of a refund is its whole state, which only moves forward: taken twice it is taken once. So the event is
  // kept after it, and one that gets lost in between comes again.
  if (news.about === 'refund') return keep(deps, event, news, await takeRefund(deps, news.refund))
  if (news.about === 'charge') return keep(deps, event, news, await takeCharge(deps, news.charge))
  await keep(deps, event, news, IGNORED)
}

async function keep(deps: PaymentsDeps, event: ReceivedEvent, news: News, taken: Taken): Promise<void> {
  await deps.records.keepEvent({ ...event, ...taken, intentId: intentOf(news) })
  if (taken.flag !== null) deps.warn('webhook_flagged', { eventId: event.id, type: event.type, flag: taken.flag })
}

function intentOf(news: News): string | null {
  if (news.about === 'intent') return news.intent.intentId
  if (news.about === 'charge') return news.charge.intentId
  if (news.about === 'refund') return news.refund.intentId
  return news.about === 'dispute' ? news.dispute.intentId : null
}

async function takeIntentOfEvent(deps: PaymentsDeps, event: ReceivedEvent, intent: Intent): Promise<void> {
  const { paymentId } = intent
  if (paymentId !== null) await takeIntent(deps, { ...intent, paymentId }, { at: event.createdAt, event })
}

async function takeDispute(deps: PaymentsDeps, event: ReceivedEvent, dispute: DisputeReport): Promise<void> {
  const news: News = { about: 'dispute', dispute }
  const payment = await deps.store.findByIntent(dispute.intentId)
  if (payment === undefined) return keep(deps, event, news, IGNORED)
  if (payment.currency !== dispute.currency) return keep(deps, event, news, flagged('another_currency'))
  if (payment.amount < dispute.amount) return keep(deps, event, news, flagged('another_amount'))
  await deps.records.applyDispute({ ...dispute, paymentId: payment.id, observedAt: event.createdAt }, event)
}
