/** Permits available at an instant (milliseconds). Below zero they are promised: their holders wait for them. */
export type Bucket = { permits: number; at: number }

/** `perSecond` permits are added each second, and up to `burst` are kept for use at once. */
export type Pace = { perSecond: number; burst: number }

export type Priority = 'customer' | 'background'

/**
 * A permit for `waitMs` from now; null when none comes in time, and then `retryAfterMs` says when to ask again.
 * `prefetched` counts further permits for now, so that a busy caller need not ask for each call.
 */
export type Permit = { waitMs: number | null; retryAfterMs: number; prefetched: number }

/**
 * The pace that keeps any one second within a limit: the burst and the permits of one second together are nine tenths
 * of it. The rest is for calls that are delayed on their way and so arrive closer together than their permits.
 */
export function paceWithin(limitPerSecond: number): Pace {
  return { perSecond: 0.7 * limitPerSecond, burst: Math.max(1, 0.2 * limitPerSecond) }
}

/** One in ten of the permits that are left is prefetched with a granted one. */
const PREFETCHED_SHARE = 10
const MAX_PREFETCHED = 10

/**
 * Grants a permit that comes within `withinMs`.
 *
 * Background work gets only what is available beyond half a burst, so that customers find permits.
 */
export function grantPermit(
  before: Bucket | undefined,
  pace: Pace,
  request: { priority: Priority; withinMs: number; now: number },
): { bucket: Bucket; permit: Permit } {
  const { priority, withinMs } = request
  const { permits: available, at } = bucketAt(before, pace, request.now)
  const minimum = priority === 'customer' ? (-withinMs * pace.perSecond) / 1_000 : Math.floor(pace.burst / 2)
  const left = available - 1
  if (left < minimum) {
    const permit = { waitMs: null, retryAfterMs: msUntil(minimum + 1, available, pace), prefetched: 0 }
    return { bucket: { permits: available, at }, permit }
  }
  const share = Math.min(MAX_PREFETCHED, Math.floor(left / PREFETCHED_SHARE))
  const prefetched = priority === 'customer' ? Math.max(0, share) : 0
  const permit = { waitMs: msUntil(0, left, pace), retryAfterMs: 0, prefetched }
  return { bucket: { permits: left - prefetched, at }, permit }
}

/** Grants no permit for `ms`, as Stripe has asked. */
export function pausePermits(before: Bucket | undefined, pace: Pace, request: { ms: number; now: number }): Bucket {
  const { permits, at } = bucketAt(before, pace, request.now)
  return { permits: Math.min(permits, 1 - (request.ms * pace.perSecond) / 1_000), at }
}

/** A clock that is set back adds no permits, now or later. */
function bucketAt(before: Bucket | undefined, { perSecond, burst }: Pace, now: number): Bucket {
  if (before === undefined) return { permits: burst, at: now }
  const at = Math.max(before.at, now)
  return { permits: Math.min(burst, before.permits + ((at - before.at) * perSecond) / 1_000), at }
}

function msUntil(wanted: number, permits: number, { perSecond }: Pace): number {
  return Math.max(0, Math.ceil(((wanted - permits) * 1_000) / perSecond))
}
