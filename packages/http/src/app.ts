import { OpenAPIHono } from '@hono/zod-openapi'
import type { FieldError } from '@shop/kernel'
import { CALLER_HEADER, type Caller, parseCaller } from '@shop/kernel'
import type { MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { routePath } from 'hono/route'
import type { z } from 'zod'
import { isJsonOrNothing } from './body.ts'
import { answerConditionally } from './conditional.ts'
import { isUnavailable } from './errors.ts'
import { log } from './log.ts'
import { openApiDocument } from './openapi-document.ts'
import { problem } from './problem.ts'
import { REQUEST_ID_HEADER } from './request-id.ts'
import { currentTrace, withTrace } from './trace.ts'
import { formatTrips, ROUTE_HEADER, TRIPS_HEADER, traceContextOf } from './trace-context.ts'

export type AppEnv<Bindings extends object, Deps> = {
  Bindings: Bindings
  Variables: { requestId: string; caller: Caller; deps: Deps }
}

export type ShopApp<Bindings extends object, Deps> = OpenAPIHono<AppEnv<Bindings, Deps>>

/**
 * The Hono app every domain worker starts from: request id, caller, dependencies, problem details for whatever goes
 * wrong, and the worker's part of the API description at `/openapi.json`.
 *
 * @param deps what the worker's operations need, made from its bindings
 * @param rawPaths paths whose body is taken as it is, whatever its media type
 */
export function createApp<Bindings extends object, Deps>(options: {
  deps: (env: Bindings) => Deps
  rawPaths?: readonly string[]
}) {
  const app = new OpenAPIHono<AppEnv<Bindings, Deps>>({
    strict: false,
    defaultHook: (result, c) => {
      if (!result.success) return problem(c, { code: 'validation_failed', errors: fieldErrors(result.error) })
    },
  })
  const context: MiddlewareHandler<AppEnv<Bindings, Deps>> = async (c, next) => {
    const trace = traceContextOf(c.req.raw.headers, Date.now())
    c.set('requestId', trace.requestId)
    c.header(REQUEST_ID_HEADER, trace.requestId)
    c.header('cache-control', 'no-store')
    c.set('caller', parseCaller(c.req.header(CALLER_HEADER)))
    await withTrace(trace, async () => {
      c.set('deps', options.deps(c.env))
      await next()
      // For the gateway, which logs one line for the whole request.
      // In place: `c.header` would make the whole answer anew each time.
      c.res.headers.set(TRIPS_HEADER, formatTrips(currentTrace()?.trips ?? {}))
      c.res.headers.set(ROUTE_HEADER, routePath(c, -1))
    })
  }
  app.use(context, answerConditionally)
  app.use(async (c, next) => {
    const { path, method, raw } = c.req
    if (isJsonOrNothing(raw) || options.rawPaths?.includes(path)) return next()
    // What no route takes is told that, and not how to send it.
    return allowedMethods(app.routes, path).includes(method) ? problem(c, { code: 'unsupported_media_type' }) : next()
  })
  app.get('/openapi.json', (c) => c.json(openApiDocument(app)))
  app.notFound((c) => {
    const allowed = allowedMethods(app.routes, c.req.path)
    if (allowed.length === 0) return problem(c, { code: 'route_not_found' })
    const response = problem(c, { code: 'method_not_allowed' })
    response.headers.set('allow', allowed.join(', '))
    return response
  })
  app.onError((error, c) => {
    if (error instanceof HTTPException && error.status === 400) return problem(c, { code: 'malformed_json' })
    const unavailable = isUnavailable(error)
    log('error', unavailable ? 'dependency_unavailable' : 'unexpected_error', {
      method: c.req.method,
      path: c.req.path,
      error,
    })
    return problem(c, { code: unavailable ? 'service_unavailable' : 'internal_error' })
  })
  return app
}

/** Names each wrong field by its path, such as `items.0.quantity`; the body itself is `body`. */
function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.join('.')
    if (issue.code !== 'unrecognized_keys') return [{ field: path || 'body', message: issue.message }]
    return issue.keys.map((key) => ({ field: path ? `${path}.${key}` : key, message: 'is not a known field' }))
  })
}

function allowedMethods(routes: { method: string; path: string }[], path: string): string[] {
  const trimmed = path.length > 1 ? path.replace(/\/$/, '') : path
  const matching = routes.filter(
    (route) => route.method !== 'ALL' && new RegExp(`^${route.path.replace(/:[^/]+/g, '[^/]+')}$`).test(trimmed),
  )
  return [...new Set(matching.map((route) => route.method))].sort()
}
