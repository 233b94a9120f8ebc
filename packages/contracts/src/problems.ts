import type { CatalogFailure } from './catalog/failures.ts'
import type { OrdersFailure } from './orders/failures.ts'
import type { PaymentsFailure } from './payments/failures.ts'
import type { ProblemView } from './problem-view.ts'
import type { UsersFailure } from './users/failures.ts'

/** Failures of the HTTP layer itself, before any operation runs. */
export type HttpFailure =
  | { code: 'malformed_request'; detail: string }
  | { code: 'malformed_json' }
  | { code: 'unsupported_media_type' }
  | { code: 'body_too_large'; maximumBytes: number }
  | { code: 'validation_failed'; errors: FieldError[] }
  | { code: 'idempotency_key_required' }
  | { code: 'invalid_token'; reason: 'malformed' | 'expired' | 'not_trusted' }
  | { code: 'route_not_found' }
  | { code: 'method_not_allowed' }
  | { code: 'rate_limited'; retryAfter: number }
  | { code: 'internal_error' }

export type FieldError = { field: string; message: string }

export type Failure = UsersFailure | CatalogFailure | OrdersFailure | PaymentsFailure | HttpFailure
export type FailureCode = Failure['code']

export type ProblemStatus = 400 | 401 | 402 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 502 | 503

/** The one table from failure to HTTP. `retryAfter` in seconds becomes the Retry-After header. */
export const PROBLEMS = {
  authentication_required: { status: 401, title: 'Sign in first' },
  invalid_token: { status: 401, title: 'The access token is not valid' },
  wrong_credentials: { status: 401, title: 'E-mail or password is wrong' },
  invalid_refresh_token: { status: 401, title: 'The refresh token is not valid' },
  forbidden: { status: 403, title: 'Not allowed' },
  email_taken: { status: 409, title: 'This e-mail address has an account already' },
  too_busy: { status: 503, title: 'Too many sign-ins at the moment', retryAfter: 1 },

  product_not_found: { status: 404, title: 'Product not found' },
  out_of_stock: { status: 409, title: 'Not enough in stock' },
  stock_below_held: { status: 409, title: 'More units are held for open orders than that' },
  hold_conflict: { status: 409, title: 'The stock hold cannot be used again' },
  hold_gone: { status: 409, title: 'The stock hold has ended' },
  adjustment_conflict: { status: 409, title: 'The adjustment key was used for another adjustment' },
  invalid_amount: { status: 422, title: 'Not an amount of this currency' },
  invalid_cursor: { status: 422, title: 'Not a cursor of this list' },

  order_not_found: { status: 404, title: 'Order not found' },
  mixed_currencies: { status: 422, title: 'An order has one currency' },
  order_total_too_large: { status: 422, title: 'The order total is above what can be charged' },
  order_status_conflict: { status: 409, title: 'The order cannot move to this status' },
  order_changed: { status: 409, title: 'The order was changed by somebody else at the same time', retryAfter: 1 },
  idempotency_key_reused: { status: 422, title: 'The idempotency key was used with another request' },
  idempotency_in_flight: { status: 409, title: 'A request with this idempotency key is still running', retryAfter: 1 },
  idempotency_key_too_weak: { status: 422, title: 'Without an account an idempotency key needs 128 random bits' },
  order_not_payable: { status: 409, title: 'The order cannot be paid' },
  order_already_paid: { status: 409, title: 'The order is paid already' },

  payment_not_found: { status: 404, title: 'Payment not found' },
  payment_in_progress: { status: 409, title: 'A payment of this order is under way', retryAfter: 1 },
  payment_declined: { status: 402, title: 'The payment was declined' },
  invalid_payment_method: { status: 422, title: 'The payment method cannot be used' },
  payment_method_not_found: { status: 404, title: 'Saved payment method not found' },
  reconciliation_in_progress: { status: 409, title: 'Stripe is being compared already', retryAfter: 5 },
  amount_mismatch: { status: 422, title: 'The amount is not what the order says' },
  amount_too_small: { status: 422, title: 'The amount is below what can be charged' },
  amount_not_chargeable: { status: 422, title: 'This amount cannot be charged in this currency' },
  refund_exceeds_captured: { status: 409, title: 'Not so much of the payment is left' },
  refund_refused: { status: 409, title: 'The payment provider refuses the refund' },
  payment_not_capturable: { status: 409, title: 'The payment is not waiting to be captured' },
  capture_exceeds_authorized: { status: 409, title: 'Not so much was authorized' },
  invalid_signature: { status: 400, title: 'The webhook signature is not valid' },
  payment_provider_unavailable: { status: 503, title: 'The payment provider does not answer', retryAfter: 5 },

  malformed_request: { status: 400, title: 'The request cannot be read' },
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  body_too_large: { status: 413, title: 'The body is too large' },
  idempotency_key_required: { status: 400, title: 'This request needs an Idempotency-Key' },
  validation_failed: { status: 422, title: 'The request is not valid' },
  route_not_found: { status: 404, title: 'There is nothing at this path' },
  method_not_allowed: { status: 405, title: 'This path does not take this method' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
  service_unavailable: { status: 503, title: 'Temporarily unavailable', retryAfter: 5 },
} as const satisfies Record<FailureCode, { status: ProblemStatus; title: string; retryAfter?: number }>

export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** The problem body of a failure. Failures carry only what a client may see, so their members are shown as they are. */
export function toProblem(failure: Failure, requestId: string): ProblemView {
  const { code, ...members } = failure
  const { status, title } = PROBLEMS[code]
  const extensions = Object.fromEntries(Object.entries(members).map(([name, value]) => [snakeCase(name), value]))
  return { type: `urn:shop:problem:${code}`, title, status, ...extensions, code, request_id: requestId }
}

/** Seconds for Retry-After, where waiting helps. */
export function retryAfterSeconds(failure: Failure): number | undefined {
  if (failure.code === 'rate_limited') return failure.retryAfter
  const problem = PROBLEMS[failure.code]
  return 'retryAfter' in problem ? problem.retryAfter : undefined
}
