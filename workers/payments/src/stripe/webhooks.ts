import type { InvalidSignature } from '@shop/contracts/payments/failures'
import type { EventFlag } from '@shop/contracts/payments/states'
import { sha256Hex } from '@shop/kernel/hash'
import { fail, ok, type Result } from '@shop/kernel/result'
import { Unavailable } from '@shop/kernel/unavailable'
import Stripe from 'stripe'
import type {
  EventSubject,
  MalformedBody,
  ObjectKind,
  ObjectReference,
  WebhookEvent,
} from '../webhooks/domain/webhook-event.ts'
import { Epoch, StripeId } from './event-shapes.ts'
import { membersOf, readObject, subjectOf } from './read-event.ts'
import { storablePayload, storableText } from './storable-payload.ts'

/** How far an event's timestamp may be off, either way. Stripe's own check accepts any time in the future. */
const TOLERANCE_SECONDS = 300
const LONGEST_TYPE = 200

const cryptoProvider = Stripe.createSubtleCryptoProvider()

/** What events are checked against. While a signing secret is being rotated, either of two is valid. */
export type WebhookSettings = { secrets: readonly string[]; isLive: boolean }

export type StripeWebhooks = ReturnType<typeof stripeWebhooks>

export const stripeWebhooks = (stripe: Stripe, settings: WebhookSettings) => ({
  /**
   * Checks the signature over the raw body and reads the event. Any JSON with a valid signature is an event: it has to be
   * answered, since Stripe sends what is refused again for days.
   */
  async read(request: {
    body: string
    signature: string
    now: Date
  }): Promise<Result<WebhookEvent, InvalidSignature | MalformedBody>> {
    const { body, signature, now } = request
    const signedAt = Number(/(?:^|,)t=(\d{1,12})(?:,|$)/.exec(signature)?.[1])
    if (!(signedAt - now.getTime() / 1_000 <= TOLERANCE_SECONDS)) return fail({ code: 'invalid_signature' })
    for (const secret of settings.secrets) {
      if (await isSigned(stripe, secret, { body, signature })) return readBody(body, now, settings)
    }
    return fail({ code: 'invalid_signature' })
  },

  /**
   * The object that an event names, as it is now.
   *
   * @returns undefined when Stripe has no such object, or one that cannot be read
   * @throws Unavailable when Stripe does not answer; it then sends the event again
   */
  async retrieve({ kind, id }: ObjectReference, now: Date): Promise<EventSubject | undefined> {
    try {
      return readObject(await RETRIEVE[kind](stripe, id), now)
    } catch (error) {
      if (error instanceof Stripe.errors.StripeInvalidRequestError) return undefined
      if (error instanceof Stripe.errors.StripeError) throw new Unavailable('stripe', error)
      throw error
    }
  },
})

const RETRIEVE: Record<ObjectKind, (stripe: Stripe, id: string) => Promise<object>> = {
  payment_intent: (stripe, id) => stripe.paymentIntents.retrieve(id),
  charge: (stripe, id) => stripe.charges.retrieve(id),
  refund: (stripe, id) => stripe.refunds.retrieve(id),
  dispute: (stripe, id) => stripe.disputes.retrieve(id),
}

async function isSigned(
  { webhooks }: Stripe,
  secret: string,
  { body, signature }: { body: string; signature: string },
): Promise<boolean> {
  if (webhooks.signature === null) throw new Error('The Stripe SDK cannot check signatures')
  try {
    return await webhooks.signature.verifyHeaderAsync(body, signature, secret, TOLERANCE_SECONDS, cryptoProvider)
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return false
    throw error
  }
}

async function readBody(
  body: string,
  now: Date,
  settings: WebhookSettings,
): Promise<Result<WebhookEvent, MalformedBody>> {
  const event = parsed(body)
  if (event === undefined) return fail({ code: 'malformed_json' })
  const { id, type, created } = membersOf(event)
  const eventId = StripeId.safeParse(id)
  return ok({
    // The same body is the same event.
    id: eventId.success ? eventId.data : `unreadable_${await sha256Hex(body)}`,
    type: typeof type === 'string' && type !== '' ? storableText(type.slice(0, LONGEST_TYPE)) : 'unknown',
    createdAt: instantOf(created) ?? now,
    payload: storablePayload(event),
    flag: flagOf(event, settings),
    subject: subjectOf(event),
  })
}

/** @returns undefined for what is no JSON */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** Thin events have RFC 3339 text, others seconds. */
function instantOf(created: unknown): Date | undefined {
  const seconds = typeof created === 'string' ? Math.floor(Date.parse(created) / 1_000) : created
  const epoch = Epoch.safeParse(seconds)
  return epoch.success ? new Date(epoch.data * 1_000) : undefined
}

/** Events of the shop's own account name no account; thin ones name it as their context. */
function flagOf(event: unknown, { isLive }: WebhookSettings): EventFlag | null {
  const { account, context, livemode } = membersOf(event)
  if (account || context) return 'another_account'
  return typeof livemode === 'boolean' && livemode !== isLive ? 'another_mode' : null
}
