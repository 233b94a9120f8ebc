import { fail, type InvalidSignature, ok, type Result } from '@shop/contracts'
import Stripe from 'stripe'
import type { WebhookEvent } from '../ports.ts'
import { toIntent } from './intent.ts'

/** How far an event's timestamp may be off, either way. Stripe's own check forgives any time in the future. */
const TOLERANCE_SECONDS = 300

const cryptoProvider = Stripe.createSubtleCryptoProvider()

/** Checks the signature over the raw body and reads the event. */
export async function readWebhook(
  stripe: Stripe,
  secret: string,
  request: { body: string; signature: string; now: Date },
): Promise<Result<WebhookEvent, InvalidSignature>> {
  const { body, signature, now } = request
  const signedAt = Number(/(?:^|,)t=(\d{1,12})(?:,|$)/.exec(signature)?.[1])
  if (!(signedAt - now.getTime() / 1_000 <= TOLERANCE_SECONDS)) return fail({ code: 'invalid_signature' })
  try {
    const event = await stripe.webhooks.constructEventAsync(body, signature, secret, TOLERANCE_SECONDS, cryptoProvider)
    return ok(toWebhookEvent(event))
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError || error instanceof SyntaxError) {
      return fail({ code: 'invalid_signature' })
    }
    throw error
  }
}

function toWebhookEvent(event: Stripe.Event): WebhookEvent {
  const { id, type, created } = event
  const shared = { id, type, createdAt: new Date(created * 1_000), payload: event }
  const { object } = event.data
  const isIntent = type.startsWith('payment_intent.') && 'object' in object && object.object === 'payment_intent'
  return { ...shared, intent: isIntent ? toIntent(object as Stripe.PaymentIntent) : null }
}
