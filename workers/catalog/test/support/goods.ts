import { currency } from '@shop/kernel/currencies'
import type { Product } from '../../src/products/domain/product.ts'
import type { Variant } from '../../src/variants/domain/variant.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')

/** A variant of 39.95 dollars, without options. */
export function aVariant(over: Partial<Variant> = {}): Variant {
  return {
    ...{ id: 1, position: 0, sku: null, barcode: null, options: {}, price: 3_995, compareAtPrice: null },
    ...{ currency: currency('USD'), prices: [], weightGrams: null, inventoryPolicy: 'deny', metadata: {} },
    ...{ available: 50, openingStock: 0, stockSequence: 0, lowStockThreshold: null, lowStockVersion: 0, ...over },
  }
}

/** A product with one variant. */
export function aProduct(over: Partial<Product> = {}): Product {
  return {
    ...{ id: 1, name: 'Aeropress', slug: 'aeropress', description: '', status: 'active', archivedAt: null },
    ...{ brand: null, type: 'physical', tags: [], taxCategory: null, shippingClass: null, attributes: {}, seo: {} },
    translations: {},
    ...{ metadata: {}, category: null, categoryIds: [], imageUrl: null, maxPerOrder: null, options: [] },
    ...{ variants: [aVariant()], createdAt: NOW, updatedAt: NOW, version: 1, ...over },
  }
}

/** A product in two sizes. */
export const aTee = (over: Partial<Product> = {}): Product =>
  aProduct({
    name: 'Tee',
    options: [{ name: 'size', values: ['S', 'M', 'L'] }],
    variants: [
      aVariant({ id: 1, sku: 'TEE-S', options: { size: 'S' } }),
      aVariant({ id: 2, position: 1, sku: 'TEE-M', options: { size: 'M' }, price: 4_500, compareAtPrice: 5_000 }),
    ],
    ...over,
  })
