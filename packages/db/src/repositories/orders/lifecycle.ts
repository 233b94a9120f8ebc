import type { CapturedPayment, Order, OrderChange } from '@shop/contracts'
import { ask, askAll, type Db } from '../../client.ts'
import { isUniqueViolation } from '../../errors.ts'
import { KINDS } from './outbox.ts'
import { FIND } from './read.ts'
import { type OrderRow, toOrder } from './rows.ts'

/** `lost`: another writer came first, so read and decide again. `repeated`: this refund, or its return, was noted before. */
export type Saved = 'saved' | 'lost' | 'repeated'

const NOTED_ONCE = ['order_events_refund', 'order_events_refund_returned']

const ANNOUNCE = 'insert into orders.outbox (kind, key, payload, created_at, next_attempt_at)'

const SAVE = `
  with changed as (
    update orders.orders
    set status = $3, payment_status = $4, cancel_reason = $5, payment_id = $6, captured_amount = $7, refunded_amount = $8,
        stock_committed = $9, expires_at = $10, updated_at = $11, version = version + 1
    where id = $1 and version = $2
    returning id, version, updated_at
  ),
  noted as (
    insert into orders.order_events (order_id, seq, type, at, actor, data)
    select id, version, $12, updated_at, $13::jsonb, $14::jsonb from changed
  ),
  announced as (
    ${ANNOUNCE}
    select $15, id, jsonb_build_object('orderId', id), updated_at, updated_at from changed where $15::text is not null
    on conflict (kind, key) do nothing
  )
  select version from changed`

/**
 * Saves a change, its event and, where payments have to hear of it, its announcement, if nobody has changed the order
 * since it was read.
 *
 * One statement, not read-then-write: neon-http has no interactive transactions, so the WHERE clause is the lock.
 */
export async function saveChange(db: Db, { order, event, announce }: OrderChange): Promise<Saved> {
  const values = [
    order.id,
    order.version - 1,
    order.status,
    order.paymentStatus,
    order.cancelReason,
    order.paymentId,
    order.capturedAmount,
    order.refundedAmount,
    order.stockCommitted,
    order.expiresAt.toISOString(),
    order.updatedAt.toISOString(),
    event.type,
    JSON.stringify(event.actor),
    JSON.stringify(event.data),
    announce && KINDS[announce],
  ]
  try {
    return (await ask(db, { text: SAVE, values })).length === 1 ? 'saved' : 'lost'
  } catch (error) {
    if (NOTED_ONCE.some((index) => isUniqueViolation(error, index))) return 'repeated'
    throw error
  }
}

const SYSTEM = `'{"kind":"system"}'::jsonb`

const CAPTURE = `
  with captured as (
    update orders.orders
    set status = 'processing', payment_status = 'paid', payment_id = $2, captured_amount = $3, updated_at = $6,
        version = version + 1
    where id = $1 and status = 'pending' and payment_status = 'unpaid' and payment_id is null
      and total = $4 and currency = $5 and $3::bigint between 1 and total
    returning id, version, payment_id, captured_amount, updated_at
  )
  insert into orders.order_events (order_id, seq, type, at, actor, data)
  select id, version, 'paid', updated_at, ${SYSTEM}, jsonb_build_object('amount', captured_amount, 'paymentId', payment_id)
  from captured returning seq`

/**
 * Marks a pending order paid by this payment, and reads it: one trip for what nearly every capture does.
 *
 * @returns `captured` is false when it was not pending any more, or is not of that amount: the caller decides from the
 * order as it is; `order` is undefined when there is none
 */
export async function saveCaptured(
  db: Db,
  payment: CapturedPayment,
  now: Date,
): Promise<{ captured: boolean; order: Order | undefined }> {
  const { orderId, paymentId, amount, captured, currency } = payment
  const [noted, found] = await askAll(db, [
    { text: CAPTURE, values: [orderId, paymentId, captured, amount, currency, now.toISOString()] },
    { text: FIND, values: [orderId] },
  ])
  // The column is the one that FIND names.
  const row = found?.[0] as OrderRow | undefined
  return { captured: noted?.length === 1, order: row && toOrder(row) }
}

const EXPIRE = `
  with cancelled as (
    update orders.orders
    set status = 'cancelled', cancel_reason = 'expired', updated_at = $1, version = version + 1
    where id in (
      select id from orders.orders where status = 'pending' and expires_at <= $1
      order by expires_at limit $2 for update skip locked)
    returning id, version
  ),
  noted as (
    insert into orders.order_events (order_id, seq, type, at, actor, data)
    select id, version, 'cancelled', $1, ${SYSTEM}, '{"reason":"expired"}'::jsonb from cancelled
  )
  ${ANNOUNCE}
  select '${KINDS.cancelled}', id, jsonb_build_object('orderId', id), $1, $1 from cancelled
  on conflict (kind, key) do nothing
  returning key`

/**
 * Cancels unpaid orders whose time is over. Rows another sweep is at are skipped, and a payment that was captured a
 * moment before has made its order no longer pending.
 */
export async function expireOrders(db: Db, options: { now: Date; limit: number }): Promise<number> {
  return (await ask(db, { text: EXPIRE, values: [options.now.toISOString(), options.limit] })).length
}
