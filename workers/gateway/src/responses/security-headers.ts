import type { MiddlewareHandler } from 'hono'
import type { GatewayContext } from '../deps.ts'
import { isLocal } from './domain/is-local.ts'
import { openHeaders } from './open-headers.ts'

const ONE_YEAR_SECONDS = 31_536_000
/** For data: a browser that shows it as a page may load and frame nothing. */
const DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Sets the headers of every answer. A page that needs a wider policy has set its own already. */
export const securityHeaders: MiddlewareHandler<GatewayContext> = async (c, next) => {
  await next()
  const headers = openHeaders(c)
  headers.set('x-content-type-options', 'nosniff')
  headers.set('referrer-policy', 'no-referrer')
  if (!headers.has('content-security-policy')) headers.set('content-security-policy', DATA_POLICY)
  // Browsers ignore it over plain HTTP, and a developer's localhost must not be pinned to HTTPS (RFC 6797, 7.2).
  if (c.req.url.startsWith('https:') && !isLocal(c.req.url)) {
    headers.set('strict-transport-security', `max-age=${ONE_YEAR_SECONDS}; includeSubDomains`)
  }
}
