import { announceChange } from '../caching/announce-change.ts'
import type { CatalogDeps } from '../deps.ts'
import { deliverNow } from '../events/deliver-now.ts'
import { setThreshold } from '../stock/set-threshold.ts'

export type SaveDeps = Pick<CatalogDeps, 'products' | 'stock' | 'answers' | 'events' | 'later' | 'now' | 'warn'>
type Update = Omit<Parameters<CatalogDeps['products']['update']>[0], 'updatedAt'>
type Saved = ReturnType<CatalogDeps['products']['update']>

/**
 * Saves a product and its variants, and delivers the events of the change.
 *
 * @returns undefined when another writer was first
 */
export async function saveProduct(deps: SaveDeps, update: Update): Saved {
  const saved = await deps.products.update({ ...update, updatedAt: deps.now() })
  if (!saved.ok || saved.value === undefined) return saved
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
  return saved
}
