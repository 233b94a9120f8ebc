import type { ReturnStatus } from '@shop/contracts/orders/states'
import type { Db } from '@shop/db/client'
import type { ReturnId } from '@shop/kernel/ids'
import type { Position } from '@shop/kernel/pagination'
import { type SQL, sql } from 'drizzle-orm'
import type { Order } from '../../orders/domain/order.ts'
import { ORDER_JSON, type OrderRow, toOrder } from '../../orders/repository/rows.ts'

import { type Exchange, saveExchange } from './save-exchange.ts'

export type ReturnQuery = { status?: ReturnStatus | undefined; after?: Position | undefined; limit: number }

/** Returns are written with the orders that they change, and read with them. */
export const returnRepository = (db: Db) => ({
  saveExchange: (exchange: Exchange) => saveExchange(db, exchange),

  /** The order of a return. */
  async findOrder(id: ReturnId): Promise<Order | undefined> {
    const { rows } = await db.execute<OrderRow>(sql`select ${ORDER_JSON} as order from orders.orders o
      where o.id = (select order_id from orders.returns where id = ${id})`)
    return rows[0] && toOrder(rows[0])
  },

  /**
   * Returns with their orders, newest first, by keyset over (created_at, id). Indexes: returns_newest and, for a status,
   * returns_of_status.
   */
  async list({ status, after, limit }: ReturnQuery): Promise<{ id: ReturnId; order: Order }[]> {
    const conditions: SQL[] = [sql`true`]
    if (status !== undefined) conditions.push(sql`ret.status = ${status}`)
    if (after !== undefined)
      conditions.push(sql`(ret.created_at, ret.id) < (${after.sortKey}::timestamptz, ${after.id}::text)`)
    const { rows } = await db.execute<OrderRow & { id: ReturnId }>(sql`
      select ret.id, ${ORDER_JSON} as order
      from orders.returns ret join orders.orders o on o.id = ret.order_id
      where ${sql.join(conditions, sql` and `)}
      order by ret.created_at desc, ret.id desc limit ${limit}`)
    return rows.map((row) => ({ id: row.id, order: toOrder(row) }))
  },
})
