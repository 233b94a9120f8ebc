import type { AccessFailure } from '@shop/kernel/caller'
import type { AmountNotChargeable } from '@shop/kernel/chargeable'
import type { KernelFailure, ProblemTable } from '@shop/kernel/failures'
import type { IdempotencyInFlight, IdempotencyKeyRequired, IdempotencyKeyReused } from '@shop/kernel/idempotency'
import type { InvalidAmount } from '@shop/kernel/money'
import type { InvalidCursor } from '@shop/kernel/pagination'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type {
  NothingToRefund,
  OrderAlreadyPaid,
  OrderChanged,
  OrderLineNotFound,
  OrderNotFound,
  OrderNotPayable,
  OrdersFailure,
  QuantityExceedsRefundable,
  RefundPartTooLarge,
} from '../orders/failures.ts'
import type { ReturnNotFound } from '../orders/return-failures.ts'
import type { PaymentState } from './states.ts'

export type PaymentNotFound = { code: 'payment_not_found' }
export type PaymentInProgress = { code: 'payment_in_progress' }
export type PaymentDeclined = { code: 'payment_declined'; declineCode: string; paymentId: string }
/** Too many declines of one order: paying it pauses for `retryAfter` seconds. */
export type PaymentAttemptsExhausted = { code: 'payment_attempts_exhausted'; retryAfter: number }
export type PaymentMethodNotFound = { code: 'payment_method_not_found' }
export type ReconciliationInProgress = { code: 'reconciliation_in_progress' }
export type InvalidPaymentMethod = { code: 'invalid_payment_method' }
export type AmountMismatch = { code: 'amount_mismatch'; field: 'amount' | 'currency' }
export type AmountTooSmall = { code: 'amount_too_small'; minimum: number; currency: string }
export type InvalidSignature = { code: 'invalid_signature' }
/** `left` in major units: the captured amount less completed and pending refunds. */
export type RefundExceedsCaptured = { code: 'refund_exceeds_captured'; left: number; currency: string }
/** Stripe refused the refund, so the shop still has the money. */
export type RefundRefused = { code: 'refund_refused'; refundId: string; reason: string }
/** Only an authorized payment can be captured, and only once. */
export type PaymentNotCapturable = { code: 'payment_not_capturable'; paymentStatus: PaymentState }
/** `authorized` in major units. */
export type CaptureExceedsAuthorized = { code: 'capture_exceeds_authorized'; authorized: number; currency: string }
/** Stripe did not answer usefully. Whether it acted is unknown until the sweep has asked again. */
export type PaymentProviderUnavailable = { code: 'payment_provider_unavailable' }

/** Failures of any staff request that moves the money of a payment. */
type StaffFailure =
  | AccessFailure
  | PaymentNotFound
  | InvalidAmount
  | AmountNotChargeable
  | IdempotencyKeyRequired
  | IdempotencyKeyReused
  | IdempotencyInFlight
  | ServiceUnavailable
/** Of a refund by line, whose units orders reserves. */
type LineRefundFailure =
  | OrderNotFound
  | OrderChanged
  | OrderLineNotFound
  | ReturnNotFound
  | QuantityExceedsRefundable
  | RefundPartTooLarge
  | NothingToRefund
export type RefundFailure = StaffFailure | LineRefundFailure | RefundExceedsCaptured | RefundRefused

export type PaymentsFailure =
  | AccessFailure
  | LineRefundFailure
  | OrderAlreadyPaid
  | OrderNotPayable
  | PaymentNotFound
  | PaymentInProgress
  | PaymentDeclined
  | PaymentAttemptsExhausted
  | InvalidPaymentMethod
  | PaymentMethodNotFound
  | ReconciliationInProgress
  | AmountMismatch
  | AmountTooSmall
  | AmountNotChargeable
  | InvalidSignature
  | PaymentProviderUnavailable
  | RefundExceedsCaptured
  | RefundRefused
  | PaymentNotCapturable
  | CaptureExceedsAuthorized
  | InvalidAmount
  | InvalidCursor
  | IdempotencyKeyRequired
  | IdempotencyKeyReused
  | IdempotencyInFlight
  | ServiceUnavailable

export const PAYMENTS_PROBLEMS = {
  payment_not_found: { status: 404, title: 'Payment not found' },
  payment_in_progress: { status: 409, title: 'A payment of this order is under way', retryAfter: 1 },
  payment_declined: { status: 402, title: 'The payment was declined' },
  payment_attempts_exhausted: { status: 429, title: 'Too many declined payments of this order' },
  invalid_payment_method: { status: 422, title: 'The payment method cannot be used' },
  payment_method_not_found: { status: 404, title: 'Saved payment method not found' },
  reconciliation_in_progress: { status: 409, title: 'A reconciliation with Stripe is already running', retryAfter: 5 },
  amount_mismatch: { status: 422, title: 'The amount differs from the order' },
  amount_too_small: { status: 422, title: 'The amount is below what can be charged' },
  refund_exceeds_captured: { status: 409, title: 'The refund exceeds the remaining amount' },
  refund_refused: { status: 409, title: 'The payment provider refuses the refund' },
  payment_not_capturable: { status: 409, title: 'The payment is not waiting to be captured' },
  capture_exceeds_authorized: { status: 409, title: 'The capture exceeds the authorized amount' },
  invalid_signature: { status: 400, title: 'The webhook signature is not valid' },
  payment_provider_unavailable: { status: 503, title: 'The payment provider does not answer', retryAfter: 5 },
} as const satisfies ProblemTable<Exclude<PaymentsFailure, KernelFailure | OrdersFailure>>
