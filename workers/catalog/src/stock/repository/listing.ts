import type { Db } from '@shop/db/client'
import { products, variants } from '@shop/db/schema/catalog'
import { eq, gt, sql } from 'drizzle-orm'
import type { ListedStock } from '../domain/audit.ts'
import type { VariantPosition } from '../domain/id-cursor.ts'
import type { StockLevel } from '../domain/level.ts'
import { type ProjectedStock, projectStocks } from './projection.ts'
import { TERMS } from './terms.ts'

export type ListingChange = { listed: ListedStock; level: Pick<StockLevel, 'available' | 'sequence'> }
export type LowStockVariant = VariantPosition & {
  sku: string | null
  name: string
  available: number
  threshold: number
}

/** The stock of variants as Postgres lists it: a projection of the stock objects. */
export const listingRepository = (db: Db) => ({
  /** A page of all variants by id, those of deleted products included; served by the primary key. */
  async list(page: { after: number; limit: number }): Promise<ListedStock[]> {
    return await db
      .select({
        variantId: variants.id,
        productId: variants.productId,
        sku: variants.sku,
        available: variants.available,
        terms: TERMS,
      })
      .from(variants)
      .where(gt(variants.id, page.after))
      .orderBy(variants.id)
      .limit(page.limit)
  },

  /** A page, by product and variant, of the variants whose listed stock is low; served by the index variants_low. */
  async listLow({ after, limit }: { after: VariantPosition; limit: number }): Promise<LowStockVariant[]> {
    const isAfter = sql`(${variants.productId}, ${variants.id}) > (${after.productId}::bigint, ${after.variantId}::bigint)`
    const rows = await db
      .select({
        productId: variants.productId,
        variantId: variants.id,
        sku: variants.sku,
        name: products.name,
        available: variants.available,
        threshold: variants.lowStockThreshold,
      })
      .from(variants)
      .innerJoin(products, eq(products.id, variants.productId))
      .where(sql`${IS_LOW} and ${isAfter} and ${products.status} <> 'archived'`)
      .orderBy(variants.productId, variants.id)
      .limit(limit)
    // IS_LOW is never true without a threshold.
    return rows.map((row) => ({ ...row, threshold: row.threshold ?? 0 }))
  },

  /** Lists levels that are newer than the listed ones; see {@link projectStocks}. */
  project: (stocks: ProjectedStock[]) => projectStocks(db, stocks),

  /**
   * Replaces listed levels by those of the objects, even when the listed sequence is higher. A row that has changed since
   * it was read stays as it is: the WHERE clause is the lock.
   *
   * @returns the variants that were rewritten
   */
  async rewrite(changes: ListingChange[]): Promise<number[]> {
    if (changes.length === 0) return []
    const { rows } = await db.execute<{ id: string }>(rewriteStatement(changes))
    return rows.map(({ id }) => Number(id))
  },
})

export type ListingRepository = ReturnType<typeof listingRepository>

const IS_LOW = sql`${variants.available} <= ${variants.lowStockThreshold} and ${variants.deletedAt} is null`

function rewriteStatement(changes: ListingChange[]) {
  const rows = changes.map(({ listed, level }) => ({
    id: listed.variantId,
    was_available: listed.available,
    was_sequence: listed.terms.sequence,
    available: level.available,
    sequence: level.sequence,
  }))
  return sql`
    update ${variants} v set available = stock.available, stock_sequence = stock.sequence
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as stock(
      id bigint, was_available bigint, was_sequence bigint, available bigint, sequence bigint)
    where v.id = stock.id and v.available = stock.was_available and v.stock_sequence = stock.was_sequence
    returning v.id`
}
