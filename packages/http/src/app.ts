import { OpenAPIHono } from '@hono/zod-openapi'
import { CALLER_HEADER, type Caller } from '@shop/kernel/caller'
import { parseCaller } from '@shop/kernel/caller-header'
import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { answerError } from './answer-error.ts'
import { decodeStrictly, mediaFault } from './body.ts'
import { answerConditionally } from './conditional.ts'
import { validationFailed } from './field-errors.ts'
import { withInvocation } from './invocation.ts'
import { openApiDocument } from './openapi-document.ts'
import { methodNotAllowed, problem } from './problem.ts'
import { REQUEST_ID_HEADER } from './request-id.ts'
import { currentTrace, withTrace } from './trace.ts'
import { formatTrips, ROUTE_HEADER, TRIPS_HEADER, traceContextOf } from './trace-context.ts'

/**
 * Made by the gateway for a request: one to get here, at times one for the keys of tokens or for an API key, and two that write
 * down what staff did.
 */
const CALLS_BEFORE = 4

export type AppEnv<Bindings extends object, Deps> = {
  Bindings: Bindings
  Variables: { requestId: string; caller: Caller; deps: Deps }
}

export type ShopApp<Bindings extends object, Deps> = OpenAPIHono<AppEnv<Bindings, Deps>>

/**
 * The Hono app every domain worker starts from: request id, caller, dependencies, problem details for every error, and
 * the worker's part of the API description at `/openapi.json`.
 *
 * @param deps what the worker's operations need, made from its bindings
 * @param rawPaths paths whose body is accepted unparsed, whatever its media type
 */
export function createApp<Bindings extends object, Deps>(options: {
  deps: (env: Bindings) => Deps
  rawPaths?: readonly string[]
}) {
  const app = new OpenAPIHono<AppEnv<Bindings, Deps>>({
    strict: false,
    defaultHook: (result, c) => {
      if (!result.success) return problem(c, validationFailed(result.error))
    },
  })
  const context: MiddlewareHandler<AppEnv<Bindings, Deps>> = async (c, next) => {
    const trace = traceContextOf(c.req.raw.headers, Date.now())
    c.set('requestId', trace.requestId)
    c.header(REQUEST_ID_HEADER, trace.requestId)
    c.header('cache-control', 'no-store')
    c.set('caller', parseCaller(c.req.header(CALLER_HEADER)))
    const serve = async () => {
      c.set('deps', options.deps(c.env))
      await next()
      // For the gateway, which logs one line for the whole request.
      // Set in place: `c.header` would copy the whole response each time.
      c.res.headers.set(TRIPS_HEADER, formatTrips(currentTrace()?.trips ?? {}))
      c.res.headers.set(ROUTE_HEADER, routePath(c, -1))
    }
    await withInvocation({ calls: CALLS_BEFORE }, () => withTrace(trace, serve))
  }
  app.use(context, answerConditionally)
  app.use(async (c, next) => {
    const { path, method, raw } = c.req
    if (method === 'GET' || method === 'HEAD') return next()
    const isRaw = options.rawPaths?.includes(path) ?? false
    const fault = mediaFault(raw, isRaw)
    // An unknown route is reported as such, before its media type is checked.
    if (fault !== undefined && allowedMethods(app.routes, path).includes(method)) {
      return problem(c, { code: 'unsupported_media_type', ...fault })
    }
    decodeStrictly(c.req, isRaw)
    return next()
  })
  app.get('/openapi.json', (c) => c.json(openApiDocument(app)))
  app.notFound((c) => {
    const allowed = allowedMethods(app.routes, c.req.path)
    return allowed.length === 0 ? problem(c, { code: 'route_not_found' }) : methodNotAllowed(c, allowed)
  })
  app.onError((error, c) => answerError(error, c))
  return app
}

function allowedMethods(routes: { method: string; path: string }[], path: string): string[] {
  const trimmed = path.length > 1 ? path.replace(/\/$/, '') : path
  const matching = routes.filter(
    (route) => route.method !== 'ALL' && new RegExp(`^${route.path.replace(/:[^/]+/g, '[^/]+')}$`).test(trimmed),
  )
  return [...new Set(matching.map((route) => route.method))].sort()
}
