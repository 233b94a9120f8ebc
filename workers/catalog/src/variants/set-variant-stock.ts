import type { StockChanged } from '@shop/contracts/catalog/failures'
import { ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import type { Product } from '../products/domain/product.ts'
import type { WantedStock } from '../stock/domain/adjust.ts'
import { type Listed, setStock } from '../stock/set-stock.ts'
import type { Variant } from './domain/variant.ts'

/** The stock of a variant as it is listed. */
export function stockOf({ id, available, stockSequence }: Variant): Listed {
  return { variantId: id, available, stockSequence }
}

/**
 * Sets the units of a variant that can be bought.
 *
 * @returns the product with the stock as the object has it
 */
export async function setVariantStock(
  deps: Pick<CatalogDeps, 'stock' | 'listing' | 'newKey' | 'warn'>,
  product: Product,
  variant: Variant,
  wanted: WantedStock & { actor: string },
): Promise<Result<Product, StockChanged>> {
  const level = await setStock(deps, stockOf(variant), wanted)
  if (!level.ok) return level
  const { available, sequence } = level.value
  const variants = product.variants.map((one) =>
    one.id === variant.id ? { ...one, available, stockSequence: Math.max(sequence, one.stockSequence) } : one,
  )
  return ok({ ...product, variants })
}
