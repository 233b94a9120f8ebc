import { ORDER_EVENT_TYPES, type OrderEventType } from '@shop/contracts/orders/states'
import { ask, type Db } from '@shop/db/client'
import { isUniqueViolation } from '@shop/db/errors'
import { statement } from '@shop/db/statement'
import { sql } from 'drizzle-orm'
import { uncountCtes } from '../../buyers/repository.ts'
import { orderEventCtes } from '../../events/repository.ts'
import { returnUsesCtes } from '../../promotions/repository/return-uses.ts'
import type { OrderChange, OrderEventData } from '../domain/order.ts'

/** `lost`: another writer was first, so read and decide again. `repeated`: this refund, or its return, is recorded. */
export type Saved = 'saved' | 'lost' | 'repeated'

const ONCE_PER_REFUND = ['order_events_refund', 'order_events_refund_returned']

const p = (name: string) => sql.placeholder(name)

const readBefore = sql`
  select id, counted_in, counted_units from orders.orders
  where id = ${p('id')} and version = ${p('version')}::int - 1 for update`

/** Whether this change cancels an order for which nothing was paid. */
const ENDS_UNPAID = sql`(
  o.status <> 'cancelled' and ${p('status')}::text = 'cancelled'
  and (o.payment_status in ('unpaid', 'authorized') or o.total = 0))`

const updateRow = sql`
  update orders.orders o
  set status = ${p('status')}, payment_status = ${p('paymentStatus')}, cancel_reason = ${p('cancelReason')},
      payment_id = ${p('paymentId')}, captured_amount = ${p('capturedAmount')}, refunded_amount = ${p('refundedAmount')},
      refund_failed = nullif(${p('refundFailed')}::boolean, false),
      disputed_amount = nullif(${p('disputedAmount')}::bigint, 0),
      charged_back_amount = nullif(${p('chargedBackAmount')}::bigint, 0),
      stock_committed = ${p('stockCommitted')}, expires_at = ${p('expiresAt')}::timestamptz,
      metadata = ${p('metadata')}::jsonb, updated_at = ${p('updatedAt')}::timestamptz, version = version + 1,
      ended_unpaid = o.ended_unpaid or ${ENDS_UNPAID},
      counted_in = case when ${p('status')}::text = 'pending' then o.counted_in else '{}' end,
      counted_units = case when ${p('status')}::text = 'pending' then o.counted_units else 0 end
  from before where o.id = before.id
  returning o.*`

/** Its counters, when the order is unpaid no longer. */
const uncount = uncountCtes(sql`
  select before.counted_in, before.counted_units, changed.payment_status in ('authorized', 'paid') as is_paid,
         changed.updated_at as at
  from before join changed on changed.id = before.id where changed.status <> 'pending'`)

/** A use that was given back is not given back again. */
const returnUses = returnUsesCtes(
  sql`select changed.id, changed.updated_at as at from changed where changed.ended_unpaid`,
  sql`locked`,
)

const insertHistory = sql`
  insert into orders.order_events (order_id, seq, type, at, actor, data)
  select id, version, ${p('type')}, updated_at, ${p('actor')}::jsonb, ${p('data')}::jsonb from changed`

const saveStatement = (type: OrderEventType) =>
  statement(() => {
    const event = orderEventCtes(sql`changed`, type, sql`${p('details')}::jsonb`)
    const parts = [
      sql`before as (${readBefore})`,
      sql`changed as (${updateRow})`,
      sql`history as (${insertHistory})`,
      event,
      uncount,
      ...(type === 'cancelled' ? [returnUses] : []),
    ]
    return sql`with ${sql.join(parts, sql`, `)} select version from changed`
  })

const STATEMENTS = new Map(ORDER_EVENT_TYPES.map((type) => [type, saveStatement(type)]))

/**
 * Saves a change with its history and its event, unless the order changed since it was read.
 *
 * One statement, not read-then-write: neon-http has no interactive transactions, so the WHERE clause is the lock.
 */
export async function saveChange(db: Db, { order, event }: OrderChange): Promise<Saved> {
  const save = STATEMENTS.get(event.type)
  if (save === undefined) throw new RangeError(`Not a type of order event: ${event.type}`)
  const values = {
    id: order.id,
    version: order.version,
    status: order.status,
    paymentStatus: order.paymentStatus,
    cancelReason: order.cancelReason,
    paymentId: order.paymentId,
    capturedAmount: order.capturedAmount,
    refundedAmount: order.refundedAmount,
    refundFailed: order.refundFailed,
    disputedAmount: order.disputedAmount,
    chargedBackAmount: order.chargedBackAmount,
    stockCommitted: order.stockCommitted,
    expiresAt: order.expiresAt.toISOString(),
    metadata: JSON.stringify(order.metadata),
    updatedAt: order.updatedAt.toISOString(),
    type: event.type,
    actor: JSON.stringify(event.actor),
    data: JSON.stringify(event.data),
    details: JSON.stringify(detailsOf(event.data)),
  }
  try {
    return (await ask(db, save(values))).length === 1 ? 'saved' : 'lost'
  } catch (error) {
    if (ONCE_PER_REFUND.some((index) => isUniqueViolation(error, index))) return 'repeated'
    throw error
  }
}

/** What the event of a refund says beside the order. */
const detailsOf = ({ refundId, amount }: OrderEventData) => (refundId === undefined ? {} : { refundId, amount })
