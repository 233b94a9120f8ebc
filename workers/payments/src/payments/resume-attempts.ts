import { addSeconds } from '@shop/kernel/time'
import type { PaymentsDeps } from '../deps.ts'
import { forEachItem } from '../jobs/for-each.ts'
import { creationWindow, howToResume } from './domain/attempt.ts'
import type { Payment } from './domain/payment.ts'
import { askStripe } from './internal/ask-stripe.ts'

import { type SettleDeps, settleAnswer } from './settle-payment.ts'

/** Resumes attempts whose call to Stripe was lost, each by one caller. @returns how many were claimed */
export async function resumeAttempts(
  deps: SettleDeps & Pick<PaymentsDeps, 'attemptSeconds' | 'joinOrders'>,
  limit: number,
): Promise<number> {
  const now = deps.now()
  const lost = await deps.payments.claimLostAttempts({ now, until: addSeconds(now, deps.attemptSeconds), limit })
  await forEachItem(deps, 'resume', lost, resumeAttempt)
  return lost.length
}

/** Makes a lost call again with its key, or only finds out what it did; see {@link howToResume}. */
async function resumeAttempt(deps: SettleDeps, payment: Payment): Promise<void> {
  const way = howToResume(payment, deps.now())
  if (way === 'look_up') return lookUp(deps, payment)
  if (way === 'charge') {
    const pending = await deps.orders.isPending(payment.orderId)
    if (!pending.ok) return
    if (!pending.value) return lookUp(deps, payment)
  }
  const askedAt = deps.now()
  const answer = await askStripe(deps, payment)
  // Stripe repeats this server error for the key, so only a look-up can tell what the call did.
  if (answer.kind === 'unknown' && answer.isReplayed) return lookUp(deps, payment)
  await settleAnswer(deps, payment, answer, askedAt)
}

/**
 * Finds out what a call did by reading its PaymentIntent, or by searching for it where its id was lost with the answer. A
 * payment without one ends, so that another can start.
 */
async function lookUp(deps: SettleDeps, payment: Payment): Promise<void> {
  const { id: paymentId, intentId } = payment
  const askedAt = deps.now()
  const found =
    intentId === null
      ? await deps.stripeIntents.find({ paymentId, ...creationWindow(payment) })
      : await deps.stripeIntents.retrieve(intentId)
  if (found.kind === 'absent') await deps.payments.endAttempt(payment, deps.now())
  else await settleAnswer(deps, payment, found, askedAt)
}
