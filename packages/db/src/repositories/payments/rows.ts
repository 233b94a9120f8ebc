import type { OrderActor, Payment, Refund } from '@shop/contracts'
import { currency, isId } from '@shop/kernel'
import type { payments, refunds } from '../../schema/payments.ts'

export function toPayment(row: typeof payments.$inferSelect): Payment {
  const { id, orderId, userId } = row
  if (!isId('payment', id) || !isId('order', orderId) || (userId !== null && !isId('user', userId))) {
    throw new Error(`Malformed ids in payment ${id}`)
  }
  return {
    id,
    orderId,
    userId,
    amount: row.amount,
    currency: currency(row.currency),
    state: row.state,
    captureMethod: row.captureMethod,
    capturedAmount: row.capturedAmount,
    refundedAmount: row.refundedAmount,
    reservedAmount: row.reservedAmount,
    intentId: row.intentId,
    clientSecret: row.clientSecret,
    customerId: row.stripeCustomerId,
    savesMethod: row.savesMethod,
    attempt: row.attempt,
    attemptMethod: row.attemptMethod,
    attemptUntil: row.attemptUntil,
    captureAmount: row.captureAmount,
    authorizedAt: row.authorizedAt,
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
    reason: row.why ?? row.slot,
    // Written from an OrderActor, and by nothing else.
    actor: row.actor as OrderActor,
    failure: row.failure,
    leaseUntil: row.leaseUntil,
    createdAt: row.createdAt,
  }
}
