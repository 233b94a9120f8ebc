import type { Db } from '@shop/db'
import { catalogOutbox, variants } from '@shop/db/schema/catalog'
import { sql } from 'drizzle-orm'
import type { StockLevel } from '../domain/level.ts'
import type { LowStock } from '../domain/low-stock.ts'

/** The event of stock that fell to its threshold. */
export const STOCK_LOW = 'stock.low'

/** A level to list, with the falls to the threshold to announce. */
export type ProjectedStock = Pick<StockLevel, 'available' | 'sequence'> & { variantId: number; low: LowStock[] }

/**
 * Lists what is available, unless a level at least as new is listed, and announces each fall to the threshold once. One
 * statement for all.
 *
 * @param stocks of different variants
 */
export async function projectStocks(db: Db, stocks: ProjectedStock[]): Promise<void> {
  const levels = stocks.map(({ variantId, available, sequence }) => ({ variantId, available, sequence }))
  const falls = stocks.flatMap(({ variantId, low }) => low.map((fall) => ({ variantId, ...fall })))
  await db.execute(sql`${falls.length === 0 ? sql`` : sql`with announced as (${announceLowStock(falls)})`}
    update ${variants} v set available = stock.available, stock_sequence = stock.sequence
    from jsonb_to_recordset(${JSON.stringify(levels)}::jsonb) as stock("variantId" bigint, available bigint, sequence bigint)
    where v.id = stock."variantId" and v.stock_sequence < stock.sequence`)
}

function announceLowStock(falls: (LowStock & { variantId: number })[]) {
  return sql`
    insert into ${catalogOutbox} (kind, key, payload, created_at, next_attempt_at)
    select ${STOCK_LOW}, fall->>'variantId' || ':' || (fall->>'sequence'), fall - 'sequence', (fall->>'at')::timestamptz,
           (fall->>'at')::timestamptz
    from jsonb_array_elements(${JSON.stringify(falls)}::jsonb) fall
    on conflict (kind, key) do nothing`
}
