import type { OrderStatus } from '@shop/contracts/orders/states'
import { ask, type Db } from '@shop/db/client'
import { normalEmail } from '@shop/kernel/email'
import type { CartId, OrderId, ShipmentId, UserId } from '@shop/kernel/ids'
import type { Position } from '@shop/kernel/pagination'
import { type SQL, sql } from 'drizzle-orm'
import type { NewOrder, Order, OrderChange, OrderEvent } from '../domain/order.ts'
import type { OrderFilter } from '../domain/order-filter.ts'
import { expireOrders } from './expire-orders.ts'
import { insertOrder, type Placement } from './insert-order.ts'
import { IS_MONEY_RETURNED } from './money-returned.ts'
import { EVENTS_JSON, type EventsRow, findStatement, ORDER_JSON, type OrderRow, toEvents, toOrder } from './rows.ts'
import { saveChange } from './save-change.ts'

export type OrderRepository = ReturnType<typeof orderRepository>

/** Orders newest first: of one customer or of all, that pass a filter, after a position. */
export type OrderQuery = OrderFilter & {
  of: UserId | 'all'
  /** Leaves out orders whose customers have all the money again. */
  toShip?: boolean | undefined
  after?: Position | undefined
  limit: number
}

export const orderRepository = (db: Db) => ({
  async find(id: OrderId): Promise<Order | undefined> {
    const [row] = await ask<OrderRow>(db, findStatement({ id }))
    return row && toOrder(row)
  },

  /** Those of the orders that exist, in any order. */
  async findAll(ids: OrderId[]): Promise<Order[]> {
    if (ids.length === 0) return []
    const { rows } = await db.execute<OrderRow>(
      sql`select ${ORDER_JSON} as order from orders.orders o where o.id in ${ids}`,
    )
    return rows.map(toOrder)
  },

  /** The order of a cart that is not cancelled unpaid. Index: orders_of_cart. */
  async findOfCart(cartId: CartId): Promise<Order | undefined> {
    const { rows } = await db.execute<OrderRow>(
      sql`select ${ORDER_JSON} as order from orders.orders o where o.cart_id = ${cartId} and not o.ended_unpaid`,
    )
    return rows[0] && toOrder(rows[0])
  },

  /** The order of a shipment. */
  async findOfShipment(id: ShipmentId): Promise<Order | undefined> {
    const { rows } = await db.execute<OrderRow>(sql`select ${ORDER_JSON} as order from orders.orders o
      where o.id = (select order_id from orders.shipments where id = ${id})`)
    return rows[0] && toOrder(rows[0])
  },

  /** The statuses of those orders that exist. */
  async statusesOf(ids: OrderId[]): Promise<Map<OrderId, OrderStatus>> {
    if (ids.length === 0) return new Map()
    const { rows } = await db.execute<{ id: OrderId; status: OrderStatus }>(
      sql`select id, status from orders.orders where id in ${ids}`,
    )
    return new Map(rows.map(({ id, status }) => [id, status]))
  },

  /** An order and its history, oldest first, in one round trip. */
  async findWithEvents(id: OrderId): Promise<{ order: Order; events: OrderEvent[] } | undefined> {
    const { rows } = await db.execute<EventsRow>(
      sql`select ${ORDER_JSON} as order, ${EVENTS_JSON} as events from orders.orders o where o.id = ${id}`,
    )
    return rows[0] && { order: toOrder(rows[0]), events: toEvents(rows[0]) }
  },

  /**
   * By keyset over (created_at, id). Indexes: orders_of_user, orders_newest and, for a filter, orders_of_status,
   * orders_of_payment_status, orders_of_fulfillment_status, orders_of_email, orders_number and order_lines_of_sku.
   */
  async list(query: OrderQuery): Promise<Order[]> {
    const { rows } = await db.execute<OrderRow>(sql`select ${ORDER_JSON} as order from orders.orders o
      where ${matching(query)}
      order by o.created_at desc, o.id desc limit ${query.limit}`)
    return rows.map(toOrder)
  },

  insert: (placed: NewOrder, placement: Placement) => insertOrder(db, placed, placement),
  saveChange: (change: OrderChange) => saveChange(db, change),
  expire: (options: { now: Date; limit: number }) => expireOrders(db, options),
})

function matching({ of, toShip, after, ...filter }: OrderQuery): SQL {
  const conditions = [sql`true`]
  if (of !== 'all') conditions.push(sql`o.user_id = ${of}`)
  conditions.push(...passing(filter))
  if (toShip === true) conditions.push(sql`not ${IS_MONEY_RETURNED}`)
  if (after !== undefined)
    conditions.push(sql`(o.created_at, o.id) < (${after.sortKey}::timestamptz, ${after.id}::text)`)
  return sql.join(conditions, sql` and `)
}

function passing(filter: OrderFilter): SQL[] {
  const { status, paymentStatus, fulfillmentStatus, email, number, sku, customer, createdFrom, createdTo } = filter
  const conditions: (SQL | undefined)[] = [
    status && sql`o.status = ${status}`,
    paymentStatus && sql`o.payment_status = ${paymentStatus}`,
    fulfillmentStatus && sql`o.fulfillment_status = ${fulfillmentStatus}`,
    email === undefined ? undefined : sql`lower(o.email) in ${spellingsOf(email)}`,
    number === undefined ? undefined : sql`o.number = ${number}`,
    sku === undefined
      ? undefined
      : sql`o.id in (select line.order_id from orders.order_lines line where line.sku = ${sku})`,
    customer === undefined ? undefined : sql`o.user_id = ${customer}`,
    createdFrom && sql`o.created_at >= ${createdFrom.toISOString()}::timestamptz`,
    createdTo && sql`o.created_at < ${createdTo.toISOString()}::timestamptz`,
  ]
  return conditions.filter((condition) => condition !== undefined)
}

/** As orders may have it: the domain as it was written, or as it is looked up. */
const spellingsOf = (email: string): string[] => [...new Set([normalEmail(email), email.trim().toLowerCase()])]
