import type { Limit } from '@shop/contracts/limit'
import type { LimitStatus } from '@shop/contracts/limits'
import { secondsUntil } from '@shop/kernel/time'

/**
 * The limits that apply to an answer, and, where known, the remaining quota.
 *
 * Source: https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-10
 */
export const POLICY_HEADER = 'ratelimit-policy'
export const STATUS_HEADER = 'ratelimit'

/** `"address";q=600;w=60`: quota, and window in seconds. */
export function formatPolicy({ name, quota, windowSeconds }: Limit): string {
  return `"${name}";q=${quota};w=${windowSeconds}`
}

/** `"sign-in";r=29;t=60`: what remains, and the seconds until the window ends. */
function formatStatus({ limit, remaining, resetsAt }: LimitStatus, now: Date): string {
  return `"${limit.name}";r=${remaining};t=${secondsUntil(resetsAt, now)}`
}

/** Sets both headers; neither when no status is known. */
export function setLimitHeaders(headers: Headers, statuses: readonly LimitStatus[], now: Date): void {
  if (statuses.length === 0) return
  headers.set(POLICY_HEADER, statuses.map(({ limit }) => formatPolicy(limit)).join(', '))
  headers.set(STATUS_HEADER, statuses.map((status) => formatStatus(status, now)).join(', '))
}
