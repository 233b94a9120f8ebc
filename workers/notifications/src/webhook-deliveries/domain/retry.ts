import { addSeconds } from '@shop/kernel/time'

const MINUTE = 60
const HOUR = 60 * MINUTE

/** Seconds until the next attempt, by the number of those before. Then every 12 hours, until {@link GIVEN_UP_AFTER_SECONDS}. */
const DELAYS = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR]
const LONGEST_DELAY = 12 * HOUR

/** How long a delivery is tried, and an endpoint may fail before it is disabled. */
export const GIVEN_UP_AFTER_SECONDS = 3 * 24 * HOUR

/**
 * How long later messages of a key wait for an earlier one that fails. They wait at most five minutes: the sweep that finds them
 * after this time comes within a minute.
 */
export const ORDER_WAIT_SECONDS = 4 * MINUTE

/**
 * When to try again.
 *
 * @param attempts number of attempts, the one that just failed included
 * @param queuedAt when the delivery was to be made
 * @returns the last attempt is three days after that; undefined after it
 */
export function nextAttempt({ attempts, queuedAt }: { attempts: number; queuedAt: Date }, now: Date): Date | undefined {
  const last = addSeconds(queuedAt, GIVEN_UP_AFTER_SECONDS)
  if (now >= last) return undefined
  const next = addSeconds(now, DELAYS[attempts - 1] ?? LONGEST_DELAY)
  return next < last ? next : last
}

/** Whether a message has waited long enough for an earlier one of its key. */
export const hasWaited = ({ queuedAt }: { queuedAt: Date }, now: Date): boolean =>
  now >= addSeconds(queuedAt, ORDER_WAIT_SECONDS)
