import type { PaymentsDeps } from '../../deps.ts'
import type { Intent, StripeAnswer } from '../domain/outcome.ts'
import type { Payment } from '../domain/payment.ts'

type Deps = Pick<PaymentsDeps, 'stripeIntents'>

/**
 * Makes the call to Stripe of the payment's attempt. Repeated after a crash or a lost answer, it has the same
 * idempotency key: Stripe keeps the answer of a key for a day.
 */
export async function askStripe(deps: Deps, payment: Payment): Promise<StripeAnswer> {
  const { intentId, captureAmount, captureIsFinal: isFinal, currency } = payment
  const key = `${payment.id}:${payment.attempt}`
  if (intentId === null) return deps.stripeIntents.create(payment, key)
  if (captureAmount !== null) {
    return deps.stripeIntents.capture({ intentId, amount: captureAmount, isFinal, currency, key })
  }
  // The first attempt is always the one that creates: once the intent is known, it has done so.
  if (payment.attemptMethod === null || payment.attempt === 1) return deps.stripeIntents.retrieve(intentId)
  return confirm(deps, payment, { intentId, method: payment.attemptMethod, key })
}

async function confirm(
  deps: Deps,
  { customerId, savesMethod }: Payment,
  call: { intentId: string; method: string; key: string },
): Promise<StripeAnswer> {
  if (customerId !== null) {
    // The intent may have been created before its customer saved a card.
    const { intentId, key } = call
    const answer = await deps.stripeIntents.setCustomer({ intentId, customerId, key: `${key}:customer` })
    if (answer.kind !== 'intent' || !answer.intent.state.startsWith('requires_')) return answer
  }
  return deps.stripeIntents.confirm({ ...call, savesMethod })
}

/**
 * Cancels a PaymentIntent, or voids its authorization. Where Stripe refuses, since the payment has succeeded meanwhile
 * or its money is on its way, that state is returned.
 *
 * @returns undefined when the payment may still be confirmed or captured
 */
export async function cancelAtStripe(
  deps: Pick<PaymentsDeps, 'stripeIntents' | 'now'>,
  intentId: string,
): Promise<{ intent: Intent; observedAt: Date } | undefined> {
  const answer = await deps.stripeIntents.cancel(intentId)
  if (answer.kind === 'unknown') return undefined
  if (answer.kind === 'intent' && isDecided(answer.intent)) return { intent: answer.intent, observedAt: deps.now() }
  const askedAt = deps.now()
  const current = await deps.stripeIntents.retrieve(intentId)
  return current.kind === 'intent' && isDecided(current.intent)
    ? { intent: current.intent, observedAt: askedAt }
    : undefined
}

const isDecided = ({ state }: Intent) => !state.startsWith('requires_')
