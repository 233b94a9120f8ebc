import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import type { GatewayContext } from '../context.ts'
import { settingsOf } from '../env.ts'

const PREFLIGHT_SECONDS = 600

/** Lets browsers of the listed origins read the answers. Tokens travel in headers, so cookies are never allowed. */
export const allowOrigins: MiddlewareHandler<GatewayContext> = cors({
  origin: (origin, c) => (settingsOf(c.env).corsOrigins.has(origin) ? origin : null),
  allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-None-Match', 'X-Request-Id', 'Traceparent'],
  exposeHeaders: ['X-Request-Id', 'Retry-After', 'Idempotency-Replayed', 'ETag', 'RateLimit', 'RateLimit-Policy'],
  maxAge: PREFLIGHT_SECONDS,
})
