import { z } from 'zod'
import type { EventDefinition } from './define.ts'

/** The price is in minor units. */
const product = z.object({ productId: z.int(), variantId: z.int(), price: z.int(), currency: z.string() })

export const CATALOG_EVENTS = {
  /** `openingStock` is what the variant's stock object opens with. */
  'product.created': {
    version: 1,
    payload: product.extend({ openingStock: z.int() }),
    key: 'productId',
    isPublic: true,
    consumers: ['catalog_stock', 'catalog_cache'],
  },
  'product.updated': { version: 1, payload: product, key: 'productId', isPublic: true, consumers: ['catalog_cache'] },
  'product.deleted': { version: 1, payload: product, key: 'productId', isPublic: true, consumers: ['catalog_cache'] },
  /** The stock object asks for the threshold as it is when it is told, so the payload carries none. */
  'stock.threshold_changed': {
    version: 1,
    payload: z.object({ variantId: z.int() }),
    key: 'variantId',
    isPublic: false,
    consumers: ['catalog_stock'],
  },
  /** Available units fell to the threshold or below. `sequence` is that of the stock object. */
  'stock.low': {
    version: 1,
    payload: z.object({ variantId: z.int(), available: z.int(), threshold: z.int() }),
    key: 'variantId',
    isPublic: true,
    consumers: [],
  },
} as const satisfies Record<string, EventDefinition>
