import type { PaymentsEvent, RefundDetails } from '@shop/contracts/orders/rpc'
import { newId } from '@shop/http/ids'
import type { PaymentId, RefundId } from '@shop/kernel/ids'
import type { Order } from '../../src/orders/domain/order.ts'

type PaymentType = 'payment.authorized' | 'payment.captured' | 'payment.authorization_lost'
type RefundType = 'refund.succeeded' | 'refund.failed' | 'refund.returned'

let lastId = 0

const envelope = (paymentId: PaymentId) => {
  lastId += 1
  return { id: lastId, version: 1, key: paymentId, sequence: lastId, createdAt: new Date('2026-11-23T10:00:00.000Z') }
}

/** An event of a payment of the whole order, as payments sends it. */
export function paymentEvent<T extends PaymentType>(
  type: T,
  order: Order,
  paymentId: PaymentId,
  over: {
    amount?: number
    capturedAmount?: number
    capturedBefore?: number
    state?: string
    currency?: string
    orderId?: string
  } = {},
): Extract<PaymentsEvent, { type: T }> {
  const event = {
    ...envelope(paymentId),
    type,
    payload: {
      paymentId,
      orderId: order.id,
      userId: order.userId,
      state: type === 'payment.captured' ? 'succeeded' : 'requires_capture',
      captureMethod: 'manual',
      chargeNo: 1,
      amount: order.total,
      currency: order.currency,
      capturedAmount: type === 'payment.captured' ? order.total : 0,
      capturedBefore: 0,
      refundedAmount: 0,
      declineCode: null,
      ...over,
    },
  }
  // The compiler cannot see that the payload is the same for each T.
  return event as unknown as Extract<PaymentsEvent, { type: T }>
}

export const REFUND_DETAILS: RefundDetails = {
  reason: 'requested_by_customer',
  actor: { kind: 'staff', userId: newId('user') },
}

/** An event of a refund, 5.00 by default, of a payment that captured the whole order. */
export function refundEvent<T extends RefundType>(
  type: T,
  order: Order,
  refund: { paymentId: PaymentId; refundId?: RefundId; amount?: number },
): Extract<PaymentsEvent, { type: T }> {
  const { paymentId, refundId = newId('refund'), amount = 500 } = refund
  const event = {
    ...envelope(paymentId),
    type,
    payload: {
      refundId,
      paymentId,
      orderId: order.id,
      amount,
      currency: order.currency,
      state: type === 'refund.succeeded' ? 'succeeded' : 'failed',
      capturedAmount: order.total,
    },
    details: REFUND_DETAILS,
  }
  // The compiler cannot see that the payload is the same for each T.
  return event as unknown as Extract<PaymentsEvent, { type: T }>
}

/** An event of a dispute of all the order's money, with what banks hold of it, and have returned, in all. */
export function disputeEvent(
  order: Order,
  paymentId: PaymentId,
  details: { disputed: number; chargedBack: number },
): Extract<PaymentsEvent, { type: 'dispute.created' }> {
  const payload = { disputeId: 'du_1', paymentId, amount: order.total, currency: order.currency }
  return {
    ...envelope(paymentId),
    type: 'dispute.created',
    payload: { ...payload, reason: 'fraudulent', status: 'needs_response' },
    details: { orderId: order.id, ...details },
  }
}
