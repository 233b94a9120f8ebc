import { z } from 'zod'
import { CAPTURE_METHODS, PAYMENT_STATES, REFUND_STATES } from '../payments/states.ts'
import type { EventDefinition } from './define.ts'

/** The payment after the change. Amounts in minor units of `currency`. */
const payment = z.object({
  paymentId: z.string(),
  orderId: z.string(),
  /** Null for the order of a guest. */
  userId: z.string().nullable(),
  state: z.enum(PAYMENT_STATES),
  captureMethod: z.enum(CAPTURE_METHODS),
  /** The number of the order's charge that it pays, from 1; 0 for a payment by gift cards. */
  chargeNo: z.int(),
  amount: z.int(),
  currency: z.string(),
  capturedAmount: z.int(),
  /** What was captured before the change. */
  capturedBefore: z.int().default(0),
  refundedAmount: z.int(),
  /** Stripe's code of the last decline. */
  declineCode: z.string().nullable(),
})

/** The refund after the change, and the captured amount of its payment. Its reason and actor are added at delivery. */
const refund = z.object({
  refundId: z.string(),
  paymentId: z.string(),
  orderId: z.string(),
  amount: z.int(),
  currency: z.string(),
  state: z.enum(REFUND_STATES),
  capturedAmount: z.int(),
})

const dispute = z.object({
  disputeId: z.string(),
  paymentId: z.string(),
  amount: z.int(),
  currency: z.string(),
  /** Stripe's text. */
  reason: z.string(),
  status: z.string(),
})

const recorded = <P extends z.ZodObject>(payload: P) =>
  ({ version: 1, payload, key: 'paymentId', isPublic: true, consumers: [] }) as const
const toOrders = <P extends z.ZodObject>(payload: P) => ({ ...recorded(payload), consumers: ['orders'] }) as const

/**
 * The payment is the key of all these events, and `sequence` is its version after the change: refunds and disputes
 * change it too.
 */
export const PAYMENTS_EVENTS = {
  'payment.created': recorded(payment),
  /** With a decline code, the payment has failed: the customer gets a mail. */
  'payment.requires_payment_method': { ...recorded(payment), consumers: ['notifications'] },
  'payment.requires_confirmation': recorded(payment),
  'payment.requires_action': recorded(payment),
  'payment.processing': recorded(payment),
  /** Money is reserved: orders accepts it, or payments voids it. */
  'payment.authorized': toOrders(payment),
  /**
   * Money was captured: orders accepts it, or payments refunds it. While the state is `requires_capture`, more may follow, and
   * `capturedAmount` grows.
   */
  'payment.captured': toOrders(payment),
  'payment.canceled': recorded(payment),
  /** An authorization ended without a capture. */
  'payment.authorization_lost': toOrders(payment),
  'refund.created': recorded(refund),
  'refund.succeeded': toOrders(refund),
  /** Stripe refused the refund, or gave it up: the money has not moved. */
  'refund.failed': toOrders(refund),
  /** The bank returned a refund that had succeeded. */
  'refund.returned': toOrders(refund),
  'dispute.created': toOrders(dispute),
  'dispute.updated': toOrders(dispute),
  'dispute.closed': toOrders(dispute),
} as const satisfies Record<string, EventDefinition>
