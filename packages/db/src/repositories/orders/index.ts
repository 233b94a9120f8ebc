import type { CancelledOrder, Order, OrderId, Position, UserId } from '@shop/contracts'
import { isId } from '@shop/contracts'
import { and, desc, eq, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { claimEvents, confirmEvent, pruneEvents } from '../../outbox.ts'
import { idempotencyKeys, orders, ordersOutbox } from '../../schema/orders.ts'
import { ORDER_CANCELLED } from './lifecycle.ts'
import { selectOrders, toOrder } from './rows.ts'

export * from './lifecycle.ts'
export * from './place.ts'

export async function findOrder(db: Db, id: OrderId): Promise<Order | undefined> {
  const [row] = await selectOrders(db).where(eq(orders.id, id))
  return row && toOrder(row)
}

/** Newest first, from just after a position; served by the index orders_of_user. */
export async function listOrders(
  db: Db,
  page: { userId: UserId; limit: number; after?: Position | undefined },
): Promise<Order[]> {
  const after =
    page.after && sql`(${orders.createdAt}, ${orders.id}) < (${page.after.sortKey}::timestamptz, ${page.after.id})`
  const rows = await selectOrders(db)
    .where(and(eq(orders.userId, page.userId), after))
    .orderBy(desc(orders.createdAt), desc(orders.id))
    .limit(page.limit)
  return rows.map(toOrder)
}

/** Takes cancellations nobody has confirmed yet; see {@link claimEvents}. */
export async function claimCancelled(db: Db, options: { limit: number; now: Date }): Promise<CancelledOrder[]> {
  const events = await claimEvents(db, ordersOutbox, { kinds: [ORDER_CANCELLED], ...options })
  return events.map((event) => {
    if (!isId('order', event.key)) throw new Error(`Malformed order id in event ${event.id}`)
    return { eventId: event.id, orderId: event.key }
  })
}

export async function confirmCancelled(db: Db, eventId: number, now: Date): Promise<void> {
  await confirmEvent(db, ordersOutbox, { id: eventId, now })
}

const KEEP_KEYS_HOURS = 48

/** Deletes what has outlived its use: keys after two days, confirmed events after a week. */
export async function pruneOrders(db: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - KEEP_KEYS_HOURS * 3_600_000)
  const [keys, events] = await Promise.all([pruneKeys(db, before), pruneEvents(db, ordersOutbox, now)])
  return keys + events
}

/** A sweep deletes so many at most, so that it ends in time after a long pause. */
const PRUNE_BATCH = 1_000

async function pruneKeys(db: Db, before: Date): Promise<number> {
  const pruned = await db.execute(sql`
    delete from ${idempotencyKeys} where (scope, key) in (
      select scope, key from ${idempotencyKeys} where created_at < ${before.toISOString()}::timestamptz
      order by created_at limit ${PRUNE_BATCH})
    returning key`)
  return pruned.rows.length
}
