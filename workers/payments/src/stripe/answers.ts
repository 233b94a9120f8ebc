import Stripe from 'stripe'
import type { StripeAnswer } from '../payments/domain/outcome.ts'
import type { RefundAnswer } from '../refunds/domain/refund.ts'
import type { TaxRecordAnswer } from '../taxes/domain/tax-record.ts'
import { NOT_MADE_HEADER } from './permitted-fetch.ts'
import { declineCode, readIntent, readRefund } from './read-objects.ts'

const UNKNOWN = { kind: 'unknown', isReplayed: false } as const

/**
 * Makes a call to Stripe and classifies its answer.
 *
 * Only an explicit refusal is `refused`: after a timeout, a broken connection, a server error, a rate limit or a key
 * that is in use Stripe may have acted, or will when called again.
 *
 * Source: https://docs.stripe.com/error-low-level
 */
export async function intentAnswer(call: () => Promise<Stripe.PaymentIntent>): Promise<StripeAnswer> {
  try {
    return fromIntent(await call())
  } catch (error) {
    return fromError(stripeErrorOf(error))
  }
}

export async function refundAnswer(call: () => Promise<Stripe.Refund>): Promise<RefundAnswer> {
  try {
    return fromRefund(await call())
  } catch (caught) {
    const error = stripeErrorOf(caught)
    return isRefusal(error) ? { kind: 'refused', reason: error.code ?? 'refused' } : unknown(error)
  }
}

export async function taxAnswer(call: () => Promise<Stripe.Tax.Transaction>): Promise<TaxRecordAnswer> {
  try {
    return { kind: 'recorded', stripeId: (await call()).id }
  } catch (caught) {
    const error = stripeErrorOf(caught)
    return isRefusal(error) ? { kind: 'refused', reason: error.code ?? 'refused' } : { kind: 'unknown' }
  }
}

/** @param matches picks the intent from those that are listed */
export async function findIntent(
  list: () => AsyncIterable<Stripe.PaymentIntent>,
  matches: (intent: Stripe.PaymentIntent) => boolean,
): Promise<StripeAnswer | { kind: 'absent' }> {
  try {
    for await (const intent of list()) if (matches(intent)) return fromIntent(intent)
    return { kind: 'absent' }
  } catch (error) {
    stripeErrorOf(error)
    return UNKNOWN
  }
}

/** @param matches picks the refund from those that are listed */
export async function findRefund(
  list: () => AsyncIterable<Stripe.Refund>,
  matches: (refund: Stripe.Refund) => boolean,
): Promise<RefundAnswer> {
  try {
    for await (const refund of list()) if (matches(refund)) return fromRefund(refund)
    return { kind: 'absent' }
  } catch (error) {
    stripeErrorOf(error)
    return UNKNOWN
  }
}

/** @returns undefined when Stripe did not answer, or refused */
export async function unlessFailed<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    stripeErrorOf(error)
    return undefined
  }
}

/** @throws anything that is not an error of Stripe's */
function stripeErrorOf(error: unknown): Stripe.errors.StripeError {
  if (error instanceof Stripe.errors.StripeError) return error
  throw error
}

function fromIntent(found: Stripe.PaymentIntent): StripeAnswer {
  const intent = readIntent(found)
  return intent === undefined ? UNKNOWN : { kind: 'intent', intent }
}

function fromRefund(refund: Stripe.Refund): RefundAnswer {
  const report = readRefund(refund)
  return report === undefined ? UNKNOWN : { kind: 'refund', report }
}

function fromError(error: Stripe.errors.StripeError): StripeAnswer {
  if (error instanceof Stripe.errors.StripeCardError && error.payment_intent !== undefined) {
    const intent = readIntent(error.payment_intent)
    if (intent === undefined) return UNKNOWN
    return { kind: 'declined', intent, declineCode: declineCode(error) ?? 'card_declined' }
  }
  if (error.headers?.[NOT_MADE_HEADER] === 'true') return { kind: 'busy' }
  if (!isRefusal(error)) return unknown(error)
  // Another request has moved the intent on: its current state is the answer.
  const moved = error.code === 'payment_intent_unexpected_state' ? error.payment_intent : undefined
  if (moved !== undefined) return fromIntent(moved)
  const isMethod = error.param?.startsWith('payment_method') ?? false
  return { kind: 'refused', reason: isMethod ? 'invalid_payment_method' : 'amount_not_chargeable' }
}

function unknown(error: Stripe.errors.StripeError): { kind: 'unknown'; isReplayed: boolean } {
  return { kind: 'unknown', isReplayed: error.headers?.['idempotent-replayed'] === 'true' || isOfAnotherCall(error) }
}

/**
 * The key was used for a call with other parameters, as after a deployment that sends one more. Stripe repeats this for
 * as long as it keeps the key, so what the first call did has to be looked up. A key in use is another matter.
 */
function isOfAnotherCall(error: Stripe.errors.StripeError): boolean {
  return error instanceof Stripe.errors.StripeIdempotencyError && error.statusCode !== CONFLICT
}

/** Another call with the key, or on the same object, is running. */
const CONFLICT = 409

function isRefusal(error: Stripe.errors.StripeError): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode !== CONFLICT
}
