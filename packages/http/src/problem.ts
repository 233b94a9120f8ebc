import type { Context, TypedResponse } from 'hono'
import type { JSONParsed } from 'hono/utils/types'
import type { ProblemView } from './problems.ts'
import { type Failure, PROBLEM_MEDIA_TYPE, PROBLEMS, retryAfterSeconds, toProblem } from './problems.ts'
import { REQUEST_ID_HEADER, requestIdOf } from './request-id.ts'

export type StatusOf<F extends Failure> = (typeof PROBLEMS)[F['code']]['status']
type ProblemAnswer<F extends Failure> = F extends unknown
  ? TypedResponse<JSONParsed<ProblemView>, StatusOf<F>, 'json'>
  : never

/** The problem response of a failure, for places without a Hono context. */
export function problemResponse(failure: Failure, requestId: string): Response {
  const headers = new Headers({
    'content-type': PROBLEM_MEDIA_TYPE,
    'cache-control': 'no-store',
    [REQUEST_ID_HEADER]: requestId,
  })
  const { status } = PROBLEMS[failure.code]
  const retryAfter = retryAfterSeconds(failure)
  if (retryAfter !== undefined) headers.set('retry-after', String(retryAfter))
  const challenge = challengeOf(failure, status)
  if (challenge !== undefined) headers.set('www-authenticate', challenge)
  return new Response(JSON.stringify(toProblem(failure, requestId)), { status, headers })
}

/** Answers a failure. The type carries its status, so a route that did not declare it does not compile. */
export function problem<F extends Failure>(c: Context, failure: F): Response & ProblemAnswer<F> {
  const response = problemResponse(failure, c.get('requestId') ?? requestIdOf(c.req.raw.headers))
  // A Response has no static status, so its type is taken from the table that made it.
  return response as Response & ProblemAnswer<F>
}

/** Answers 405 with the methods that the path takes (RFC 9110, section 15.5.6). */
export function methodNotAllowed(c: Context, allowed: string[]): Response {
  const response = problem(c, { code: 'method_not_allowed' })
  response.headers.set('allow', allowed.join(', '))
  return response
}

/** RFC 6750, section 3: a request without a token gets no error code; one with a bad token or too few scopes does. */
function challengeOf(failure: Failure, status: number): string | undefined {
  if (failure.code === 'forbidden' && failure.requiredScope !== undefined) {
    return `Bearer error="insufficient_scope", scope="${failure.requiredScope}"`
  }
  if (status !== 401) return undefined
  return failure.code === 'invalid_token' ? 'Bearer error="invalid_token"' : 'Bearer'
}
