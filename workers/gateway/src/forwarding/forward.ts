import { acceptedLanguages } from '@shop/http/accepted-languages'
import { problem } from '@shop/http/problem'
import { currentTrace, type TraceContext } from '@shop/http/trace'
import { hasScope } from '@shop/kernel/access'
import { type Caller, PLACE_HEADER } from '@shop/kernel/caller'
import type { Context } from 'hono'
import { authenticate } from '../access/authenticate.ts'
import { checkSession } from '../access/check-session.ts'
import { requireStaffFactor } from '../access/require-staff-factor.ts'
import { auditWrite } from '../audit/audit-write.ts'
import { publicReadOf } from '../caching/domain/public-read.ts'
import { readPublic } from '../caching/read-public.ts'
import type { GatewayContext } from '../deps.ts'
import { isPayment } from '../limits/domain/limited.ts'
import { limitCarts } from '../limits/limit-carts.ts'
import { limitLive } from '../limits/limit-live.ts'
import { limitOrders } from '../limits/limit-orders.ts'
import { limitPayment } from '../limits/limit-payment.ts'
import { limitStorefront } from '../limits/limit-storefront.ts'
import { limitUser } from '../limits/limit-user.ts'
import { isExport } from '../privacy/domain/is-export.ts'
import { exportAccount } from '../privacy/export-account.ts'
import { isAllowedOrigin } from '../responses/domain/origin.ts'
import { askUpstream, UPSTREAM_TIMEOUT_MS } from './ask-upstream.ts'
import { forwardedHeaders } from './domain/forwarded-headers.ts'
import { placeHeaderOf } from './domain/place.ts'
import { requestLimitsOf } from './domain/request-limits.ts'
import { serviceOf } from './domain/routing.ts'
import { readBody } from './internal/read-body.ts'

/** Sends the request on to the worker that has its path, with the caller attached, and returns its answer. */
export async function forward(c: Context<GatewayContext>): Promise<Response> {
  const deps = c.get('deps')
  const { path, method, url, raw } = c.req
  const service = serviceOf(path)
  if (service === undefined) return problem(c, { code: 'route_not_found' })
  if (!isUpgradeAllowed(c)) return problem(c, { code: 'forbidden' })
  const caller = await authenticate(deps, { method, path, authorization: c.req.header('authorization') })
  if (!caller.ok) return problem(c, caller.failure)
  const factor = requireStaffFactor(deps, caller.value, { method, path })
  if (!factor.ok) return problem(c, factor.failure)
  c.set('callerKind', caller.value.kind === 'user' ? caller.value.role : caller.value.kind)
  const refusal = await limitCaller(c, caller.value)
  if (refusal !== undefined) return refusal
  // Staff bypass the caches, so that they read what they wrote.
  const publicRead = hasScope(caller.value, 'products:read') ? undefined : publicReadOf(publicRequestOf(c))
  if (publicRead !== undefined) return readPublic(c, publicRead, traceOf(c))
  // Beside reading the body. What anybody may read, the caller of an ended session may read, too.
  const checked = checkSession(deps, caller.value, method)
  const limits = requestLimitsOf(method, path)
  const began = Date.now()
  const body = await readBody(raw, limits)
  if (!body.ok) return closing(problem(c, body.failure))
  const overLimit = isPayment(method, path) ? await limitPayment(c, caller.value, body.value) : undefined
  if (overLimit !== undefined) return overLimit
  const session = await checked
  if (!session.ok) return problem(c, session.failure)
  if (isExport(path)) return exportAccount(c, caller.value)
  const trace = traceOf(c)
  // The time that a client takes to send does not count: it has waited for itself.
  const deadline = trace.deadline + Date.now() - began + limits.additionalMs
  const headers = forwardedHeaders(raw.headers, caller.value, { ...trace, deadline }, body.value)
  // Only sessions are kept with the place of their sign-in.
  const place = service.name === 'users' ? placeHeaderOf(raw.cf) : undefined
  if (place !== undefined) headers.set(PLACE_HEADER, place)
  const request = new Request(url, { method, headers, redirect: 'manual', body: body.value ?? null })
  const send = () =>
    askUpstream(deps.upstreams[service.name], service.name, request, UPSTREAM_TIMEOUT_MS + limits.additionalMs)
  return auditWrite(deps, caller.value, { method, path, requestId: trace.requestId }, send)
}

/**
 * Whether the page may open a WebSocket, which browsers open from any page without asking. A client that is no browser names no
 * origin.
 */
function isUpgradeAllowed(c: Context<GatewayContext>): boolean {
  const origin = c.req.header('origin')
  if (c.req.header('upgrade') === undefined || origin === undefined) return true
  return origin === new URL(c.req.url).origin || isAllowedOrigin(origin, c.get('deps').settings)
}

/** The refusal by the first limit of the caller that is reached. */
async function limitCaller(c: Context<GatewayContext>, caller: Caller): Promise<Response | undefined> {
  const refusal = (await limitUser(c, caller)) ?? (await limitStorefront(c, caller))
  return refusal ?? (await limitOrders(c, caller)) ?? (await limitCarts(c, caller)) ?? limitLive(c, caller)
}

const publicRequestOf = (c: Context<GatewayContext>) => ({
  method: c.req.method,
  url: c.req.url,
  languages: acceptedLanguages(c.req.header('accept-language')),
  locales: c.get('deps').locales,
})

/** Ends the connection after the answer, since the rest of the body would still come on it. */
function closing<R extends Response>(response: R): R {
  response.headers.set('connection', 'close')
  return response
}

function traceOf(c: Context<GatewayContext>): TraceContext {
  const trace = currentTrace()
  if (trace === undefined) throw new Error(`Nothing traces ${c.req.method} ${c.req.path}`)
  return trace
}
