import type { Product } from '../../src/products/domain/product.ts'
import type { ListedStock } from '../../src/stock/domain/audit.ts'
import type { ListingRepository, ThresholdRepository } from '../../src/stock/repository/index.ts'
import type { Variant } from '../../src/variants/domain/variant.ts'
import { memoryCategories } from './memory-categories.ts'
import { memoryEvents } from './memory-events.ts'
import { memoryAttributes, memoryCollections } from './memory-groups.ts'
import { memoryKeys } from './memory-keys.ts'
import { memoryProducts } from './memory-products.ts'

/** The repositories in memory: products, their events, and listed stock. */
export function memoryRepositories() {
  const listed = new Map<number, ListedStock>()
  const memory = memoryEvents()
  const creations = memoryKeys()
  const attributes = memoryAttributes(memory, creations)
  const { products, all, relist, beforeNextUpdate } = memoryProducts(
    memory,
    attributes.declared,
    (productId, variant) => {
      const { id: variantId, available } = variant
      listed.set(variantId, { variantId, productId, available, sequence: 0 })
    },
  )
  const variants = () => all().flatMap((product) => product.variants.map((variant) => ({ product, variant })))
  return {
    products,
    ...memoryCategories(memory, creations),
    collections: memoryCollections(memory, creations),
    attributes,
    keys: creations.keys,
    listing: memoryListing(variants, listed, relist),
    thresholds: memoryThresholds(variants),
    events: memory.events,
    pendingOf: memory.pendingOf,
    /** Every event with its deliveries, oldest first. */
    written: memory.rows,
    /** The listed stock by variant; a test may change it. */
    listed,
    beforeNextUpdate,
  }
}

type Variants = () => { product: Product; variant: Variant }[]

function memoryThresholds(variants: Variants): ThresholdRepository {
  return {
    find: async (variantIds) =>
      new Map(
        variants().flatMap(({ variant: { id, lowStockThreshold: threshold, lowStockVersion: version } }) =>
          variantIds.includes(id) ? [[id, { threshold, version }]] : [],
        ),
      ),
  }
}

function memoryListing(
  variants: Variants,
  listed: Map<number, ListedStock>,
  relist: ReturnType<typeof memoryProducts>['relist'],
): ListingRepository {
  return {
    list: async ({ after, limit }) => [...listed.values()].filter(({ variantId }) => variantId > after).slice(0, limit),
    listLow: async ({ after, limit }) =>
      variants()
        .flatMap(({ product: { id: productId, name }, variant: { id, lowStockThreshold: threshold } }) => {
          const available = listed.get(id)?.available ?? 0
          const isLow = threshold !== null && available <= threshold
          return isLow && productId > after ? [{ productId, name, available, threshold }] : []
        })
        .slice(0, limit),
    project: async (stocks) => {
      for (const { variantId, available, sequence } of stocks) {
        const known = listed.get(variantId)
        if (known === undefined || known.sequence >= sequence) continue
        listed.set(variantId, { ...known, available, sequence })
        relist(variantId, { available, stockSequence: sequence })
      }
    },
    rewrite: async (changes) =>
      changes.flatMap(({ listed: was, level: { available, sequence } }) => {
        const current = listed.get(was.variantId)
        if (current?.available !== was.available || current.sequence !== was.sequence) return []
        listed.set(was.variantId, { ...was, available, sequence })
        return [was.variantId]
      }),
  }
}
