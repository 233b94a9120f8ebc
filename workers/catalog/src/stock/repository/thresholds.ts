import type { Db } from '@shop/db/client'
import { variants } from '@shop/db/schema/catalog'
import { inArray } from 'drizzle-orm'
import type { LowStockThreshold } from '../domain/low-stock.ts'

/** Low-stock thresholds as staff have set them. */
export const thresholdRepository = (db: Db) => ({
  /** The current thresholds by variant, in one round trip; unknown variants are absent. */
  async find(variantIds: number[]): Promise<Map<number, LowStockThreshold>> {
    if (variantIds.length === 0) return new Map()
    const rows = await db
      .select({
        variantId: variants.id,
        threshold: variants.lowStockThreshold,
        version: variants.lowStockVersion,
      })
      .from(variants)
      .where(inArray(variants.id, variantIds))
    return new Map(rows.map(({ variantId, ...threshold }) => [variantId, threshold]))
  },
})

export type ThresholdRepository = ReturnType<typeof thresholdRepository>
