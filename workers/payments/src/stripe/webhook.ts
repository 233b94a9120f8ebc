import type { EventFlag, InvalidSignature } from '@shop/contracts'
import { fail, isStorable, ok, type Result } from '@shop/kernel'
import Stripe from 'stripe'
import type { WebhookEvent } from '../ports/webhook-event.ts'
import { newsOf } from './news.ts'

/** How far an event's timestamp may be off, either way. Stripe's own check forgives any time in the future. */
const TOLERANCE_SECONDS = 300

const cryptoProvider = Stripe.createSubtleCryptoProvider()

/** What events are checked against: while a signing secret is being replaced, either of two is good. */
export type WebhookSettings = { secrets: readonly string[]; isLive: boolean }

/** Checks the signature over the raw body and reads the event. */
export async function readWebhook(
  stripe: Stripe,
  settings: WebhookSettings,
  request: { body: string; signature: string; now: Date },
): Promise<Result<WebhookEvent, InvalidSignature>> {
  const { body, signature, now } = request
  const signedAt = Number(/(?:^|,)t=(\d{1,12})(?:,|$)/.exec(signature)?.[1])
  if (!(signedAt - now.getTime() / 1_000 <= TOLERANCE_SECONDS)) return fail({ code: 'invalid_signature' })
  for (const secret of settings.secrets) {
    const event = await verified(stripe, secret, { body, signature })
    if (event !== undefined) return ok(toWebhookEvent(event, settings))
  }
  return fail({ code: 'invalid_signature' })
}

async function verified(
  stripe: Stripe,
  secret: string,
  { body, signature }: { body: string; signature: string },
): Promise<Stripe.Event | undefined> {
  try {
    return await stripe.webhooks.constructEventAsync(body, signature, secret, TOLERANCE_SECONDS, cryptoProvider)
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError || error instanceof SyntaxError)
      return undefined
    throw error
  }
}

function toWebhookEvent(event: Stripe.Event, settings: WebhookSettings): WebhookEvent {
  const { id, type, created } = event
  return {
    id,
    type,
    createdAt: new Date(created * 1_000),
    payload: storable(event),
    flag: flagOf(event, settings),
    news: newsOf(event),
  }
}

/**
 * The event without what Postgres cannot store: whoever pays has a say in some of its text, and an event that is refused
 * comes again for days.
 */
function storable(event: Stripe.Event): unknown {
  const readable = (_: string, value: unknown) =>
    typeof value === 'string' && !isStorable(value) ? value.toWellFormed().replaceAll('\u0000', '\ufffd') : value
  return JSON.parse(JSON.stringify(event, readable))
}

/** Events of the shop's own account name none. */
function flagOf(event: Stripe.Event, { isLive }: WebhookSettings): EventFlag | null {
  if (event.account) return 'another_account'
  return event.livemode === isLive ? null : 'another_mode'
}
