import { addSeconds } from '@shop/kernel/time'
import type { Payment } from './payment.ts'

/** Stripe keeps the answer of a key for a day; less a margin for clocks and calls on their way. */
const KEY_SECONDS = 23 * 3_600

/** Tolerated difference between the clock here and Stripe's, which dates the intents. */
const CLOCK_TOLERANCE_SECONDS = 300

/**
 * How to find the outcome of a lost call to Stripe.
 *
 * - `look_up`: only read what the call did, since Stripe may have forgotten its key: the call would be a new one.
 * - `charge`: repeating the call may charge, so it is made only while the order still waits for its payment.
 * - `repeat`: repeat the call with its key; it cannot charge.
 */
export function howToResume(payment: Payment, now: Date): 'look_up' | 'charge' | 'repeat' {
  // The first attempt is as old as its payment; a later one at least as old as the last change of it.
  const askedSince = payment.attempt === 1 ? payment.createdAt : payment.updatedAt
  if (addSeconds(askedSince, KEY_SECONDS) < now) return 'look_up'
  return mayCharge(payment) ? 'charge' : 'repeat'
}

/** The first attempt creates the intent and confirms it; once the intent is known, it has done so. Later ones confirm. */
function mayCharge({ attempt, attemptMethod, captureAmount, intentId }: Payment): boolean {
  return attemptMethod !== null && captureAmount === null && (intentId === null || attempt > 1)
}

/** When Stripe can have created the intent of a payment, by its own clock. */
export function creationWindow({ createdAt }: Pick<Payment, 'createdAt'>): { since: Date; until: Date } {
  return {
    since: addSeconds(createdAt, -CLOCK_TOLERANCE_SECONDS),
    until: addSeconds(createdAt, KEY_SECONDS + CLOCK_TOLERANCE_SECONDS),
  }
}
