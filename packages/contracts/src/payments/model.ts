import type { CurrencyCode } from '../currencies.ts'
import type { OrderId, PaymentId, RefundId, UserId } from '../ids.ts'

/**
 * `starting`: not known to Stripe yet; the others are the states of its PaymentIntent.
 * Source: https://docs.stripe.com/payments/paymentintents/lifecycle
 */
export const PAYMENT_STATES = [
  'starting',
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
  'requires_capture',
  'processing',
  'succeeded',
  'canceled',
] as const
export type PaymentState = (typeof PAYMENT_STATES)[number]

export const CAPTURE_METHODS = ['automatic', 'manual'] as const
export type CaptureMethod = (typeof CAPTURE_METHODS)[number]

export type Payment = {
  id: PaymentId
  orderId: OrderId
  /** Null for the order of a guest. */
  userId: UserId | null
  /** Minor units; always the order's total. */
  amount: number
  currency: CurrencyCode
  state: PaymentState
  /** How its money is taken: at once, or authorized now and captured at shipping. */
  captureMethod: CaptureMethod
  /** Minor units: what was captured, what of it was given back, and what refunds under way have reserved. */
  capturedAmount: number
  refundedAmount: number
  reservedAmount: number
  intentId: string | null
  clientSecret: string | null
  /** Counts the calls to Stripe that move this payment; part of their idempotency keys. */
  attempt: number
  /** The method the attempt under way confirms with, if it does. */
  attemptMethod: string | null
  /** While a call to Stripe is under way: when it counts as lost, and may be resumed. */
  attemptUntil: Date | null
  declineCode: string | null
  createdAt: Date
  updatedAt: Date
  version: number
}

export type RefundState = 'pending' | 'succeeded' | 'failed'
export type Refund = {
  id: RefundId
  paymentId: PaymentId
  orderId: OrderId
  amount: number
  currency: CurrencyCode
  state: RefundState
  stripeRefundId: string | null
  reason: string
  createdAt: Date
}
