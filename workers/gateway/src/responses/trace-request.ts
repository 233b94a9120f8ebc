import { withInvocation } from '@shop/http/invocation'
import { log } from '@shop/http/log'
import { REQUEST_ID_HEADER, requestIdOf } from '@shop/http/request-id'
import { addTrips, currentTrace, REQUEST_BUDGET_MS, withTrace } from '@shop/http/trace'
import {
  CACHE_HEADER,
  childTraceparent,
  INTERNAL_PREFIX,
  parseTrips,
  ROUTE_HEADER,
  TRIPS_HEADER,
} from '@shop/http/trace-context'
import type { Context, MiddlewareHandler } from 'hono'
import type { GatewayContext } from '../deps.ts'
import { serverTiming } from './domain/server-timing.ts'
import { openHeaders } from './open-headers.ts'

/**
 * Gives every request an id, a trace and a deadline, and logs one line for it. Removes the internal headers of the workers from the answer.
 */
export const traceRequest: MiddlewareHandler<GatewayContext> = async (c, next) => {
  const startedAt = Date.now()
  const requestId = requestIdOf(c.req.raw.headers)
  c.set('requestId', requestId)
  const traceparent = childTraceparent(c.req.header('traceparent'))
  const trace = { requestId, traceparent, deadline: startedAt + REQUEST_BUDGET_MS }
  const serve = async () => {
    await next()
    addTrips(parseTrips(c.res.headers.get(TRIPS_HEADER)))
    const route = c.res.headers.get(ROUTE_HEADER) ?? c.req.path
    finish(c, { route, durationMs: Date.now() - startedAt })
  }
  await withInvocation({ calls: 0 }, () => withTrace(trace, serve))
}

function finish(c: Context<GatewayContext>, { route, durationMs }: { route: string; durationMs: number }): void {
  const trips = currentTrace()?.trips ?? {}
  const cache = c.res.headers.get(CACHE_HEADER) ?? undefined
  const headers = openHeaders(c)
  for (const name of [...headers.keys()]) if (name.startsWith(INTERNAL_PREFIX)) headers.delete(name)
  headers.set(REQUEST_ID_HEADER, c.get('requestId'))
  if (c.env.ENVIRONMENT === 'development') headers.set('server-timing', serverTiming(durationMs, trips, cache))
  log('info', 'request', {
    caller: c.get('callerKind') ?? 'unknown',
    method: c.req.method,
    route,
    status: c.res.status,
    duration_ms: durationMs,
    trips,
    ...(cache === undefined ? {} : { cache }),
  })
}
