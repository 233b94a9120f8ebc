import type { Db } from '@shop/db/client'
import { stockAdjustments } from '@shop/db/schema/orders-lines'
import { isId } from '@shop/kernel/ids'
import type { Position } from '@shop/kernel/pagination'
import { and, asc, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm'
import type { StockAdjustment, StoredAdjustment } from '../domain/stock-adjustment.ts'

/** What changes of orders give back to the stock. They are written with the orders that they change. */
export const stockAdjustmentRepository = (db: Db) => ({
  /** Those that were written before a time and are not done, oldest first, after a position. Index: stock_adjustments_open. */
  async listOpen({
    before,
    after,
    limit,
  }: {
    before: Date
    after?: Position | undefined
    limit: number
  }): Promise<StoredAdjustment[]> {
    const { createdAt, key } = stockAdjustments
    const later = after && sql`(${createdAt}, ${key}) > (${after.sortKey}::timestamptz, ${after.id}::text)`
    const rows = await db
      .select()
      .from(stockAdjustments)
      .where(and(isNull(stockAdjustments.doneAt), lt(createdAt, before), later))
      .orderBy(asc(createdAt), asc(key))
      .limit(limit)
    return rows.flatMap(({ orderId, ...row }) => (isId('order', orderId) ? [{ ...row, orderId }] : []))
  },

  async markDone(keys: string[], now: Date): Promise<void> {
    await db
      .update(stockAdjustments)
      .set({ doneAt: now })
      .where(and(inArray(stockAdjustments.key, keys), isNull(stockAdjustments.doneAt)))
  },
})

/** What {@link STOCK_ADJUSTMENTS} needs of a change, as JSON. */
export const adjustmentValues = ({
  stockAdjustments: made = [],
}: {
  stockAdjustments?: StockAdjustment[] | undefined
}) => ({
  stockAdjustments: JSON.stringify(made),
})

/**
 * Statement part: the CTE that writes what a change gives back to the stock. `changed` is the CTE that returns the order after the
 * change, or no row where another writer won: then this writes nothing, too.
 */
export const STOCK_ADJUSTMENTS: SQL = sql`stock_adjustments as (
  insert into ${stockAdjustments} (key, order_id, variant_id, quantity, kind, reason, created_at)
  select a.key, changed.id, a."variantId", a.quantity, a.kind, a.reason, changed.updated_at
  from changed, jsonb_to_recordset(${sql.placeholder('stockAdjustments')}::jsonb) as a(key text, "variantId" bigint, quantity int,
    kind text, reason text)
  on conflict (key) do nothing)`
