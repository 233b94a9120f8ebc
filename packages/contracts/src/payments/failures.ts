import type { AccessFailure } from '../caller.ts'
import type { InvalidAmount } from '../money.ts'
import type {
  IdempotencyInFlight,
  IdempotencyKeyReused,
  OrderAlreadyPaid,
  OrderNotFound,
  OrderNotPayable,
} from '../orders/failures.ts'
import type { InvalidCursor } from '../pagination.ts'
import type { ServiceUnavailable } from '../service.ts'
import type { PaymentState } from './model.ts'

export type PaymentNotFound = { code: 'payment_not_found' }
export type PaymentInProgress = { code: 'payment_in_progress' }
export type PaymentDeclined = { code: 'payment_declined'; declineCode: string; paymentId: string }
export type PaymentMethodNotFound = { code: 'payment_method_not_found' }
export type ReconciliationInProgress = { code: 'reconciliation_in_progress' }
export type InvalidPaymentMethod = { code: 'invalid_payment_method' }
export type AmountMismatch = { code: 'amount_mismatch'; field: 'amount' | 'currency' }
export type AmountTooSmall = { code: 'amount_too_small'; minimum: number; currency: string }
export type AmountNotChargeable = { code: 'amount_not_chargeable' }
export type InvalidSignature = { code: 'invalid_signature' }
export type IdempotencyKeyRequired = { code: 'idempotency_key_required' }
/** `left` in major units: what was captured, less what went back or is on its way back. */
export type RefundExceedsCaptured = { code: 'refund_exceeds_captured'; left: number; currency: string }
/** Stripe will not give the money back; it is still here. */
export type RefundRefused = { code: 'refund_refused'; refundId: string; reason: string }
/** Only an authorized payment can be captured, and once. */
export type PaymentNotCapturable = { code: 'payment_not_capturable'; paymentStatus: PaymentState }
/** `authorized` in major units. */
export type CaptureExceedsAuthorized = { code: 'capture_exceeds_authorized'; authorized: number; currency: string }
/** Stripe did not answer, or not usefully: whether it acted is not known, and the sweep finds out. */
export type PaymentProviderUnavailable = { code: 'payment_provider_unavailable' }

/** Why a payment, or a part of it, cannot be moved by staff: for who asks, for what is asked, or because it was asked before. */
type StaffFailure =
  | AccessFailure
  | PaymentNotFound
  | InvalidAmount
  | AmountNotChargeable
  | IdempotencyKeyRequired
  | IdempotencyKeyReused
  | IdempotencyInFlight
  | ServiceUnavailable
export type RefundFailure = StaffFailure | RefundExceedsCaptured | RefundRefused

export type PaymentsFailure =
  | AccessFailure
  | OrderNotFound
  | OrderAlreadyPaid
  | OrderNotPayable
  | PaymentNotFound
  | PaymentInProgress
  | PaymentDeclined
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
