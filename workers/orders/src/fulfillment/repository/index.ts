import type { RefundOfOrder } from '@shop/contracts/orders/rpc'
import type { Db } from '@shop/db/client'
import { lineRefunds } from '@shop/db/schema/orders-lines'
import { isId } from '@shop/kernel/ids'
import { and, asc, eq, lt } from 'drizzle-orm'

/** Refunds by line. They are written with the orders that they change. */
export const lineRefundRepository = (db: Db) => ({
  /** Those that were reserved for payments before a time and are still open, oldest first. Index: line_refunds_open. */
  async listOpen({ before, limit }: { before: Date; limit: number }): Promise<RefundOfOrder[]> {
    const rows = await db
      .select({ orderId: lineRefunds.orderId, refundId: lineRefunds.refundId })
      .from(lineRefunds)
      .where(
        and(eq(lineRefunds.state, 'reserved'), eq(lineRefunds.origin, 'request'), lt(lineRefunds.createdAt, before)),
      )
      .orderBy(asc(lineRefunds.createdAt))
      .limit(limit)
    return rows.flatMap(({ orderId, refundId }) =>
      isId('order', orderId) && isId('refund', refundId) ? [{ orderId, refundId }] : [],
    )
  },
})
