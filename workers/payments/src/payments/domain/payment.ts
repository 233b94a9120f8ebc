import type { OrderAlreadyPaid } from '@shop/contracts/orders/failures'
import type { PayableOrder } from '@shop/contracts/orders/rpc'
import type {
  AmountMismatch,
  InvalidPaymentMethod,
  PaymentAttemptsExhausted,
  PaymentInProgress,
} from '@shop/contracts/payments/failures'
import type { CaptureMethod, PaymentMethod, PaymentState } from '@shop/contracts/payments/states'
import { hasScope } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { OrderId, PaymentId, UserId } from '@shop/kernel/ids'
import { toMinor } from '@shop/kernel/money'
import { fail, ok, type Result } from '@shop/kernel/result'
import { secondsUntil } from '@shop/kernel/time'

/** One payment of an order. Amounts in minor units. */
export type Payment = {
  id: PaymentId
  orderId: OrderId
  /** Null for the order of a guest. */
  userId: UserId | null
  /** A payment by gift cards is kept for its refunds: Stripe knows nothing of it. */
  method: PaymentMethod
  /** Which charge of its order it pays, from 1; 0 for gift cards. */
  chargeNo: number
  /** What was due for that charge. */
  amount: number
  currency: CurrencyCode
  state: PaymentState
  captureMethod: CaptureMethod
  capturedAmount: number
  refundedAmount: number
  /** What of the refunded amount went to gift cards, and not through Stripe. */
  creditedAmount: number
  /** What pending refunds have reserved of the captured amount. */
  reservedAmount: number
  intentId: string | null
  clientSecret: string | null
  /** The Stripe customer whose saved cards may pay; null for nobody's. */
  customerId: string | null
  /** Whether the card that pays is saved with that customer. */
  savesMethod: boolean
  /** Counts the calls to Stripe that move this payment; part of their idempotency keys. */
  attempt: number
  /** The method that the current attempt confirms with, if it does. */
  attemptMethod: string | null
  /** While a call to Stripe is under way: when it counts as lost and may be resumed. */
  attemptUntil: Date | null
  /** The amount that the current attempt captures of an authorization, if it does. */
  captureAmount: number | null
  /** Whether that capture releases the rest. */
  captureIsFinal: boolean
  /** When the authorization was first seen; kept when it ends. */
  authorizedAt: Date | null
  declineCode: string | null
  createdAt: Date
  updatedAt: Date
  version: number
}

/** The amount that a client expects, in major units. The order decides what is charged. */
export type ExpectedAmount = { amount?: number | undefined; currency?: CurrencyCode | undefined }

/** Refuses a client that expects to pay something other than what is due. */
export function checkExpectedAmount(
  order: Pick<PayableOrder, 'amountDue' | 'currency'>,
  expected: ExpectedAmount,
): Result<undefined, AmountMismatch> {
  if (expected.currency !== undefined && expected.currency !== order.currency) {
    return fail({ code: 'amount_mismatch', field: 'currency' })
  }
  if (expected.amount === undefined) return ok()
  const minor = toMinor(expected.amount, order.currency)
  return minor.ok && minor.value === order.amountDue ? ok() : fail({ code: 'amount_mismatch', field: 'amount' })
}

/** Whether a text can be the id of a Stripe payment method, or the name of a test card. A card number in disguise cannot. */
export function isMethodId(text: string): boolean {
  return /^pm_[A-Za-z0-9_]{1,200}$/.test(text) && !/\d{12,}/.test(text.replaceAll('_', ''))
}

/** Words for a kind of payment that older clients send. They choose nothing. */
export const METHOD_KINDS = ['card', 'credit_card', 'debit_card'] as const

/**
 * The Stripe payment method that a request names, in its current field or the older one; undefined when it names none, so
 * that the client confirms with Stripe.
 *
 * @returns `invalid_payment_method` for any other text: tokens and card numbers must never be taken for a kind of payment
 */
export function methodOf(request: {
  paymentMethod?: string | undefined
  paymentMethodId?: string | undefined
}): Result<string | undefined, InvalidPaymentMethod> {
  const { paymentMethod: named, paymentMethodId: id } = request
  const isKnown = named === undefined || isMethodId(named) || METHOD_KINDS.some((kind) => kind === named)
  if (!isKnown || (id !== undefined && !isMethodId(id))) return fail({ code: 'invalid_payment_method' })
  return ok(id ?? (named !== undefined && isMethodId(named) ? named : undefined))
}

/** This many declines of an order pause its payments. */
export const MAX_DECLINES = 10

/** The pause after that many declines, and after each further one; the last is repeated. */
export const PAUSES_SECONDS = [60, 120, 240, 480, 960, 1_920, 3_600] as const

/**
 * The payment of a charge, and until when the order's declines pause its payments. While they do, it may be one that was canceled, or
 * one of another charge, so not the current one: the next has to wait.
 */
export type OrderPayment = { payment: Payment; isCurrent: boolean; pausedUntil: Date | undefined }

type NextStep = { kind: 'show' } | { kind: 'confirm'; method: string }

/**
 * What a further request may do with the payment that its order already has: `confirm` it with a method, or `show` it.
 *
 * @returns `payment_in_progress` while a call to Stripe is under way or the money is on its way
 */
export function nextStep(
  { payment, isCurrent, pausedUntil }: OrderPayment,
  method: string | undefined,
  now: Date,
): Result<NextStep, PaymentInProgress | OrderAlreadyPaid | PaymentAttemptsExhausted> {
  if (isCurrent) {
    const { state, attemptUntil } = payment
    if (state === 'succeeded' || state === 'requires_capture') return fail({ code: 'order_already_paid' })
    const isUnderWay = attemptUntil !== null || state === 'starting' || state === 'processing'
    if (isUnderWay) return fail({ code: 'payment_in_progress' })
  }
  // Showing it is refused too: it hands out the client secret, with which the client tries cards at Stripe.
  if (pausedUntil !== undefined && pausedUntil > now) {
    return fail({ code: 'payment_attempts_exhausted', retryAfter: secondsUntil(pausedUntil, now) })
  }
  return ok(method === undefined ? { kind: 'show' } : { kind: 'confirm', method })
}

/** What Stripe has refunded of a payment. */
export const refundedByStripe = ({
  refundedAmount,
  creditedAmount,
}: Pick<Payment, 'refundedAmount' | 'creditedAmount'>) => refundedAmount - creditedAmount

/** Whether the caller may see the payment without an order token: the owner of its order may, and `payments:read`. */
export function isVisibleTo(payment: Pick<Payment, 'userId'>, caller: Caller): boolean {
  return hasScope(caller, 'payments:read') || (caller.kind === 'user' && payment.userId === caller.userId)
}
