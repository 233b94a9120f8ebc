import type { CategoryNotFound, SkuTaken, SlugTaken } from '@shop/contracts/catalog/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import { announceChange } from '../caching/announce-change.ts'
import type { CatalogDeps } from '../deps.ts'
import type { Product } from './domain/product.ts'

export type SaveDeps = Pick<CatalogDeps, 'products' | 'answers' | 'events' | 'later' | 'now' | 'warn'>
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
  const { product, eventId, categoryEventId } = saved.value
  await announceChange(deps, eventId, categoryEventId)
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
