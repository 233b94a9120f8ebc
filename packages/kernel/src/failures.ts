import type { AccessFailure } from './caller.ts'
import type { AmountNotChargeable } from './chargeable.ts'
import type { CreatedAndDeleted } from './create-once.ts'
import type { IdempotencyInFlight, IdempotencyKeyRequired, IdempotencyKeyReused } from './idempotency.ts'
import type { MetadataTooLarge } from './metadata.ts'
import type { InvalidAmount } from './money.ts'
import type { InvalidCursor } from './pagination.ts'
import type { StepUpRequired } from './recent-proof.ts'
import type { ServiceUnavailable } from './unavailable.ts'
import type { VersionConflict } from './versions.ts'

/** A field of a request and its error, with a code where clients act on it; the body itself is `body`. */
export type FieldError = { field: string; message: string; code?: string }
/** `retryAfter` in seconds. */
export type RateLimited = { code: 'rate_limited'; retryAfter: number }
/** Staff without a second factor, in a shop that requires one of them. */
export type FactorRequired = { code: 'factor_required' }

export type ProblemStatus =
  | 400
  | 401
  | 402
  | 403
  | 404
  | 405
  | 408
  | 409
  | 412
  | 413
  | 415
  | 422
  | 426
  | 429
  | 500
  | 502
  | 503

/** How a failure is answered over HTTP. `retryAfter`, in seconds, becomes the Retry-After header. */
export type Problem = { status: ProblemStatus; title: string; retryAfter?: number }

/** The problems of a union of failures: one for each code, so that adding a failure without its problem does not compile. */
export type ProblemTable<F extends { code: string }> = Record<F['code'], Problem>

/** Failures that any service may answer. */
export type KernelFailure =
  | AccessFailure
  | StepUpRequired
  | FactorRequired
  | InvalidAmount
  | AmountNotChargeable
  | InvalidCursor
  | MetadataTooLarge
  | IdempotencyKeyRequired
  | IdempotencyKeyReused
  | IdempotencyInFlight
  | CreatedAndDeleted
  | ServiceUnavailable
  | VersionConflict

export const KERNEL_PROBLEMS = {
  authentication_required: { status: 401, title: 'Sign in first' },
  forbidden: { status: 403, title: 'Not allowed' },
  step_up_required: { status: 403, title: 'Prove again who you are' },
  factor_required: { status: 403, title: 'Staff of this shop need a second factor: add one first' },
  invalid_amount: { status: 422, title: 'Not an amount of this currency' },
  amount_not_chargeable: { status: 422, title: 'This amount cannot be charged in this currency' },
  invalid_cursor: { status: 422, title: 'Not a cursor of this list' },
  metadata_too_large: { status: 422, title: 'Too many pairs of metadata' },
  idempotency_key_required: { status: 400, title: 'This request needs an Idempotency-Key' },
  idempotency_key_reused: { status: 422, title: 'The idempotency key was used with another request' },
  idempotency_in_flight: { status: 409, title: 'A request with this idempotency key is still running', retryAfter: 1 },
  created_and_deleted: { status: 409, title: 'What this idempotency key created was deleted since' },
  version_conflict: { status: 412, title: 'Changed since the version in If-Match' },
  service_unavailable: { status: 503, title: 'Temporarily unavailable', retryAfter: 5 },
} as const satisfies ProblemTable<KernelFailure>
