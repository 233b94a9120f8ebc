import type { PaymentId } from '@shop/kernel'
import type { AppliedState, Intent, PaymentsDeps, ReceivedEvent } from '../ports.ts'
import { followUp } from './follow-up.ts'

/**
 * Takes what Stripe says of a PaymentIntent of itself: from an event, or found when its books were compared.
 *
 * @returns undefined for a payment that is not kept here
 */
export async function takeIntent(
  deps: PaymentsDeps,
  intent: Intent & { paymentId: PaymentId },
  said: { at: Date; event?: ReceivedEvent },
): Promise<AppliedState | undefined> {
  const applied = await deps.store.applyState({ ...intent, attempt: null, observedAt: said.at }, said.event)
  if (applied?.announced || applied?.payment.state === 'processing') await followUp(deps, applied.payment)
  return applied
}
