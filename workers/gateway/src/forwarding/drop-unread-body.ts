import type { MiddlewareHandler } from 'hono'
import type { GatewayContext } from '../deps.ts'
import { dropBody } from './internal/read-body.ts'

/**
 * Middleware that drops the body of a request which was refused before it was read. Otherwise the connection ends while the
 * client, or a proxy before the gateway, still sends, and the answer may be lost (RFC 9112, section 9.6).
 *
 * The answer waits for it: the rest of a body that arrives after the answer ends the connection all the same.
 */
export const dropUnreadBody: MiddlewareHandler<GatewayContext> = async (c, next) => {
  await next()
  const { raw } = c.req
  if (raw.body !== null && !raw.bodyUsed) await dropBody(raw)
}
