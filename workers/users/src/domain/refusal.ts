import type { LimitFigure } from '@shop/contracts'
import { secondsUntil } from '@shop/http'
import type { RateLimited } from '@shop/kernel'

/** The refusal that the limits call for, or null. It lasts until the last of those that refuse allows more. */
export function refusalOf(figures: readonly LimitFigure[], now: Date): RateLimited | null {
  const waits = figures.filter(({ isAllowed }) => !isAllowed).map(({ resetsAt }) => secondsUntil(resetsAt, now))
  return waits.length === 0 ? null : { code: 'rate_limited', retryAfter: Math.max(...waits) }
}
