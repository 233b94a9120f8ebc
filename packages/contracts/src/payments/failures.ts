import type { AccessFailure } from '../caller.ts'
import type { OrderAlreadyPaid, OrderNotFound, OrderNotPayable } from '../orders/failures.ts'
import type { ServiceUnavailable } from '../service.ts'

export type PaymentNotFound = { code: 'payment_not_found' }
export type PaymentInProgress = { code: 'payment_in_progress' }
export type PaymentDeclined = { code: 'payment_declined'; declineCode: string; paymentId: string }
export type InvalidPaymentMethod = { code: 'invalid_payment_method' }
export type AmountMismatch = { code: 'amount_mismatch'; field: 'amount' | 'currency' }
export type AmountTooSmall = { code: 'amount_too_small'; minimum: number; currency: string }
export type AmountNotChargeable = { code: 'amount_not_chargeable' }
export type InvalidSignature = { code: 'invalid_signature' }
/** Stripe did not answer, or not usefully: whether it acted is not known, and the sweep finds out. */
export type PaymentProviderUnavailable = { code: 'payment_provider_unavailable' }

export type PaymentsFailure =
  | AccessFailure
  | OrderNotFound
  | OrderAlreadyPaid
  | OrderNotPayable
  | PaymentNotFound
  | PaymentInProgress
  | PaymentDeclined
  | InvalidPaymentMethod
  | AmountMismatch
  | AmountTooSmall
  | AmountNotChargeable
  | InvalidSignature
  | PaymentProviderUnavailable
  | ServiceUnavailable
