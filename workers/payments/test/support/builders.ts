import type { PayableOrder } from '@shop/contracts/orders/rpc'
import { currency } from '@shop/kernel/currencies'
import type { DisputeReport } from '../../src/disputes/domain/dispute.ts'
import type { Intent } from '../../src/payments/domain/outcome.ts'
import type { Payment } from '../../src/payments/domain/payment.ts'
import type { Refund, RefundReport } from '../../src/refunds/domain/refund.ts'

export const now = new Date('2026-11-23T10:00:00.000Z')
export const USD = currency('USD')
export const EUR = currency('EUR')

/** Well-formed ids, which the operations check. */
const SUFFIX = '01jd4k2v9rf0fv8z3x1m5q7w2e'
export const PAYMENT_ID = `pay_${SUFFIX}` as const
export const REFUND_ID = `refund_${SUFFIX}` as const
export const ORDER_ID = `order_${SUFFIX}` as const

/** A payment of 25.00 USD that is being started with a card. */
export const aPayment = (over: Partial<Payment> = {}): Payment => ({
  id: PAYMENT_ID,
  orderId: ORDER_ID,
  userId: 'user_1',
  method: 'card',
  chargeNo: 1,
  amount: 2_500,
  currency: USD,
  state: 'starting',
  captureMethod: 'automatic',
  capturedAmount: 0,
  refundedAmount: 0,
  creditedAmount: 0,
  reservedAmount: 0,
  intentId: null,
  clientSecret: null,
  customerId: null,
  savesMethod: false,
  attempt: 1,
  attemptMethod: 'pm_card_visa',
  attemptUntil: now,
  captureAmount: null,
  captureIsFinal: true,
  authorizedAt: null,
  declineCode: null,
  createdAt: now,
  updatedAt: now,
  version: 1,
  ...over,
})

/** A payment of 25.00 USD that was captured. */
export const aCapturedPayment = (over: Partial<Payment> = {}): Payment =>
  aPayment({ state: 'succeeded', intentId: 'pi_1', capturedAmount: 2_500, attemptUntil: null, ...over })

/** A payment of 25.00 USD that is authorized. */
export const anAuthorizedPayment = (over: Partial<Payment> = {}): Payment =>
  aPayment({
    state: 'requires_capture',
    captureMethod: 'manual',
    intentId: 'pi_1',
    attemptUntil: null,
    authorizedAt: now,
    ...over,
  })

/** The PaymentIntent of {@link aPayment}. */
export const anIntent = (state: Intent['state'], over: Partial<Intent> = {}): Intent => ({
  intentId: 'pi_1',
  paymentId: PAYMENT_ID,
  amount: 2_500,
  capturedAmount: state === 'succeeded' ? 2_500 : 0,
  currency: USD,
  state,
  clientSecret: 'secret',
  declineCode: null,
  declinedCharge: null,
  ...over,
})

/** An automatic refund of all of {@link aPayment}. */
export const aRefund = (over: Partial<Refund> = {}): Refund => ({
  id: REFUND_ID,
  paymentId: PAYMENT_ID,
  orderId: ORDER_ID,
  amount: 2_500,
  currency: USD,
  state: 'pending',
  destination: 'card',
  partOf: null,
  stripeRefundId: null,
  reason: 'order_cancelled',
  actor: { kind: 'system' },
  failure: null,
  leaseUntil: now,
  createdAt: now,
  ...over,
})

/** What Stripe reports about {@link aRefund}. */
export const aRefundReport = (over: Partial<RefundReport> = {}): RefundReport => ({
  stripeRefundId: 're_1',
  refundId: REFUND_ID,
  intentId: 'pi_1',
  amount: 2_500,
  currency: USD,
  state: 'succeeded',
  failure: null,
  ...over,
})

export const aDisputeReport = (over: Partial<DisputeReport> = {}): DisputeReport => ({
  id: 'du_1',
  intentId: 'pi_1',
  amount: 2_500,
  currency: USD,
  reason: 'fraudulent',
  status: 'needs_response',
  evidenceDueAt: null,
  createdAt: now,
  closedAt: null,
  isWithdrawn: true,
  isReinstated: false,
  ...over,
})

/** The order of {@link aPayment}. */
export const anOrder = (over: Partial<PayableOrder> = {}): PayableOrder => ({
  orderId: ORDER_ID,
  userId: 'user_1',
  chargeNo: 1,
  amountDue: 2_500,
  currency: USD,
  taxCalculationId: null,
  expiresAt: now,
  ...over,
})

export const CUSTOMER = { kind: 'user', userId: 'user_1', role: 'customer' } as const
export const STAFF = { kind: 'user', userId: 'user_9', role: 'admin' } as const
