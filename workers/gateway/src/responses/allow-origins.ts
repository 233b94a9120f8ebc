import type { Context, MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import type { GatewayContext } from '../deps.ts'
import { isAllowedOrigin } from './domain/origin.ts'
import { openHeaders } from './open-headers.ts'

const PREFLIGHT_SECONDS = 600

/**
 * Lets browsers of the allowed origins read the answers, refusals included. Tokens travel in headers, so cookies are
 * never allowed.
 *
 * Without an Origin header it is not a cross-origin request: then only Vary is set, because Hono's middleware copies the
 * response three times.
 */
export const allowOrigins: MiddlewareHandler<GatewayContext> = async (c, next) => {
  if (c.req.method === 'OPTIONS' || c.req.header('origin') !== undefined) return corsOf(c, next)
  await next()
  openHeaders(c).append('vary', 'Origin')
}

const corsOf: MiddlewareHandler<GatewayContext> = cors({
  // Hono types the context of this function loosely; it is the one of the middleware.
  origin: (origin, c) => (isAllowedOrigin(origin, (c as Context<GatewayContext>).get('deps').settings) ? origin : null),
  allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowHeaders: [
    'Authorization',
    'Content-Type',
    'Idempotency-Key',
    'If-Match',
    'If-None-Match',
    'X-Order-Token',
    'X-Cart-Token',
    'X-Request-Id',
    // Of tracing in browsers: W3C trace context and baggage, and Sentry's.
    'Traceparent',
    'Tracestate',
    'Baggage',
    'Sentry-Trace',
  ],
  exposeHeaders: ['X-Request-Id', 'Retry-After', 'Idempotency-Replayed', 'ETag', 'RateLimit', 'RateLimit-Policy'],
  maxAge: PREFLIGHT_SECONDS,
})
