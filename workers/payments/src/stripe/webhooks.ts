import type { InvalidSignature } from '@shop/contracts/payments/failures'
import type { EventFlag } from '@shop/contracts/payments/states'
import { fail, ok, type Result } from '@shop/kernel/result'
import { isStorable } from '@shop/kernel/text'
import Stripe from 'stripe'
import type { WebhookEvent } from '../webhooks/domain/webhook-event.ts'
import { subjectOf } from './read-event.ts'

/** How far an event's timestamp may be off, either way. Stripe's own check accepts any time in the future. */
const TOLERANCE_SECONDS = 300

const cryptoProvider = Stripe.createSubtleCryptoProvider()

/** What events are checked against. While a signing secret is being rotated, either of two is valid. */
export type WebhookSettings = { secrets: readonly string[]; isLive: boolean }

export type StripeWebhooks = ReturnType<typeof stripeWebhooks>

export const stripeWebhooks = (stripe: Stripe, settings: WebhookSettings) => ({
  /** Checks the signature over the raw body and reads the event. */
  async read(request: { body: string; signature: string; now: Date }): Promise<Result<WebhookEvent, InvalidSignature>> {
    const { body, signature, now } = request
    const signedAt = Number(/(?:^|,)t=(\d{1,12})(?:,|$)/.exec(signature)?.[1])
    if (!(signedAt - now.getTime() / 1_000 <= TOLERANCE_SECONDS)) return fail({ code: 'invalid_signature' })
    for (const secret of settings.secrets) {
      const event = await verified(stripe, secret, { body, signature })
      if (event !== undefined) return ok(toWebhookEvent(event, settings))
    }
    return fail({ code: 'invalid_signature' })
  },
})

async function verified(
  stripe: Stripe,
  secret: string,
  { body, signature }: { body: string; signature: string },
): Promise<Stripe.Event | undefined> {
  try {
    return await stripe.webhooks.constructEventAsync(body, signature, secret, TOLERANCE_SECONDS, cryptoProvider)
  } catch (error) {
    const isInvalid = error instanceof Stripe.errors.StripeSignatureVerificationError || error instanceof SyntaxError
    if (isInvalid) return undefined
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
    subject: subjectOf(event),
  }
}

/**
 * The event without characters that Postgres cannot store. Customers can put text into events, and Stripe would send an
 * event that is refused again for days.
 */
function storable(event: Stripe.Event): unknown {
  const readable = (_: string, value: unknown) =>
    typeof value === 'string' && !isStorable(value) ? value.toWellFormed().replaceAll('\u0000', '\ufffd') : value
  return JSON.parse(JSON.stringify(event, readable))
}

/** Events of the shop's own account name no account. */
function flagOf(event: Stripe.Event, { isLive }: WebhookSettings): EventFlag | null {
  if (event.account) return 'another_account'
  return event.livemode === isLive ? null : 'another_mode'
}
