import type { Db } from '@shop/db/client'
import type { Position } from '@shop/kernel/pagination'
import { sql } from 'drizzle-orm'
import { isCancellationOpen } from '../../events/repository.ts'
import type { Order } from '../../orders/domain/order.ts'
import { ORDER_JSON, type OrderRow, toOrder } from '../../orders/repository/rows.ts'

export type OrderStockRepository = ReturnType<typeof orderStockRepository>

/** Orders by the expected state of their stock. */
export const orderStockRepository = (db: Db) => ({
  /**
   * Paid or authorized orders whose stock was not committed before `before`, oldest first, after a position of
   * (updated_at, id). Index: orders_unsold.
   */
  async listUnsold(page: { before: Date; after?: Position | undefined; limit: number }): Promise<Order[]> {
    const { before, limit, after } = page
    const later =
      after === undefined ? sql`` : sql`and (o.updated_at, o.id) > (${after.sortKey}::timestamptz, ${after.id}::text)`
    const { rows } = await db.execute<OrderRow>(sql`select ${ORDER_JSON} as order from orders.orders o
      where o.status = 'processing' and not o.stock_committed and o.updated_at < ${before.toISOString()} ${later}
      order by o.updated_at, o.id limit ${limit}`)
    return rows.map(toOrder)
  },

  /**
   * Orders placed from `from` to before `to` that are no longer pending, newest first. Index: orders_newest. `isFreed` is
   * true once the cancellation of an order is confirmed, so that its stock has to be back.
   */
  async listDecided(window: { from: Date; to: Date; limit: number }): Promise<{ order: Order; isFreed: boolean }[]> {
    const { rows } = await db.execute<OrderRow & { isFreed: boolean }>(sql`select ${ORDER_JSON} as order,
        o.status = 'cancelled' and not ${isCancellationOpen} as "isFreed"
      from orders.orders o
      where o.created_at >= ${window.from.toISOString()} and o.created_at < ${window.to.toISOString()}
        and o.status <> 'pending'
      order by o.created_at desc, o.id desc limit ${window.limit}`)
    return rows.map((row) => ({ order: toOrder(row), isFreed: row.isFreed }))
  },
})
