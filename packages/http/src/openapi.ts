// Importing the kit first extends zod with the metadata that the generator reads.
import { createRoute as declareRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { type Access, accessInWords, describeAccess, securityOf } from './access.ts'
import { guardOf, refusalsOf } from './access-guard.ts'
import { type FailureCode, PROBLEM_MEDIA_TYPE, PROBLEMS, ProblemView } from './problems.ts'

type RouteConfig = Parameters<typeof declareRoute>[0]
type Declaration = Omit<RouteConfig, 'security' | 'middleware'> & {
  access: Access
  /** These follow from `access`. */
  security?: never
  middleware?: never
}

/** The refusals that follow from `access`, so that handlers can answer them. 401 is declared for every route. */
type Refusals<A extends Access> = A['kind'] extends 'signed_in' | 'scope' ? ProblemResponses<'forbidden'> : object

type Declared<R extends Declaration> = Omit<R, 'access' | 'responses' | 'security' | 'middleware'> & {
  responses: R['responses'] & Refusals<R['access']>
  getRoutingPath(): ReturnType<ReturnType<typeof declareRoute<R['path'], R>>['getRoutingPath']>
}

/**
 * Declares a route, and who may call it: the check before the body is read, the security of the API description and the
 * refusals follow from `access`.
 *
 * Query parameters that it does not declare are refused by name, as unknown fields of a body are: a
 * misspelled filter would otherwise list everything. A query with a catchall checks the other names itself.
 *
 * @throws Error for a query that is no object, since its parameters would be unknown
 */
export function createRoute<P extends string, R extends Declaration & { path: P }>(declaration: R): Declared<R> {
  const { access, ...route } = declaration
  const query = route.request?.query ?? z.object({})
  if (!(query instanceof z.ZodObject)) throw new Error(`The query of ${route.method} ${route.path} is no object`)
  // Strictness does not change the type of what is accepted.
  const checked = query.def.catchall === undefined ? query.strict() : query
  const guard = guardOf(access)
  const added = {
    request: { ...route.request, query: checked },
    responses: withProblems(route.responses, [...refusalsOf(access), ...bodyRefusalsOf(route.method)]),
    ...describedAccess(access, route.description),
    ...(guard && { middleware: guard }),
  }
  // What was added changes no type but that of the responses.
  return declareRoute({ ...route, ...added } as unknown as RouteConfig & { path: P }) as unknown as Declared<R>
}

function describedAccess(access: Access, description: string | undefined) {
  const words = accessInWords(access)
  const paragraphs = [description, words].filter((text) => text !== undefined)
  return {
    security: securityOf(access),
    'x-access': describeAccess(access),
    ...(paragraphs.length > 0 && { description: paragraphs.join('\n\n') }),
  }
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

/** What a route can answer to a body that it does not take: the gateway reads that of each of these methods. */
const SENT_BODY_PROBLEMS = ['unsupported_media_type', 'body_too_large', 'request_timeout'] as const
const METHODS_WITH_BODY: readonly string[] = ['post', 'put', 'patch']

const bodyRefusalsOf = (method: string) => (METHODS_WITH_BODY.includes(method) ? SENT_BODY_PROBLEMS : [])

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
  const responses = withProblems({}, [...codes, ...COMMON_PROBLEMS])
  // The keys are the statuses of `codes` by construction.
  return responses as ProblemResponses<C | (typeof COMMON_PROBLEMS)[number]>
}

/** The responses with these problems too: the response of a status names all codes that it may have. */
function withProblems(responses: RouteConfig['responses'], codes: FailureCode[]): RouteConfig['responses'] {
  const described = { ...responses }
  for (const code of codes) {
    const { status, title } = PROBLEMS[code]
    const known = descriptionsOf(described[status])
    const description = [...new Set([...known, `\`${code}\`: ${title}`])].join('; ')
    described[status] = { description, content: { [PROBLEM_MEDIA_TYPE]: { schema: ProblemView } } }
  }
  return described
}

const descriptionsOf = (response: object | undefined): string[] =>
  response !== undefined && 'description' in response ? String(response.description).split('; ') : []

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
