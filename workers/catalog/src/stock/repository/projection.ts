import type { Db } from '@shop/db/client'
import { eventCtes } from '@shop/db/events/write'
import { catalogEvents, variants } from '@shop/db/schema/catalog'
import { type SQL, sql } from 'drizzle-orm'
import { variantKey } from '../../events/repository.ts'
import type { StockLevel } from '../domain/level.ts'
import type { LowStock } from '../domain/low-stock.ts'

/** A level to list, with the falls to the threshold to announce. */
export type ProjectedStock = Pick<StockLevel, 'available' | 'sequence'> & {
  variantId: number
  /** Units that were sold and not returned; absent where it is not known, and then it stays as it is. */
  sold?: number
  low: LowStock[]
}

/**
 * Lists what is available, unless a level at least as new is listed, and writes one `stock.low` event for each fall to the
 * threshold, however often it is reported. One statement for all.
 *
 * @param stocks of different variants
 */
export async function projectStocks(db: Db, stocks: ProjectedStock[]): Promise<void> {
  const levels = stocks.map(({ variantId, available, sequence, sold }) => ({ variantId, available, sequence, sold }))
  const falls = stocks.flatMap(({ variantId, low }) => low.map((fall) => ({ variantId, ...fall })))
  await db.execute(sql`${falls.length === 0 ? sql.empty() : sql`with ${lowStockEvents(falls)}`}
    update ${variants} v set available = stock.available, stock_sequence = stock.sequence, sold = coalesce(stock.sold, v.sold)
    from jsonb_to_recordset(${JSON.stringify(levels)}::jsonb) as stock(
      "variantId" bigint, available bigint, sequence bigint, sold bigint)
    where v.id = stock."variantId" and v.stock_sequence < stock.sequence`)
}

function lowStockEvents(falls: (LowStock & { variantId: number })[]): SQL {
  return eventCtes(catalogEvents, {
    name: 'event',
    types: ['stock.low'],
    rows: sql`
      select 'stock.low' as type, ${variantKey(sql`(fall->>'variantId')`)} as key, (fall->>'sequence')::bigint as sequence,
             fall - 'sequence' - 'at' as payload, fall->>'at' as created_at
      from jsonb_array_elements(${JSON.stringify(falls)}::jsonb) fall`,
  })
}
