import { type Db, isUniqueViolation } from '@shop/db'
import { type SQL, sql } from 'drizzle-orm'
import { announceFrom } from '../../announcements/repository.ts'
import type { Order, OrderChange, OrderEvent } from '../domain/order.ts'

/** `lost`: another writer was first, so read and decide again. `repeated`: this refund, or its return, is recorded. */
export type Saved = 'saved' | 'lost' | 'repeated'

const ONCE_PER_REFUND = ['order_events_refund', 'order_events_refund_returned']

/**
 * Saves a change with its event and its announcement, if any, unless the order changed since it was read.
 *
 * One statement, not read-then-write: neon-http has no interactive transactions, so the WHERE clause is the lock.
 */
export async function saveChange(db: Db, { order, event, announce }: OrderChange): Promise<Saved> {
  const parts = [sql`changed as (${updateRow(order)})`, sql`event as (${appendEvent(event)})`]
  if (announce !== null) parts.push(sql`announced as (${announceFrom(sql`changed`, announce)})`)
  try {
    const { rows } = await db.execute(sql`with ${sql.join(parts, sql`, `)} select version from changed`)
    return rows.length === 1 ? 'saved' : 'lost'
  } catch (error) {
    if (ONCE_PER_REFUND.some((index) => isUniqueViolation(error, index))) return 'repeated'
    throw error
  }
}

const updateRow = (order: Order): SQL => sql`
  update orders.orders
  set status = ${order.status}, payment_status = ${order.paymentStatus}, cancel_reason = ${order.cancelReason},
      payment_id = ${order.paymentId}, captured_amount = ${order.capturedAmount},
      refunded_amount = ${order.refundedAmount}, stock_committed = ${order.stockCommitted},
      expires_at = ${order.expiresAt.toISOString()}, updated_at = ${order.updatedAt.toISOString()},
      version = version + 1
  where id = ${order.id} and version = ${order.version - 1}
  returning id, version, updated_at`

const appendEvent = ({ type, actor, data }: OrderEvent): SQL => sql`
  insert into orders.order_events (order_id, seq, type, at, actor, data)
  select id, version, ${type}, updated_at, ${JSON.stringify(actor)}::jsonb, ${JSON.stringify(data)}::jsonb from changed`
