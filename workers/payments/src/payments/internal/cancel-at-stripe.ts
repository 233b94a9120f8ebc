import type { PaymentsDeps } from '../../deps.ts'
import type { Intent } from '../domain/outcome.ts'

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
