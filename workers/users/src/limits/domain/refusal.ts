import type { LimitStatus } from '@shop/contracts/limits'
import type { RateLimited } from '@shop/kernel/failures'
import { secondsUntil } from '@shop/kernel/time'

/** The refusal that the limits call for, if any. It lasts until the last limit that refuses allows more. */
export function refusalOf(statuses: readonly LimitStatus[], now: Date): RateLimited | undefined {
  const waits = statuses.filter(({ isAllowed }) => !isAllowed).map(({ resetsAt }) => secondsUntil(resetsAt, now))
  return waits.length === 0 ? undefined : { code: 'rate_limited', retryAfter: Math.max(...waits) }
}
