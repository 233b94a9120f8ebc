import { ok } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import type { Delivered } from '../events/attempt-delivery.ts'
import type { LowStockThreshold } from './domain/low-stock.ts'

/** Sets the low-stock threshold of a variant at its stock object, unless the object has a newer one. */
export async function setThreshold(
  { stock }: Pick<CatalogDeps, 'stock'>,
  variantId: number,
  threshold: LowStockThreshold,
): Promise<Delivered> {
  await stock.watchLowStock(variantId, threshold)
  return ok('done')
}
