import { CATALOG_PROBLEMS, type CatalogFailure } from '@shop/contracts/catalog/failures'
import { EVENTS_PROBLEMS, type EventsFailure } from '@shop/contracts/events/failures'
import { NOTIFICATIONS_PROBLEMS, type NotificationsFailure } from '@shop/contracts/notifications/failures'
import { ORDERS_PROBLEMS, type OrdersFailure } from '@shop/contracts/orders/failures'
import { PAYMENTS_PROBLEMS, type PaymentsFailure } from '@shop/contracts/payments/failures'
import { USERS_PROBLEMS, type UsersFailure } from '@shop/contracts/users/failures'
import {
  type FieldError,
  KERNEL_PROBLEMS,
  type KernelFailure,
  type ProblemTable,
  type RateLimited,
} from '@shop/kernel/failures'
import { snakeCase } from '@shop/kernel/text'
import { z } from 'zod'

/** Failures of the HTTP layer itself, before any operation runs. */
export type HttpFailure =
  | { code: 'malformed_request'; detail: string }
  | { code: 'malformed_json' }
  | { code: 'unsupported_media_type'; detail?: string }
  | { code: 'body_too_large'; maximumBytes: number }
  | { code: 'request_timeout'; seconds: number }
  | { code: 'validation_failed'; errors: FieldError[]; moreErrors?: number }
  | { code: 'invalid_token'; reason: 'malformed' | 'expired' | 'not_trusted' | 'ended' }
  | { code: 'route_not_found' }
  | { code: 'method_not_allowed' }
  | RateLimited
  | { code: 'internal_error' }

const HTTP_PROBLEMS = {
  invalid_token: { status: 401, title: 'The access token is not valid' },
  malformed_request: { status: 400, title: 'The request cannot be read' },
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  body_too_large: { status: 413, title: 'The body is too large' },
  request_timeout: { status: 408, title: 'The body did not arrive in time' },
  validation_failed: { status: 422, title: 'The request is not valid' },
  route_not_found: { status: 404, title: 'No route matches this path' },
  method_not_allowed: { status: 405, title: 'This path does not support this method' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
} as const satisfies ProblemTable<HttpFailure>

export type Failure =
  | KernelFailure
  | UsersFailure
  | CatalogFailure
  | OrdersFailure
  | PaymentsFailure
  | NotificationsFailure
  | EventsFailure
  | HttpFailure
export type FailureCode = Failure['code']

/** The one table from failure to HTTP, composed of what each service declares beside its contract. */
export const PROBLEMS = {
  ...KERNEL_PROBLEMS,
  ...USERS_PROBLEMS,
  ...CATALOG_PROBLEMS,
  ...ORDERS_PROBLEMS,
  ...PAYMENTS_PROBLEMS,
  ...NOTIFICATIONS_PROBLEMS,
  ...EVENTS_PROBLEMS,
  ...HTTP_PROBLEMS,
} as const satisfies ProblemTable<Failure>

/** A problem on the wire (RFC 9457). Further members are the failure's own, in snake_case. */
export const ProblemView = z
  .looseObject({
    type: z.string().meta({ example: 'urn:shop:problem:validation_failed' }),
    title: z.string().meta({ example: 'The request is not valid' }),
    status: z.int().meta({ example: 422 }),
    detail: z.string().optional(),
    code: z.string().meta({ example: 'validation_failed' }),
    request_id: z.string().meta({ example: '0c8e5a52-6f0c-4a0c-9a57-1f3c1f5e7a11' }),
    errors: z
      .array(z.strictObject({ field: z.string(), message: z.string(), code: z.string().optional() }))
      .optional()
      .meta({ description: 'What is wrong with which field; at most 50. Some have a code of their own' }),
    more_errors: z.int().optional().meta({ description: 'How many more errors there are', example: 3 }),
  })
  .meta({ id: 'Problem' })
export type ProblemView = z.infer<typeof ProblemView>

export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

/**
 * The problem body of a failure. Failures contain only data that a client may see, so their members are copied
 * unchanged.
 */
export function toProblem(failure: Failure, requestId: string): ProblemView {
  const { code, ...members } = failure
  const { status, title } = PROBLEMS[code]
  const extensions = Object.fromEntries(Object.entries(members).map(([name, value]) => [snakeCase(name), value]))
  return { type: `urn:shop:problem:${code}`, title, status, ...extensions, code, request_id: requestId }
}

/** Seconds for Retry-After, where waiting helps: the failure's own, or those of its code. */
export function retryAfterSeconds(failure: Failure): number | undefined {
  if ('retryAfter' in failure) return failure.retryAfter
  const problem = PROBLEMS[failure.code]
  return 'retryAfter' in problem ? problem.retryAfter : undefined
}
