import Stripe from 'stripe'
import type { ProviderAnswer, RefundAnswer } from '../ports.ts'
import { NOT_MADE_HEADER } from './in-turn.ts'
import { declineCode, toIntent } from './intent.ts'
import { toRefundReport } from './refund.ts'

const UNKNOWN = { kind: 'unknown', isReplayed: false } as const

/**
 * Makes a call to Stripe and says what came of it.
 *
 * Only an answer that says so is a refusal: a time-out, a broken connection, a server error, a rate limit and a key that
 * is in use all leave open whether Stripe acted, or will when asked again.
 * Source: https://docs.stripe.com/error-low-level
 */
export async function askForIntent(call: () => Promise<Stripe.PaymentIntent>): Promise<ProviderAnswer> {
  try {
    return fromIntent(await call())
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error
    return fromError(error)
  }
}

export async function askForRefund(call: () => Promise<Stripe.Refund>): Promise<RefundAnswer> {
  try {
    return fromRefund(await call())
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error
    return isRefusal(error) ? { kind: 'refused', reason: error.code ?? 'refused' } : unknown(error)
  }
}

/** @param belongs picks the one out of those that are listed */
export async function askForListedRefund(
  list: () => AsyncIterable<Stripe.Refund>,
  belongs: (refund: Stripe.Refund) => boolean,
): Promise<RefundAnswer | { kind: 'absent' }> {
  try {
    for await (const refund of list()) if (belongs(refund)) return fromRefund(refund)
    return { kind: 'absent' }
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error
    return UNKNOWN
  }
}

function fromRefund(refund: Stripe.Refund): RefundAnswer {
  const report = toRefundReport(refund)
  return report === null ? UNKNOWN : { kind: 'refund', report }
}

/** @param belongs picks the one out of those that are listed */
export async function askForListedIntent(
  list: () => AsyncIterable<Stripe.PaymentIntent>,
  belongs: (intent: Stripe.PaymentIntent) => boolean,
): Promise<ProviderAnswer | { kind: 'absent' }> {
  try {
    for await (const intent of list()) if (belongs(intent)) return fromIntent(intent)
    return { kind: 'absent' }
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error
    return UNKNOWN
  }
}

function fromIntent(found: Stripe.PaymentIntent): ProviderAnswer {
  const intent = toIntent(found)
  return intent === null ? UNKNOWN : { kind: 'intent', intent }
}

function fromError(error: Stripe.errors.StripeError): ProviderAnswer {
  if (error instanceof Stripe.errors.StripeCardError && error.payment_intent !== undefined) {
    const intent = toIntent(error.payment_intent)
    if (intent === null) return UNKNOWN
    return { kind: 'declined', intent, declineCode: declineCode(error) ?? 'card_declined' }
  }
  if (error.headers?.[NOT_MADE_HEADER] === 'true') return { kind: 'busy' }
  if (!isRefusal(error)) return unknown(error)
  // Somebody else has moved it on: what Stripe says of its state now is what there is to know.
  const moved = error.code === 'payment_intent_unexpected_state' ? error.payment_intent : undefined
  if (moved !== undefined) return fromIntent(moved)
  const isMethod = error.param?.startsWith('payment_method') ?? false
  return { kind: 'refused', reason: isMethod ? 'invalid_payment_method' : 'amount_not_chargeable' }
}

function unknown(error: Stripe.errors.StripeError): { kind: 'unknown'; isReplayed: boolean } {
  return { kind: 'unknown', isReplayed: error.headers?.['idempotent-replayed'] === 'true' || isOfAnotherCall(error) }
}

/**
 * The key was used for a call with other parameters, as after a deployment that asks for something more: whoever asks with
 * it gets this for as long as Stripe keeps it, so what the first call did is to be looked up. A key in use is another matter.
 */
function isOfAnotherCall(error: Stripe.errors.StripeError): boolean {
  return error instanceof Stripe.errors.StripeIdempotencyError && error.statusCode !== CONFLICT
}

/** Somebody is at the same thing right now. */
const CONFLICT = 409

function isRefusal(error: Stripe.errors.StripeError): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode !== CONFLICT
}
