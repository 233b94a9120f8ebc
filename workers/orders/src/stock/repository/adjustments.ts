import type { Db } from '@shop/db/client'
import { stockAdjustments } from '@shop/db/schema/orders-lines'
import { isId } from '@shop/kernel/ids'
import type { Position } from '@shop/kernel/pagination'
import { and, asc, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm'
import type { StockAdjustment, StoredAdjustment } from '../domain/stock-adjustment.ts'

/** Stock adjustments. They are written by the statements that change their orders. */
export const stockAdjustmentRepository = (db: Db) => ({
  /** Open adjustments that were written before a time, oldest first, after a position. Index: stock_adjustments_open. */
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
    return rows.flatMap(({ orderId, kind, holdId, ...row }): StoredAdjustment[] => {
      if (!isId('order', orderId)) return []
      if (kind !== 'shrink') return [{ ...row, kind, orderId }]
      return holdId === null ? [] : [{ ...row, kind, holdId, orderId }]
    })
  },

  async markDone(keys: string[], now: Date): Promise<void> {
    await db
      .update(stockAdjustments)
      .set({ doneAt: now })
      .where(and(inArray(stockAdjustments.key, keys), isNull(stockAdjustments.doneAt)))
  },
})

/** The value of {@link STOCK_ADJUSTMENTS}, as JSON. */
export const adjustmentValues = ({
  stockAdjustments: made = [],
}: {
  stockAdjustments?: StockAdjustment[] | undefined
}) => ({
  stockAdjustments: JSON.stringify(made),
})

/**
 * Statement part: the CTE that writes the stock adjustments of a change. `changed` is the CTE that returns the order after the change, or
 * no row if another writer won; then this writes nothing either.
 */
export const STOCK_ADJUSTMENTS: SQL = sql`stock_adjustments as (
  insert into ${stockAdjustments} (key, order_id, variant_id, quantity, kind, hold_id, reason, created_at)
  select a.key, changed.id, a."variantId", a.quantity, a.kind, a."holdId", a.reason, changed.updated_at
  from changed, jsonb_to_recordset(${sql.placeholder('stockAdjustments')}::jsonb) as a(key text, "variantId" bigint, quantity int,
    kind text, "holdId" text, reason text)
  on conflict (key) do nothing)`
