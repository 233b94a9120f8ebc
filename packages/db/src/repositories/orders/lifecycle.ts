import type { CancelReason, CapturedPayment, Order, OrderId, OrderStatus, PaymentId } from '@shop/contracts'
import { and, eq, isNull, or, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { orders, ordersOutbox } from '../../schema/orders.ts'
import { selectOrders, toOrder } from './rows.ts'

export const ORDER_CANCELLED = 'order.cancelled'

/**
 * Saves a step of fulfilment if nobody changed the order since it was read.
 *
 * One UPDATE, not read-then-write: neon-http has no interactive transactions, so the WHERE clause is the lock.
 *
 * @returns false when another writer won; the caller reads again and decides again
 */
export async function saveStatus(
  db: Db,
  order: Pick<Order, 'id' | 'version'> & { status: OrderStatus; updatedAt: Date },
): Promise<boolean> {
  const saved = await db
    .update(orders)
    .set({ status: order.status, updatedAt: order.updatedAt, version: order.version + 1 })
    .where(and(eq(orders.id, order.id), eq(orders.version, order.version)))
    .returning({ id: orders.id })
  return saved.length === 1
}

/** Saves a cancellation and the event that calls off its payment and then frees its stock. Like {@link saveStatus}. */
export async function saveCancelled(
  db: Db,
  order: Pick<Order, 'id' | 'version'> & { cancelReason: CancelReason; updatedAt: Date },
): Promise<boolean> {
  const now = order.updatedAt.toISOString()
  const saved = await db.execute(sql`
    with cancelled as (
      update ${orders}
      set status = 'cancelled', cancel_reason = ${order.cancelReason}, updated_at = ${now}::timestamptz,
          version = version + 1
      where id = ${order.id} and version = ${order.version}
      returning id
    )
    ${announceCancelled(now)}`)
  return saved.rows.length === 1
}

/**
 * Cancels unpaid orders whose time is over. Rows another sweep is at are skipped, and a payment that was captured a
 * moment before has made its order no longer pending.
 */
export async function expireOrders(db: Db, options: { now: Date; limit: number }): Promise<number> {
  const now = options.now.toISOString()
  const expired = await db.execute(sql`
    with cancelled as (
      update ${orders}
      set status = 'cancelled', cancel_reason = 'expired', updated_at = ${now}::timestamptz, version = version + 1
      where id in (
        select id from ${orders} where status = 'pending' and expires_at <= ${now}::timestamptz
        order by expires_at limit ${options.limit} for update skip locked)
      returning id
    )
    ${announceCancelled(now)}`)
  return expired.rows.length
}

function announceCancelled(now: string) {
  return sql`
    insert into ${ordersOutbox} (kind, key, payload, created_at, next_attempt_at)
    select ${ORDER_CANCELLED}, id, jsonb_build_object('orderId', id), ${now}::timestamptz, ${now}::timestamptz
    from cancelled
    on conflict (kind, key) do nothing
    returning key`
}

/**
 * Marks a pending order paid by this payment, and reads it: one trip.
 *
 * @returns `captured` is false when it was not pending any more, or is not of that amount: the caller decides from the
 * order as it is; `order` is undefined when there is none
 */
export async function saveCaptured(
  db: Db,
  payment: CapturedPayment,
  now: Date,
): Promise<{ captured: boolean; order: Order | undefined }> {
  const capture = db
    .update(orders)
    .set({
      status: 'processing',
      paymentStatus: 'paid',
      paymentId: payment.paymentId,
      updatedAt: now,
      version: sql`${orders.version} + 1`,
    })
    .where(
      and(
        eq(orders.id, payment.orderId),
        eq(orders.status, 'pending'),
        eq(orders.total, payment.amount),
        eq(orders.currency, payment.currency),
      ),
    )
    .returning({ id: orders.id })
  const [captured, [order]] = await db.batch([capture, selectOrders(db).where(eq(orders.id, payment.orderId))])
  return { captured: captured.length === 1, order: order && toOrder(order) }
}

/** Notes that every line of the paid order is out of stock now. Saying it twice is saying it once. */
export async function saveStockCommitted(db: Db, orderId: OrderId, now: Date): Promise<void> {
  await db
    .update(orders)
    .set({ stockCommitted: true, updatedAt: now, version: sql`${orders.version} + 1` })
    .where(and(eq(orders.id, orderId), eq(orders.stockCommitted, false), eq(orders.status, 'processing')))
}

/**
 * Notes a full refund: of the payment the order took, or of one that came too late for a cancelled order.
 *
 * @returns false when the order does not know that payment
 */
export async function saveRefunded(
  db: Db,
  payment: { orderId: OrderId; paymentId: PaymentId; now: Date },
): Promise<boolean> {
  const refunded = await db
    .update(orders)
    .set({ paymentStatus: 'refunded', updatedAt: payment.now, version: sql`${orders.version} + 1` })
    .where(
      and(
        eq(orders.id, payment.orderId),
        or(eq(orders.paymentId, payment.paymentId), and(isNull(orders.paymentId), eq(orders.status, 'cancelled'))),
      ),
    )
    .returning({ id: orders.id })
  return refunded.length === 1
}

/** Moves the end of a pending order to `expiresAt` if that is later. Undefined when it is not pending any more. */
export async function extendExpiry(
  db: Db,
  order: { orderId: OrderId; expiresAt: Date; now: Date },
): Promise<Date | undefined> {
  const [extended] = await db
    .update(orders)
    .set({
      expiresAt: sql`greatest(${orders.expiresAt}, ${order.expiresAt.toISOString()}::timestamptz)`,
      updatedAt: order.now,
      version: sql`${orders.version} + 1`,
    })
    .where(and(eq(orders.id, order.orderId), eq(orders.status, 'pending')))
    .returning({ expiresAt: orders.expiresAt })
  return extended?.expiresAt
}
