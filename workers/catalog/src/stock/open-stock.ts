import { fail, ok } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import type { Delivered } from '../events/attempt-delivery.ts'
import { openingKey } from './domain/adjust.ts'
import type { LowStockThreshold } from './domain/low-stock.ts'

export type NewStock = { variantId: number; openingStock: number; threshold: LowStockThreshold }

/** Adds the opening stock of a new variant and sets its low-stock threshold. Without both, its object is not called. */
export async function openStock(
  { stock }: Pick<CatalogDeps, 'stock'>,
  { variantId, openingStock, threshold }: NewStock,
): Promise<Delivered> {
  const [opened] = await Promise.all([
    openingStock > 0 ? stock.open(variantId, { quantity: openingStock, key: openingKey(variantId) }) : ok(),
    threshold.version > 0 ? stock.watchLowStock(variantId, threshold) : undefined,
  ])
  return opened.ok ? ok('done') : fail(opened.failure)
}
