import { rowFromJson } from '@shop/db/json-row'
import { payments } from '@shop/db/schema/payments'
import { currency } from '@shop/kernel/currencies'
import { isId } from '@shop/kernel/ids'
import type { Payment } from '../domain/payment.ts'

/** A payment that was selected as `to_jsonb(p)`. */
export const toPaymentFromJson = (json: Record<string, unknown>): Payment => toPayment(rowFromJson(payments, json))

export function toPayment(row: typeof payments.$inferSelect): Payment {
  const { id, orderId, userId } = row
  if (!isId('payment', id) || !isId('order', orderId) || (userId !== null && !isId('user', userId))) {
    throw new Error(`Malformed ids in payment ${id}`)
  }
  return {
    id,
    orderId,
    userId,
    method: row.method,
    chargeNo: row.chargeNo,
    amount: row.amount,
    currency: currency(row.currency),
    state: row.state,
    captureMethod: row.captureMethod,
    capturedAmount: row.capturedAmount,
    refundedAmount: row.refundedAmount,
    creditedAmount: row.creditedAmount,
    reservedAmount: row.reservedAmount,
    intentId: row.intentId,
    clientSecret: row.clientSecret,
    customerId: row.stripeCustomerId,
    savesMethod: row.savesMethod,
    attempt: row.attempt,
    attemptMethod: row.attemptMethod,
    attemptUntil: row.attemptUntil,
    captureAmount: row.captureAmount,
    captureIsFinal: row.captureIsFinal,
    authorizedAt: row.authorizedAt,
    declineCode: row.declineCode,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    version: row.version,
  }
}
