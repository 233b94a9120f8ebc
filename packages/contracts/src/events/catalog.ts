import { z } from 'zod'
import type { EventDefinition } from './define.ts'

/**
 * The product after the change. `variantId`, `price` (in minor units) and `currency` are of its first variant;
 * `variantIds` are all that it has, in order.
 */
const product = z.object({
  productId: z.int(),
  variantId: z.int(),
  variantIds: z.array(z.int()),
  price: z.int(),
  currency: z.string(),
})

/** The category after the change; before it, where it was deleted. */
const category = z.object({ categoryId: z.int(), parentId: z.int().nullable() })

const collection = z.object({ collectionId: z.int(), kind: z.enum(['manual', 'rule']) })

const attribute = z.object({ attributeId: z.int() })

export const CATALOG_EVENTS = {
  /** `openingStock` is the opening stock of the first variant; 0 when it has none. */
  'product.created': {
    version: 1,
    payload: product.extend({ openingStock: z.int() }),
    key: 'productId',
    isPublic: true,
    consumers: ['catalog_cache'],
  },
  'product.updated': { version: 1, payload: product, key: 'productId', isPublic: true, consumers: ['catalog_cache'] },
  'product.deleted': { version: 1, payload: product, key: 'productId', isPublic: true, consumers: ['catalog_cache'] },
  'category.created': {
    version: 1,
    payload: category,
    key: 'categoryId',
    isPublic: true,
    consumers: ['catalog_cache'],
  },
  /** One event, too, for a category that was moved with all below it. */
  'category.updated': {
    version: 1,
    payload: category,
    key: 'categoryId',
    isPublic: true,
    consumers: ['catalog_cache'],
  },
  /** Its products no longer belong to it; they have no events of their own. */
  'category.deleted': {
    version: 1,
    payload: category,
    key: 'categoryId',
    isPublic: true,
    consumers: ['catalog_cache'],
  },
  'collection.created': {
    version: 1,
    payload: collection,
    key: 'collectionId',
    isPublic: true,
    consumers: ['catalog_cache'],
  },
  /** Its products may have changed, too. */
  'collection.updated': {
    version: 1,
    payload: collection,
    key: 'collectionId',
    isPublic: true,
    consumers: ['catalog_cache'],
  },
  'collection.deleted': {
    version: 1,
    payload: collection,
    key: 'collectionId',
    isPublic: true,
    consumers: ['catalog_cache'],
  },
  'attribute.created': {
    version: 1,
    payload: attribute,
    key: 'attributeId',
    isPublic: true,
    consumers: ['catalog_cache'],
  },
  'attribute.updated': {
    version: 1,
    payload: attribute,
    key: 'attributeId',
    isPublic: true,
    consumers: ['catalog_cache'],
  },
  'attribute.deleted': {
    version: 1,
    payload: attribute,
    key: 'attributeId',
    isPublic: true,
    consumers: ['catalog_cache'],
  },
  /** `sequence` counts the changes of the threshold. */
  'stock.threshold_changed': {
    version: 1,
    payload: z.object({ variantId: z.int() }),
    key: 'variantId',
    isPublic: false,
    consumers: [],
  },
  /** Available units fell to the threshold or below. `sequence` is that of the stock object. */
  'stock.low': {
    version: 1,
    payload: z.object({ variantId: z.int(), available: z.int(), threshold: z.int() }),
    key: 'variantId',
    isPublic: true,
    consumers: ['notifications'],
  },
} as const satisfies Record<string, EventDefinition>
