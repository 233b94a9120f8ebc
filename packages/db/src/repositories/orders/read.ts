import type { Order, OrderEvent, OrderStatus } from '@shop/contracts'
import type { OrderId, Position, UserId } from '@shop/kernel'
import { ask, type Db } from '../../client.ts'
import { KINDS } from './outbox.ts'
import { EVENTS_JSON, type EventsRow, ORDER_JSON, type OrderRow, toEvents, toOrder } from './rows.ts'

export const FIND = `select ${ORDER_JSON} as order from orders.orders o where o.id = $1`

export async function findOrder(db: Db, id: OrderId): Promise<Order | undefined> {
  const [row] = await ask<OrderRow>(db, { text: FIND, values: [id] })
  return row && toOrder(row)
}

const FIND_WITH_EVENTS = `select ${ORDER_JSON} as order, ${EVENTS_JSON} as events from orders.orders o where o.id = $1`

/** An order and all that has happened to it, oldest first, in one trip. */
export async function findOrderWithEvents(
  db: Db,
  id: OrderId,
): Promise<{ order: Order; events: OrderEvent[] } | undefined> {
  const [row] = await ask<EventsRow>(db, { text: FIND_WITH_EVENTS, values: [id] })
  return row && { order: toOrder(row), events: toEvents(row) }
}

export type OrderQuery = {
  of: UserId | 'all'
  status?: OrderStatus | undefined
  /** Where the page before ended. */
  after?: Position | undefined
  limit: number
}

const LIST = `
  select ${ORDER_JSON} as order from orders.orders o
  where ($1::text is null or o.user_id = $1) and ($2::text is null or o.status = $2)
    and ($3::timestamptz is null or (o.created_at, o.id) < ($3::timestamptz, $4::text))
  order by o.created_at desc, o.id desc limit $5`

/**
 * Newest first, by keyset over (created_at, id).
 *
 * Served by the indexes orders_of_user, orders_newest and, for a status of all orders, orders_of_status: a statement
 * is planned with its values, so that what is null costs nothing.
 */
export async function listOrders(db: Db, { of, status, after, limit }: OrderQuery): Promise<Order[]> {
  const values = [of === 'all' ? null : of, status ?? null, after?.sortKey ?? null, after?.id ?? null, limit]
  return (await ask<OrderRow>(db, { text: LIST, values })).map(toOrder)
}

const UNSOLD = `
  select ${ORDER_JSON} as order from orders.orders o
  where o.status = 'processing' and not o.stock_committed and o.updated_at < $1
  order by o.updated_at limit $2`

/** Paid or authorized orders whose lines nobody has taken out of stock since `before`; served by orders_unsold. */
export async function listUnsold(db: Db, options: { before: Date; limit: number }): Promise<Order[]> {
  const values = [options.before.toISOString(), options.limit]
  return (await ask<OrderRow>(db, { text: UNSOLD, values })).map(toOrder)
}

const DECIDED = `
  select ${ORDER_JSON} as order, o.status = 'cancelled' and not exists (
    select 1 from orders.outbox event where event.kind = '${KINDS.cancelled}' and event.key = o.id
      and event.confirmed_at is null) as "isFreed"
  from orders.orders o
  where o.created_at >= $1 and o.created_at < $2 and o.status <> 'pending'
  order by o.created_at desc, o.id desc limit $3`

/**
 * Orders of that time that wait for nothing, newest first; served by the index orders_newest. `isFreed` is true once the
 * cancellation of an order is confirmed, so that its stock has to be back.
 */
export async function listDecided(
  db: Db,
  options: { from: Date; to: Date; limit: number },
): Promise<{ order: Order; isFreed: boolean }[]> {
  const values = [options.from.toISOString(), options.to.toISOString(), options.limit]
  const rows = await ask<OrderRow & { isFreed: boolean }>(db, { text: DECIDED, values })
  return rows.map((row) => ({ order: toOrder(row), isFreed: row.isFreed }))
}
