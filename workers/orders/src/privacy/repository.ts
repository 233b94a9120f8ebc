import { ask, type Db } from '@shop/db/client'
import { erasureQueue } from '@shop/db/erasures'
import { buyerCounters, idempotencyKeys } from '@shop/db/schema/orders'
import { carts } from '@shop/db/schema/orders-carts'
import { customerGroupMembers, verifiedEmails } from '@shop/db/schema/orders-customers'
import { erasures } from '@shop/db/schema/orders-erasures'
import { taxExemptions } from '@shop/db/schema/orders-places'
import { statement } from '@shop/db/statement'
import type { CartId, OrderId, UserId } from '@shop/kernel/ids'
import { and, asc, eq, sql } from 'drizzle-orm'
import { orderEventCtes } from '../events/repository.ts'
import { erasedBuyers } from '../invoices/repository/write.ts'
import type { Order } from '../orders/domain/order.ts'
import { IS_MONEY_RETURNED } from '../orders/repository/money-returned.ts'
import { ORDER_JSON, type OrderRow, toOrder } from '../orders/repository/rows.ts'
import type { Remains } from './domain/remains.ts'

/** Erasing customers in Postgres. Each call is one round trip, and may run twice. */
export const erasureRepository = (db: Db) => ({
  ...erasureQueue(db, erasures),

  /** Deletes what is kept about a customer besides orders and carts. The counter of open orders stays until they end. */
  async forget(userId: UserId): Promise<void> {
    const key = `account:${userId}`
    await db.batch([
      db.delete(taxExemptions).where(eq(taxExemptions.userId, userId)),
      db.delete(verifiedEmails).where(eq(verifiedEmails.userId, userId)),
      db.delete(customerGroupMembers).where(eq(customerGroupMembers.userId, userId)),
      db.delete(buyerCounters).where(and(eq(buyerCounters.key, key), eq(buyerCounters.openOrders, 0))),
      db.delete(idempotencyKeys).where(eq(idempotencyKeys.scope, `${userId}:placeOrder`)),
    ])
  },

  /** All carts of the customer. The rows of ended carts no longer have an address, but their objects do. */
  async listCarts(userId: UserId, limit: number): Promise<CartId[]> {
    const rows = await db
      .select({ id: carts.id })
      .from(carts)
      .where(eq(carts.userId, userId))
      .orderBy(asc(carts.id))
      .limit(limit)
    return rows.map(({ id }) => id)
  },

  /** Orders of the customer that are settled, as `isSettled` decides it, and not erased. Index: orders_of_user. */
  async listSettled(userId: UserId, limit: number): Promise<Order[]> {
    const { rows } = await db.execute<OrderRow>(sql`
      select ${ORDER_JSON} as order from orders.orders o
      where o.user_id = ${userId} and o.erased_at is null and ${IS_SETTLED}
      order by o.created_at, o.id limit ${limit}`)
    return rows.map(toOrder)
  },

  /** Whether an order of the customer is left that was not erased. Index: orders_of_user. */
  async hasOpenOrders(userId: UserId): Promise<boolean> {
    const { rows } = await db.execute(
      sql`select 1 from orders.orders where user_id = ${userId} and erased_at is null limit 1`,
    )
    return rows.length > 0
  },

  /**
   * Removes personal data from an order, its returns, its invoices and its gift cards with their notes, and removes the reasons that
   * staff typed from its history. Writes nothing if the order changed since it was read: the WHERE clause is the lock.
   *
   * @returns false when another writer won
   */
  async eraseOrder({ id, version }: Pick<Order, 'id' | 'version'>, remains: Remains, now: Date): Promise<boolean> {
    const { email, vatId, note } = remains
    const json = (value: Remains['shippingAddress']) => (value === null ? null : JSON.stringify(value))
    const values = {
      ...{ id, version, email, vatId, note, now: now.toISOString(), metadata: JSON.stringify(remains.metadata) },
      ...{ shippingAddress: json(remains.shippingAddress), billingAddress: json(remains.billingAddress) },
    }
    return (await ask(db, eraseStatement(values))).length === 1
  },
})

const IS_SETTLED = sql`(
  coalesce(o.disputed_amount, 0) = 0 and (
    o.status in ('shipped', 'delivered')
    or (o.status = 'cancelled'
      and o.captured_amount - greatest(o.refunded_amount - o.gift_card_amount, 0) <= coalesce(o.charged_back_amount, 0))
    or (o.status <> 'cancelled' and ${IS_MONEY_RETURNED})))`

const p = (name: keyof EraseValues) => sql.placeholder(name)

type EraseValues = { id: OrderId; version: number; now: string; metadata: string } & Record<
  'email' | 'vatId' | 'note' | 'shippingAddress' | 'billingAddress',
  string | null
>

/** The key of a guest's order, which the account has claimed since, is a hash of their address. */
const eraseStatement = statement<EraseValues>(
  () => sql`
    with changed as (
      update orders.orders o
      set email = ${p('email')}::text, vat_id = ${p('vatId')}::text, note = ${p('note')}::text,
          metadata = ${p('metadata')}::jsonb, shipping_address = ${p('shippingAddress')}::jsonb,
          billing_address = ${p('billingAddress')}::jsonb,
          customer_key = case when o.customer_key like 'email:%' then null else o.customer_key end,
          erased_at = ${p('now')}::timestamptz, updated_at = ${p('now')}::timestamptz, version = o.version + 1
      where o.id = ${p('id')} and o.version = ${p('version')}::int and o.erased_at is null
      returning o.*
    ), history as (
      insert into orders.order_events (order_id, seq, type, at, actor, data)
      select id, version, 'erased', updated_at, '{"kind": "system"}', '{}' from changed
    ), invoice_buyers as (${erasedBuyers(sql`changed`)}), reasons as (
      update orders.order_events e set data = e.data - 'reason'
      from changed where e.order_id = changed.id and e.actor->>'kind' = 'staff' and e.data ? 'reason'
    ), return_texts as (
      update orders.returns ret set note = null, refuse_reason = null from changed where ret.order_id = changed.id
    ), gift_card_texts as (
      update orders.gift_cards card
      set recipient_email = null, note = null, updated_at = changed.updated_at, version = card.version + 1
      from changed where card.order_id = changed.id and (card.recipient_email is not null or card.note is not null)
    ),
    ${orderEventCtes(sql`changed`, 'erased')}
    select id from changed`,
)
