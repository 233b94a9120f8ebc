import { problem } from '@shop/http/problem'
import type { MiddlewareHandler } from 'hono'
import type { GatewayContext } from '../deps.ts'
import { isLocal } from './domain/is-local.ts'

/**
 * Refuses a request over plain HTTP, since everybody on the network can read its token. It is not redirected: a client that
 * keeps sending unencrypted tokens would seem to work (OWASP ASVS 5.0, V4.1.2). In development the shop may be on a local
 * network without TLS.
 */
export const requireHttps: MiddlewareHandler<GatewayContext> = async (c, next) => {
  const isPlain = c.req.url.startsWith('http:') && c.env.ENVIRONMENT !== 'development' && !isLocal(c.req.url)
  return isPlain ? problem(c, { code: 'malformed_request', detail: 'Send requests over HTTPS' }) : next()
}
