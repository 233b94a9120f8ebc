import type { Db } from '@shop/db/client'
import { eventCtes } from '@shop/db/events/write'
import { orders, ordersEvents } from '@shop/db/schema/orders'
import { carts } from '@shop/db/schema/orders-carts'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { CartId, UserId } from '@shop/kernel/ids'
import { and, desc, eq, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { CartRow } from './domain/cart-row.ts'

/** What an abandoned cart has, for its event. */
export type AbandonedCart = { id: CartId; itemCount: number; total: number | null; currency: CurrencyCode; at: Date }

/** No order of the cart stands, as the index orders_of_cart has it. */
const IS_UNORDERED = sql`not exists (
  select from ${orders} made where made.cart_id = ${carts.id} and not made.has_released_cart)`

/** The rows of carts. Each write may run twice. */
export const cartRowRepository = (db: Db) => ({
  /** Writes who can be found by a cart. */
  async save(row: CartRow): Promise<void> {
    const { id, ...values } = row
    const { userId, email, changedAt } = values
    await db
      .insert(carts)
      .values({ id, ...values })
      .onConflictDoUpdate({ target: carts.id, set: { userId, email, changedAt } })
  },

  /** The newest carts of an account that no order was made of. Indexes: carts_of_user, orders_of_cart. */
  async listNewest({ userId, limit }: { userId: UserId; limit: number }): Promise<CartId[]> {
    const rows = await db
      .select({ id: carts.id })
      .from(carts)
      .where(and(eq(carts.userId, userId), isNull(carts.endedAt), IS_UNORDERED))
      .orderBy(desc(carts.createdAt), desc(carts.id))
      .limit(limit)
    return rows.map(({ id }) => id)
  },

  /** The cart is merged, expired or gone. */
  async end(id: CartId, now: Date): Promise<void> {
    await db
      .update(carts)
      .set({ endedAt: now })
      .where(and(eq(carts.id, id), isNull(carts.endedAt)))
  },

  /** An order was made of it. */
  async complete(id: CartId, now: Date): Promise<void> {
    await db
      .update(carts)
      .set({ completedAt: now })
      .where(and(eq(carts.id, id), isNull(carts.completedAt)))
  },

  /** It is open again. */
  async reopen(id: CartId, now: Date): Promise<void> {
    await db.update(carts).set({ completedAt: null, changedAt: now }).where(eq(carts.id, id))
  },

  async delete(id: CartId): Promise<void> {
    await db.delete(carts).where(eq(carts.id, id))
  },

  /** Carts with an e-mail address that were not changed since then, as far as it is known here. Index: carts_idle. */
  async listIdle({ before, limit }: { before: Date; limit: number }): Promise<CartRow[]> {
    const { id, userId, email, createdAt, changedAt } = carts
    return db
      .select({ id, userId, email, createdAt, changedAt })
      .from(carts)
      .where(
        and(
          isNotNull(email),
          isNull(carts.endedAt),
          isNull(carts.completedAt),
          isNull(carts.abandonedAt),
          lt(changedAt, before),
        ),
      )
      .orderBy(changedAt)
      .limit(limit)
  },

  /** The cart was changed later than it was known here. */
  async saveChangedAt(id: CartId, changedAt: Date): Promise<void> {
    await db.update(carts).set({ changedAt }).where(eq(carts.id, id))
  },

  /** Announces the cart, once: the statement that marks it writes the event. */
  async announce({ id, itemCount, total, currency, at }: AbandonedCart): Promise<void> {
    const written = eventCtes(ordersEvents, {
      name: 'told',
      types: ['cart.abandoned'],
      rows: sql`
        select 'cart.abandoned' as type, id as key, 1 as sequence, abandoned_at as created_at,
               jsonb_build_object('cartId', id, 'userId', user_id, 'itemCount', ${itemCount}::int,
                                  'total', ${total}::bigint, 'currency', ${currency}::text) as payload
        from abandoned`,
    })
    await db.execute(sql`
      with abandoned as (
        update ${carts} set abandoned_at = ${at.toISOString()}::timestamptz
        where id = ${id} and abandoned_at is null returning id, user_id, abandoned_at
      ), ${written}
      select id from abandoned`)
  },
})
