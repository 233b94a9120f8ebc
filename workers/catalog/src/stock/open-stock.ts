import type { CatalogDeps } from '../deps.ts'
import { openingKey } from './domain/adjust.ts'
import type { StockLevel } from './domain/level.ts'

/**
 * Adds the opening stock of a variant that was created just now. If the stock object does not answer, the sweep does it
 * later.
 *
 * @returns the level; undefined when it is not known yet
 */
export async function openStock(
  { openings, stock, warn }: Pick<CatalogDeps, 'openings' | 'stock' | 'warn'>,
  { variantId, quantity, now }: { variantId: number; quantity: number; now: Date },
): Promise<StockLevel | undefined> {
  try {
    const opened = await stock.open(variantId, { quantity, key: openingKey(variantId) })
    await openings.confirmOf({ variantId, now })
    if (opened.ok) return opened.value
    // Final: the key was used for another quantity before.
    warn('opening_stock_refused', { variantId, failure: opened.failure })
  } catch (error) {
    warn('opening_stock_postponed', { variantId, error })
  }
}
