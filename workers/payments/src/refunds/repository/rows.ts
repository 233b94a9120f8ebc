import type { OrderActor } from '@shop/contracts/orders/states'
import { rowFromJson } from '@shop/db/json-row'
import { refunds } from '@shop/db/schema/payments'
import { currency } from '@shop/kernel/currencies'
import { isId } from '@shop/kernel/ids'
import type { Refund } from '../domain/refund.ts'

/** A refund that was selected as `to_jsonb(r)`. */
export const toRefundFromJson = (json: Record<string, unknown>): Refund => toRefund(rowFromJson(refunds, json))

export function toRefund(row: typeof refunds.$inferSelect): Refund {
  if (
    !isId('refund', row.id) ||
    !isId('payment', row.paymentId) ||
    !isId('order', row.orderId) ||
    (row.partOf !== null && !isId('refund', row.partOf))
  ) {
    throw new Error(`Malformed ids in refund ${row.id}`)
  }
  return {
    id: row.id,
    paymentId: row.paymentId,
    orderId: row.orderId,
    amount: row.amount,
    currency: currency(row.currency),
    destination: row.destination,
    partOf: row.partOf,
    state: row.state,
    stripeRefundId: row.stripeRefundId,
    reason: row.reason,
    // Written from an OrderActor, and by nothing else.
    actor: row.actor as OrderActor,
    failure: row.failure,
    leaseUntil: row.leaseUntil,
    createdAt: row.createdAt,
  }
}
