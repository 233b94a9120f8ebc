import type { LimitFigure } from '@shop/contracts'
import { ADDRESS_HEADER } from '@shop/kernel'
import type { Context } from 'hono'
import { setLimitHeaders } from './limit-headers.ts'

/** Whom the limits per address count the client as; the gateway says so of every request. */
export function addressOf(c: Context): string {
  return c.req.header(ADDRESS_HEADER) ?? 'unknown'
}

/** The answer, saying what limits it was under and what is left of them. */
export function withLimits<R extends Response>(response: R, limits: readonly LimitFigure[], now: Date): R {
  setLimitHeaders(response.headers, limits, now)
  return response
}
