import type { RefundOfOrder } from '@shop/contracts/orders/rpc'
import type { Db } from '@shop/db/client'
import { lineRefunds } from '@shop/db/schema/orders-lines'
import { isId, type RefundId } from '@shop/kernel/ids'
import { and, asc, eq, lt, sql } from 'drizzle-orm'

/** Refunds by line. They are written with the orders that they change. */
export const lineRefundRepository = (db: Db) => ({
  /**
   * Those that were reserved for payments before a time and are still open, oldest first. Index: line_refunds_open.
   *
   * @param page.after the last one of the page before, whatever became of it
   */
  async listOpen({
    before,
    after,
    limit,
  }: {
    before: Date
    after?: RefundId | undefined
    limit: number
  }): Promise<RefundOfOrder[]> {
    const isBehind =
      after === undefined
        ? undefined
        : sql`(${lineRefunds.createdAt}, ${lineRefunds.refundId}) > (
            select known.created_at, known.refund_id from ${lineRefunds} known where known.refund_id = ${after})`
    const rows = await db
      .select({ orderId: lineRefunds.orderId, refundId: lineRefunds.refundId })
      .from(lineRefunds)
      .where(
        and(
          eq(lineRefunds.state, 'reserved'),
          eq(lineRefunds.origin, 'request'),
          lt(lineRefunds.createdAt, before),
          isBehind,
        ),
      )
      .orderBy(asc(lineRefunds.createdAt), asc(lineRefunds.refundId))
      .limit(limit)
    return rows.flatMap(({ orderId, refundId }) =>
      isId('order', orderId) && isId('refund', refundId) ? [{ orderId, refundId }] : [],
    )
  },
})
