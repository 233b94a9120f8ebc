import type { OrderNotPayable } from '@shop/contracts/orders/failures'
import type {
  InvalidPaymentMethod,
  PaymentDeclined,
  PaymentProviderUnavailable,
} from '@shop/contracts/payments/failures'
import type { PaymentState } from '@shop/contracts/payments/states'
import type { AmountNotChargeable } from '@shop/kernel/chargeable'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { PaymentId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Payment } from './payment.ts'

/** A PaymentIntent as Stripe reports it; amounts in minor units. */
export type Intent = {
  intentId: string
  /** From the metadata. Null for an intent that this shop did not create. */
  paymentId: PaymentId | null
  amount: number
  /** 0 before the capture. */
  capturedAmount: number
  currency: CurrencyCode
  state: Exclude<PaymentState, 'starting'>
  clientSecret: string | null
  declineCode: string | null
  /** The charge that was declined; null where there is none, as when the customer failed to authenticate. */
  declinedCharge: string | null
}

/**
 * What Stripe answered to one call.
 *
 * - `refused`: the call had no effect and never will.
 * - `busy`: the call was not made, because there was no permit. An earlier call with its key may have been made.
 * - `unknown`: it may or may not have had an effect. Asking again with the same key tells, unless `isReplayed`: then
 *   Stripe repeats this answer for as long as it keeps the key.
 */
export type StripeAnswer =
  | { kind: 'intent'; intent: Intent }
  | { kind: 'declined'; intent: Intent; declineCode: string }
  | { kind: 'refused'; reason: 'invalid_payment_method' | 'amount_not_chargeable' }
  | { kind: 'busy' }
  | { kind: 'unknown'; isReplayed: boolean }

/**
 * What a payment is for the customer who pays. Also stored with the idempotency key, as the answer to its repetition.
 *
 * - `paid`, `authorized`: the order took the money, or the authorization.
 * - `pending`: the customer has to act, the money is on its way, or orders did not answer; then the sweep asks it again.
 * - `declined`: the bank refused; another method may be tried.
 * - `reversed`: the order could not take the money, so the payment was canceled, voided or refunded.
 */
export type PaymentOutcome =
  | { kind: 'paid' | 'authorized' | 'pending' | 'reversed' }
  | { kind: 'declined'; declineCode: string }

/** A payment as recorded, and what it is for the customer. */
export type SettledPayment = { payment: Payment; outcome: PaymentOutcome }

/** The outcome that a state has unless its order decides otherwise. */
export function outcomeOf({ state, declineCode }: Pick<Payment, 'state' | 'declineCode'>): PaymentOutcome {
  switch (state) {
    case 'succeeded':
      return { kind: 'paid' }
    case 'requires_capture':
      return { kind: 'authorized' }
    case 'canceled':
      return { kind: 'reversed' }
    case 'requires_payment_method':
      return declineCode === null ? { kind: 'pending' } : { kind: 'declined', declineCode }
    default:
      return { kind: 'pending' }
  }
}

/** The failures of a call to Stripe that reported nothing about the payment. */
export type CallFailure = InvalidPaymentMethod | AmountNotChargeable | PaymentProviderUnavailable

/** @returns the PaymentIntent that an answer reports, or why it reports none */
export function intentOf(answer: StripeAnswer): Result<Intent, CallFailure> {
  if (answer.kind === 'intent' || answer.kind === 'declined') return ok(answer.intent)
  return fail({ code: answer.kind === 'refused' ? answer.reason : 'payment_provider_unavailable' })
}

/** The one translation of outcomes into the client's answer. */
export function toResult({ payment, outcome }: SettledPayment): Result<Payment, PaymentDeclined | OrderNotPayable> {
  switch (outcome.kind) {
    case 'declined':
      return fail({ code: 'payment_declined', declineCode: outcome.declineCode, paymentId: payment.id })
    case 'reversed':
      return fail({ code: 'order_not_payable', orderStatus: 'cancelled' })
    default:
      return ok(payment)
  }
}
