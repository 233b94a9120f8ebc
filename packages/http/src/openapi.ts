// Importing the kit first extends zod with the metadata that the generator reads.
import { createRoute as declareRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { type FailureCode, PROBLEM_MEDIA_TYPE, PROBLEMS, ProblemView } from './problems.ts'

/**
 * Declares a route. Query parameters that it does not declare are refused by name, as unknown fields of a body are: a
 * misspelled filter would otherwise list everything. A query with a catchall checks the other names itself.
 *
 * @throws Error for a query that is no object, since its parameters would be unknown
 */
export const createRoute: typeof declareRoute = (route) => {
  const query = route.request?.query ?? z.object({})
  if (!(query instanceof z.ZodObject)) throw new Error(`The query of ${route.method} ${route.path} is no object`)
  // Strictness does not change the type of what is accepted.
  const checked = query.def.catchall === undefined ? query.strict() : query
  return declareRoute({ ...route, request: { ...route.request, query: checked } } as typeof route)
}

type ProblemContent = { description: string; content: { 'application/problem+json': { schema: typeof ProblemView } } }
type ProblemResponses<C extends FailureCode> = { [S in (typeof PROBLEMS)[C]['status']]: ProblemContent }

/** What every route with a body can answer before its operation runs. */
export const BODY_PROBLEMS = [
  'malformed_json',
  'unsupported_media_type',
  'body_too_large',
  'request_timeout',
  'validation_failed',
] as const satisfies FailureCode[]

/** What every route can answer, whatever it does. */
const COMMON_PROBLEMS = [
  'malformed_request',
  // An unknown query parameter.
  'validation_failed',
  'invalid_token',
  // To staff without a second factor, where one is required.
  'factor_required',
  'rate_limited',
  'internal_error',
  'service_unavailable',
] as const satisfies FailureCode[]

/** Declares the problems a route answers, those every route can answer included: one response per status, naming its codes. */
export function problems<const C extends FailureCode>(
  ...codes: C[]
): ProblemResponses<C | (typeof COMMON_PROBLEMS)[number]> {
  const byStatus = new Map<number, FailureCode[]>()
  for (const code of new Set<FailureCode>([...codes, ...COMMON_PROBLEMS])) {
    const { status } = PROBLEMS[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  const responses = [...byStatus].map(([status, sharing]) => [
    status,
    {
      description: sharing.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('; '),
      content: { [PROBLEM_MEDIA_TYPE]: { schema: ProblemView } },
    },
  ])
  // fromEntries loses the key type; the keys are the statuses of `codes` by construction.
  return Object.fromEntries(responses)
}

/** A response with a JSON body. */
export function json<S extends z.ZodType>(description: string, schema: S) {
  return { description, content: { 'application/json': { schema } } } as const
}

/** A required JSON request body. */
export function jsonBody<S extends z.ZodType>(schema: S) {
  return { required: true, content: { 'application/json': { schema } } } as const
}

/** A required body that is a merge patch (RFC 7396), under its own media type or as plain JSON. */
export function mergePatchBody<S extends z.ZodType>(schema: S) {
  return {
    required: true,
    content: { 'application/json': { schema }, 'application/merge-patch+json': { schema } },
  } as const
}

/** Marks an operation that needs a signed-in caller. */
export const BEARER = [{ bearer: [] }]

/** Marks an operation that anybody may call, and that does more for a signed-in caller. */
export const BEARER_OR_NOTHING = [...BEARER, {}]

/** Marks an operation on an order for a signed-in caller or the holder of the order's token. */
export const BEARER_OR_ORDER_TOKEN = [...BEARER, { order_token: [] }]

/** Marks an operation on a cart for its owner or the holder of the cart's token. */
export const BEARER_OR_CART_TOKEN = [...BEARER, { cart_token: [] }]
