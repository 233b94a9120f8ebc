import { problem } from '@shop/http/problem'
import type { MiddlewareHandler } from 'hono'
import type { GatewayContext } from '../deps.ts'
import { isLocal } from './domain/is-local.ts'

/**
 * Refuses a request over plain HTTP, whose token everybody on the way can read. It is not redirected: then a client that goes on
 * sending tokens in the clear would seem to work (OWASP ASVS 5.0, V4.1.2). In development the shop may be on a local network
 * without TLS.
 */
export const requireHttps: MiddlewareHandler<GatewayContext> = async (c, next) => {
  const isPlain = c.req.url.startsWith('http:') && c.env.ENVIRONMENT !== 'development' && !isLocal(c.req.url)
  return isPlain ? problem(c, { code: 'malformed_request', detail: 'Send requests over HTTPS' }) : next()
}
