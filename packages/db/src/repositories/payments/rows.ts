import { currency, isId, type Payment, type Refund } from '@shop/contracts'
import type { payments, refunds } from '../../schema/payments.ts'

export function toPayment(row: typeof payments.$inferSelect): Payment {
  if (!isId('payment', row.id) || !isId('order', row.orderId) || !isId('user', row.userId)) {
    throw new Error(`Malformed ids in payment ${row.id}`)
  }
  return {
    id: row.id,
    orderId: row.orderId,
    userId: row.userId,
    amount: row.amount,
    currency: currency(row.currency),
    state: row.state,
    intentId: row.intentId,
    clientSecret: row.clientSecret,
    attempt: row.attempt,
    attemptMethod: row.attemptMethod,
    attemptUntil: row.attemptUntil,
    declineCode: row.declineCode,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    version: row.version,
  }
}

export function toRefund(row: typeof refunds.$inferSelect): Refund {
  if (!isId('refund', row.id) || !isId('payment', row.paymentId) || !isId('order', row.orderId)) {
    throw new Error(`Malformed ids in refund ${row.id}`)
  }
  return {
    id: row.id,
    paymentId: row.paymentId,
    orderId: row.orderId,
    amount: row.amount,
    currency: currency(row.currency),
    state: row.state,
    stripeRefundId: row.stripeRefundId,
    reason: row.reason,
    createdAt: row.createdAt,
  }
}
