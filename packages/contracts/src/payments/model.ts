import type { CurrencyCode, OrderId, PaymentId, RefundId, UserId } from '@shop/kernel'
import type { OrderActor } from '../orders/states.ts'

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
  /** At Stripe, whose saved cards it may be paid with; null where nobody's. */
  customerId: string | null
  /** Whether the card that pays is saved with that customer. */
  savesMethod: boolean
  /** Counts the calls to Stripe that move this payment; part of their idempotency keys. */
  attempt: number
  /** The method the attempt under way confirms with, if it does. */
  attemptMethod: string | null
  /** While a call to Stripe is under way: when it counts as lost, and may be resumed. */
  attemptUntil: Date | null
  /** What an authorization is to be captured at, in minor units, once that has been decided. */
  captureAmount: number | null
  /** When the money was first seen reserved for the shop; kept when the authorization ends. */
  authorizedAt: Date | null
  declineCode: string | null
  createdAt: Date
  updatedAt: Date
  version: number
}

/**
 * What came of a request, kept with its idempotency key: the payment as it is, or that this request's attempt was
 * declined, or that its order could not take the money any more.
 */
export type PaymentAnswer =
  | { kind: 'payment' }
  | { kind: 'declined'; declineCode: string }
  | { kind: 'order_cancelled' }

export const REFUND_STATES = ['pending', 'succeeded', 'failed'] as const
export type RefundState = (typeof REFUND_STATES)[number]

/** Why the shop gives money back of itself: once each, for a payment. */
export type AutomaticRefundReason = 'order_cancelled'

export type Refund = {
  id: RefundId
  paymentId: PaymentId
  orderId: OrderId
  /** Minor units. While pending they are reserved: no other refund can have them. */
  amount: number
  currency: CurrencyCode
  state: RefundState
  stripeRefundId: string | null
  reason: string
  /** Who asked for it. */
  actor: OrderActor
  /** Why it failed. */
  failure: string | null
  /** While Stripe is being asked: when that counts as lost. */
  leaseUntil: Date | null
  createdAt: Date
}
