import type { StockLevel } from '@shop/contracts'
import type { CatalogDeps, OpeningStock } from '../ports.ts'

/**
 * Tells the stock object what a new variant opens with.
 *
 * @returns undefined when the object refuses, which it does for good: its key was used for another quantity
 */
export async function openStock(
  { stock, warn }: Pick<CatalogDeps, 'stock' | 'warn'>,
  { variantId, quantity, key }: Omit<OpeningStock, 'eventId'>,
): Promise<StockLevel | undefined> {
  const opened = await stock.open(variantId, { quantity, key })
  if (opened.ok) return opened.value
  warn('opening_stock_refused', { variantId, failure: opened.failure })
  return undefined
}
