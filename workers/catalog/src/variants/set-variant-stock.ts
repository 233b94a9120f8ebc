import type { StockChanged } from '@shop/contracts/catalog/failures'
import { ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import type { Product } from '../products/domain/product.ts'
import type { StockBelowZero, WantedStock } from '../stock/domain/adjust.ts'
import { checkStock, type SetVariant, setStock } from '../stock/set-stock.ts'
import { termsOf, type Variant } from './domain/variant.ts'

export type StockFailure = StockChanged | StockBelowZero

/** The units of a variant that are to be available, and who wants it. */
export type StockRequest = { variant: Variant; wanted: WantedStock & { actor: string } }

const stocked = (variant: Variant): SetVariant => ({ variantId: variant.id, terms: termsOf(variant) })

/**
 * Refuses what {@link setVariantStock} would refuse now, for a writer that has other changes to save first.
 *
 * @param request undefined when the stock stays as it is
 */
export async function checkVariantStock(
  deps: Pick<CatalogDeps, 'stock'>,
  request: StockRequest | undefined,
): Promise<Result<undefined, StockFailure>> {
  return request === undefined ? ok() : checkStock(deps, stocked(request.variant), request.wanted)
}

/**
 * Sets the units of a variant that can be bought.
 *
 * @param request undefined when the stock stays as it is
 * @returns the product with the stock as the object has it
 */
export async function setVariantStock(
  deps: Pick<CatalogDeps, 'stock' | 'listing' | 'newKey' | 'warn'>,
  product: Product,
  request: StockRequest | undefined,
): Promise<Result<Product, StockFailure>> {
  if (request === undefined) return ok(product)
  const { variant, wanted } = request
  const level = await setStock(deps, stocked(variant), wanted)
  if (!level.ok) return level
  const { available, sequence } = level.value
  const variants = product.variants.map((one) =>
    one.id === variant.id ? { ...one, available, stockSequence: Math.max(sequence, one.stockSequence) } : one,
  )
  return ok({ ...product, variants })
}
