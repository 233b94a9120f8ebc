import { ADDRESS_HEADER, type LimitFigure, setLimitHeaders } from '@shop/contracts'
import type { Context } from 'hono'

/** Whom the limits per address count the client as; the gateway says so of every request. */
export function addressOf(c: Context): string {
  return c.req.header(ADDRESS_HEADER) ?? 'unknown'
}

/** The answer, saying what limits it was under and what is left of them. */
export function withLimits<R extends Response>(response: R, limits: readonly LimitFigure[], now: Date): R {
  setLimitHeaders(response.headers, limits, now)
  return response
}
