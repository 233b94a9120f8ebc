import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import type { GatewayContext } from '../context.ts'
import { settingsOf } from '../env.ts'
import { openHeaders } from '../open-headers.ts'

const PREFLIGHT_SECONDS = 600

/**
 * Lets browsers of the listed origins read the answers. Tokens travel in headers, so cookies are never allowed.
 *
 * Who names no origin is no page of another one, and only has to know that the answer depends on it: Hono's part makes
 * the answer anew three times.
 */
export const allowOrigins: MiddlewareHandler<GatewayContext> = async (c, next) => {
  if (c.req.method === 'OPTIONS' || c.req.header('origin') !== undefined) return corsOf(c, next)
  await next()
  openHeaders(c).append('vary', 'Origin')
}

const corsOf: MiddlewareHandler<GatewayContext> = cors({
  origin: (origin, c) => (settingsOf(c.env).corsOrigins.has(origin) ? origin : null),
  allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowHeaders: [
    'Authorization',
    'Content-Type',
    'Idempotency-Key',
    'If-None-Match',
    'X-Order-Token',
    'X-Request-Id',
    'Traceparent',
  ],
  exposeHeaders: ['X-Request-Id', 'Retry-After', 'Idempotency-Replayed', 'ETag', 'RateLimit', 'RateLimit-Policy'],
  maxAge: PREFLIGHT_SECONDS,
})
