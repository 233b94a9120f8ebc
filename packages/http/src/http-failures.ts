import type { FieldError, ProblemTable, RateLimited } from '@shop/kernel/failures'

/** Failures of the HTTP layer itself, before any operation runs. */
export type HttpFailure =
  | { code: 'malformed_request'; detail: string }
  | { code: 'malformed_json' }
  | { code: 'unsupported_media_type'; detail?: string }
  | { code: 'body_too_large'; maximumBytes: number }
  | { code: 'validation_failed'; errors: FieldError[]; moreErrors?: number }
  | { code: 'invalid_token'; reason: 'malformed' | 'expired' | 'not_trusted' }
  | { code: 'route_not_found' }
  | { code: 'method_not_allowed' }
  | RateLimited
  | { code: 'internal_error' }

export const HTTP_PROBLEMS = {
  invalid_token: { status: 401, title: 'The access token is not valid' },
  malformed_request: { status: 400, title: 'The request cannot be read' },
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  body_too_large: { status: 413, title: 'The body is too large' },
  validation_failed: { status: 422, title: 'The request is not valid' },
  route_not_found: { status: 404, title: 'No route matches this path' },
  method_not_allowed: { status: 405, title: 'This path does not support this method' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
} as const satisfies ProblemTable<HttpFailure>
