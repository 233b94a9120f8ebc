import { problem } from '@shop/http/problem'
import type { MiddlewareHandler } from 'hono'
import type { GatewayContext } from '../deps.ts'
import { urlProblem } from './domain/url.ts'

/** Refuses a URL that cannot be read, before any route sees it. */
export const checkUrl: MiddlewareHandler<GatewayContext> = async (c, next) => {
  const detail = urlProblem(c.req.url)
  return detail === undefined ? next() : problem(c, { code: 'malformed_request', detail })
}
