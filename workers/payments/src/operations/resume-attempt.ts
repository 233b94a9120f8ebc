import type { Payment } from '@shop/contracts'
import { addSeconds } from '@shop/kernel'
import type { PaymentsDeps } from '../ports.ts'
import { askStripe } from './ask-stripe.ts'
import { settleAnswer } from './settle-answer.ts'

/** Stripe keeps the answer of a key for a day; with a margin for clocks and calls on their way. */
const KEY_SECONDS = 23 * 3_600

/**
 * Makes a lost call to Stripe again, with its key. One that would charge is made only while the order still waits for
 * its payment, and none is made whose key Stripe may have forgotten, for which it would be a new one: otherwise it is
 * only found out what the first call did.
 */
export async function resumeAttempt(deps: PaymentsDeps, payment: Payment): Promise<void> {
  // The first attempt is as old as its payment; a later one at least as old as the last that is known of it.
  const askedSince = payment.attempt === 1 ? payment.createdAt : payment.updatedAt
  if (addSeconds(askedSince, KEY_SECONDS) < deps.now()) return lookUp(deps, payment)
  if (mayCharge(payment)) {
    const pending = await deps.orders.isPending(payment.orderId)
    if (!pending.ok) return
    if (!pending.value) return lookUp(deps, payment)
  }
  const askedAt = deps.now()
  const answer = await askStripe(deps, payment)
  if (answer.kind === 'unknown' && answer.isReplayed) return lookUp(deps, payment)
  await settleAnswer(deps, payment, answer, askedAt)
}

/** The first attempt creates the intent and confirms it; with the intent there it has done so. Later ones confirm. */
function mayCharge({ attempt, attemptMethod, captureAmount, intentId }: Payment): boolean {
  return attemptMethod !== null && captureAmount === null && (intentId === null || attempt > 1)
}

/** Between the clock here and Stripe's, which dates the intents. */
const CLOCK_TOLERANCE_SECONDS = 300

/**
 * Finds out what a call did that is not to be made again, or whose key Stripe answers with the same server error for
 * ever: the intent is looked at, or, where its id never got here, looked for. A payment that Stripe knows nothing of
 * ends, so that another can start.
 */
async function lookUp(deps: PaymentsDeps, payment: Payment): Promise<void> {
  const { id: paymentId, intentId, createdAt } = payment
  const askedAt = deps.now()
  const since = addSeconds(createdAt, -CLOCK_TOLERANCE_SECONDS)
  const until = addSeconds(createdAt, KEY_SECONDS + CLOCK_TOLERANCE_SECONDS)
  const found =
    intentId === null
      ? await deps.provider.findIntent({ paymentId, since, until })
      : await deps.provider.retrieveIntent(intentId)
  if (found.kind === 'absent') await deps.store.endAttempt(payment, deps.now())
  else await settleAnswer(deps, payment, found, askedAt)
}
