import type { CategoryNotFound, SkuTaken, SlugTaken } from '@shop/contracts/catalog/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import { announceChange } from '../caching/announce-change.ts'
import type { CatalogDeps } from '../deps.ts'
import { deliverNow } from '../events/deliver-now.ts'
import { setThreshold } from '../stock/set-threshold.ts'
import type { Product } from './domain/product.ts'

export type SaveDeps = Pick<CatalogDeps, 'products' | 'stock' | 'answers' | 'events' | 'later' | 'now' | 'warn'>
type Update = Omit<Parameters<CatalogDeps['products']['update']>[0], 'updatedAt'>
type SaveFailure = CategoryNotFound | SkuTaken | SlugTaken

/**
 * Saves a product and its variants, and delivers the events of the change.
 *
 * @returns the product after it; undefined when another writer was first
 */
export async function saveProduct(deps: SaveDeps, update: Update): Promise<Result<Product | undefined, SaveFailure>> {
  const saved = await deps.products.update({ ...update, updatedAt: deps.now() })
  if (!saved.ok) return saved
  if (saved.value === undefined) return ok(undefined)
  const { product, eventId, categoryEventId, thresholdEventId } = saved.value
  const variant = product.variants.find(({ id }) => id === update.variants?.thresholdOf)
  await Promise.all([
    announceChange(deps, eventId, categoryEventId),
    thresholdEventId === undefined || variant === undefined
      ? undefined
      : deliverNow(deps, { consumer: 'catalog_stock', eventId: thresholdEventId }, () =>
          setThreshold(deps, variant.id, { threshold: variant.lowStockThreshold, version: variant.lowStockVersion }),
        ),
  ])
  return ok(product)
}

/**
 * Saves variants of a product, and nothing else of it.
 *
 * @returns the product after it; undefined when another writer was first
 */
export async function saveVariants(
  deps: SaveDeps,
  product: Product,
  variants: NonNullable<Update['variants']>,
): Promise<Result<Product | undefined, SkuTaken>> {
  const saved = await saveProduct(deps, { decidedFrom: product, variants })
  if (saved.ok) return saved
  const { failure } = saved
  if (failure.code === 'sku_taken') return fail(failure)
  throw new Error(`Neither slug nor category were written, but were refused: ${failure.code}`)
}
