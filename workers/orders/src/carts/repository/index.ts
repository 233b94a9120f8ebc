import type { Db } from '@shop/db/client'
import { eventCtes } from '@shop/db/events/write'
import { orders, ordersEvents } from '@shop/db/schema/orders'
import { carts } from '@shop/db/schema/orders-carts'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { CartId, UserId } from '@shop/kernel/ids'
import { addSeconds, DAY_SECONDS } from '@shop/kernel/time'
import { and, desc, eq, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { CartRow } from '../domain/cart-row.ts'

/** What an abandoned cart has, for its event. */
export type AbandonedCart = { id: CartId; itemCount: number; total: number | null; currency: CurrencyCode; at: Date }

/** As long as the object of a cart that nobody changes. */
const KEEP_SECONDS = 60 * DAY_SECONDS
const PRUNE_BATCH = 1_000

/** No order of the cart stands, as the index orders_of_cart has it. */
const IS_UNORDERED = sql`not exists (
  select from ${orders} made where made.cart_id = ${carts.id} and not made.ended_unpaid)`

/** The rows of carts. Each write may run twice. */
export const cartRowRepository = (db: Db) => ({
  /**
   * Writes who can be found by a cart, as it was at `changedAt`: calls that overtake each other leave the newest one. Nobody
   * is found by a cart that has ended.
   */
  async save(row: CartRow): Promise<void> {
    const { id, ...values } = row
    const { userId, email, changedAt } = values
    await db
      .insert(carts)
      .values({ id, ...values })
      .onConflictDoUpdate({
        target: carts.id,
        set: { userId, email, changedAt },
        setWhere: sql`${carts.changedAt} <= excluded.changed_at and ${carts.endedAt} is null`,
      })
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

  /** The carts of guests with an e-mail address, normalized, those that were changed last first. Index: carts_of_email. */
  async listOfGuest({ email, limit }: { email: string; limit: number }): Promise<CartId[]> {
    const rows = await db
      .select({ id: carts.id })
      .from(carts)
      .where(and(eq(carts.email, email), isNull(carts.userId), isNull(carts.endedAt)))
      .orderBy(desc(carts.changedAt), desc(carts.id))
      .limit(limit)
    return rows.map(({ id }) => id)
  },

  /** These carts are merged, expired or gone. */
  async end(ids: readonly CartId[], now: Date): Promise<void> {
    await db
      .update(carts)
      .set({ endedAt: now, email: null })
      .where(and(inArray(carts.id, [...ids]), isNull(carts.endedAt)))
  },

  /** An order was made of it. */
  async complete(id: CartId, now: Date): Promise<void> {
    await db
      .update(carts)
      .set({ completedAt: now, email: null })
      .where(and(eq(carts.id, id), isNull(carts.completedAt)))
  },

  /**
   * The cart is open again, and can be found as before. Makes the row of a guest's cart that an account completed, if the call
   * that completed it was lost. An e-mail address that was changed since stays.
   */
  async reopen({ id, ...row }: CartRow, now: Date): Promise<void> {
    await db
      .insert(carts)
      .values({ id, ...row, changedAt: now })
      .onConflictDoUpdate({
        target: carts.id,
        set: {
          userId: sql`coalesce(${carts.userId}, excluded.user_id)`,
          email: sql`case when ${carts.completedAt} is null then ${carts.email} else excluded.email end`,
          completedAt: null,
          changedAt: sql`greatest(${carts.changedAt}, excluded.changed_at)`,
        },
      })
  },

  async delete(id: CartId): Promise<void> {
    await db.delete(carts).where(eq(carts.id, id))
  },

  /** Deletes rows of carts whose objects are gone: a cart in use has its row written each day. Index: carts_age. */
  async prune(now: Date): Promise<number> {
    const before = addSeconds(now, -KEEP_SECONDS).toISOString()
    const { rows } = await db.execute(sql`
      delete from ${carts} where id in (
        select id from ${carts} where changed_at < ${before}::timestamptz
        order by changed_at limit ${PRUNE_BATCH} for update skip locked)
      returning id`)
    return rows.length
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

  /** As far as is known here the cart was changed then, or later. */
  async saveChangedAt(id: CartId, changedAt: Date): Promise<void> {
    await db
      .update(carts)
      .set({ changedAt })
      .where(and(eq(carts.id, id), lt(carts.changedAt, changedAt)))
  },

  /** Announces a cart that has an e-mail address, once: the statement that marks it writes the event. */
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
        where id = ${id} and abandoned_at is null and email is not null returning id, user_id, abandoned_at
      ), ${written}
      select id from abandoned`)
  },
})
