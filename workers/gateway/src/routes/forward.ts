import type { HttpFailure } from '@shop/http'
import { problem } from '@shop/http/problem'
import { currentTrace, REQUEST_BUDGET_MS, type TraceContext } from '@shop/http/trace'
import { ANONYMOUS, type Caller, fail, isStaff, ok, type Result } from '@shop/kernel'
import type { Context } from 'hono'
import { verifyAccessToken } from '../access-token.ts'
import { takeBody } from '../body.ts'
import type { GatewayContext, GatewayDeps } from '../context.ts'
import { presented } from '../domain/authorization.ts'
import { forwardedHeaders } from '../domain/forwarding.ts'
import { publicReadOf } from '../domain/public-read.ts'
import { takesCaller, upstreamOf } from '../domain/upstreams.ts'
import { settingsOf, upstreams } from '../env.ts'
import { limitUser } from '../limit-user.ts'
import { askUpstream } from '../upstream.ts'
import { readPublic } from './read-public.ts'

/** A little more than the workers have, so that they can say themselves what went wrong. */
export const UPSTREAM_TIMEOUT_MS = REQUEST_BUDGET_MS + 300

/** Hands the request to the worker whose path it is, with the caller attached, and its answer back. */
export async function forward(c: Context<GatewayContext>, deps: GatewayDeps): Promise<Response> {
  const service = upstreamOf(c.req.path)
  if (service === null) return problem(c, { code: 'route_not_found' })
  const caller = await callerOf(c, deps)
  if (!caller.ok) return problem(c, caller.failure)
  c.set('callerKind', caller.value.kind === 'user' ? caller.value.role : 'anonymous')
  const refusal = await limitUser(c, caller.value)
  if (refusal !== null) return refusal
  // Who may change products is answered by the catalog itself, and so reads what he wrote.
  const publicRead = isStaff(caller.value) ? null : publicReadOf(c.req.method, c.req.url)
  if (publicRead !== null) return readPublic(c, deps, publicRead, traceOf(c))
  const body = await takeBody(c.req.raw)
  if (!body.ok) return problem(c, body.failure)
  const request = new Request(c.req.raw, {
    headers: forwardedHeaders(c.req.raw.headers, caller.value, traceOf(c)),
    redirect: 'manual',
    ...(body.value === undefined ? {} : { body: body.value }),
  })
  return askUpstream(upstreams(c.env)[service], service, request, UPSTREAM_TIMEOUT_MS)
}

function traceOf(c: Context<GatewayContext>): TraceContext {
  const trace = currentTrace()
  if (trace === undefined) throw new Error(`Nothing traces ${c.req.method} ${c.req.path}`)
  return trace
}

type InvalidToken = Extract<HttpFailure, { code: 'invalid_token' }>

async function callerOf(c: Context<GatewayContext>, deps: GatewayDeps): Promise<Result<Caller, InvalidToken>> {
  if (!takesCaller(c.req.path)) return ok(ANONYMOUS)
  const authorization = presented(c.req.header('authorization'))
  if (authorization.kind === 'nothing') return ok(ANONYMOUS)
  if (authorization.kind === 'unreadable') return fail({ code: 'invalid_token', reason: 'malformed' })
  const { issuer, audience } = settingsOf(c.env)
  return verifyAccessToken(authorization.token, deps.keys(c.env), { issuer, audience, now: deps.now() })
}
