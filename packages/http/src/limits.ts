import type { LimitStatus } from '@shop/contracts/limits'
import { ADDRESS_HEADER } from '@shop/kernel/caller'
import type { Context } from 'hono'
import { setLimitHeaders } from './limit-headers.ts'

/**
 * What limits and caps count a client by: its IPv4 address, or the /48 of its IPv6 address. The gateway sets it on every
 * request.
 */
export function addressOf(c: Context): string {
  return c.req.header(ADDRESS_HEADER) ?? 'unknown'
}

/** The answer, with the headers of its limits. */
export function withLimits<R extends Response>(response: R, limits: readonly LimitStatus[], now: Date): R {
  setLimitHeaders(response.headers, limits, now)
  return response
}
