import { addSeconds } from '@shop/kernel/time'
import type { EndpointResponse } from './delivery.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE

/** Seconds until the next attempt, by the number of those before. Then every 12 hours, until {@link GIVEN_UP_AFTER_SECONDS}. */
const DELAYS = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR]
const LONGEST_DELAY = 12 * HOUR

/** The statuses with which `Retry-After` counts (RFC 6585, 4 and RFC 9110, 15.6.4). */
const NOT_NOW = new Set([429, 503])
/** RFC 9110, 5.6.7: the only form that may be sent. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/

/** How long a delivery is retried, and how long an endpoint may fail before it is disabled. */
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
 * @param retryAfter the endpoint's `Retry-After`. It can lengthen the pause to at most {@link LONGEST_DELAY} and never shortens it, so
 *   that an endpoint cannot request a call each second for three days
 * @returns at the latest three days after `queuedAt`; undefined if that time has passed
 */
export function nextAttempt(
  { attempts, queuedAt, retryAfter = queuedAt }: { attempts: number; queuedAt: Date; retryAfter?: Date | undefined },
  now: Date,
): Date | undefined {
  const last = addSeconds(queuedAt, GIVEN_UP_AFTER_SECONDS)
  if (now >= last) return undefined
  const asked = earlier(retryAfter, addSeconds(now, LONGEST_DELAY))
  return earlier(last, later(asked, addSeconds(now, DELAYS[attempts - 1] ?? LONGEST_DELAY)))
}

const earlier = (one: Date, other: Date): Date => (one < other ? one : other)
const later = (one: Date, other: Date): Date => (one < other ? other : one)

/** The instant of a `Retry-After` in seconds or as a date (RFC 9110, 10.2.3); undefined for other statuses and texts. */
export function retryAfterOf({ status, headers }: EndpointResponse, now: Date): Date | undefined {
  const text = headers['retry-after'] ?? ''
  if (!NOT_NOW.has(status)) return undefined
  if (/^\d{1,10}$/.test(text)) return addSeconds(now, Number(text))
  const date = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : new Date(date)
}

/** Whether a message has waited long enough for an earlier one of its key. */
export const hasWaited = ({ queuedAt }: { queuedAt: Date }, now: Date): boolean =>
  now >= addSeconds(queuedAt, ORDER_WAIT_SECONDS)
