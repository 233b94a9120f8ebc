import type { InventoryPolicy } from '@shop/contracts/catalog/rpc'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { Product } from '../domain/product.ts'

/** A product and its variant as a written statement returns them: a bigint is a text. */
export type ProductRow = {
  id: string
  variant_id: string
  name: string
  description: string
  category: string | null
  category_ids: string[]
  image_url: string | null
  price: string
  currency: string
  available: string
  opening_stock: string
  stock_sequence: string
  low_stock_threshold: string | null
  low_stock_version: string
  inventory_policy: InventoryPolicy
  max_per_order: number | null
  created_at: string
  updated_at: string
  version: number
}

/** Types the currency of a row: only a {@link CurrencyCode} is ever written to the column. */
export function withCurrency<R extends { currency: string }>(row: R) {
  return { ...row, currency: row.currency as CurrencyCode }
}

export function toProduct(row: ProductRow): Product {
  const threshold = row.low_stock_threshold === null ? null : Number(row.low_stock_threshold)
  return withCurrency({
    id: Number(row.id),
    variantId: Number(row.variant_id),
    name: row.name,
    description: row.description,
    category: row.category,
    categoryIds: row.category_ids.map(Number),
    imageUrl: row.image_url,
    price: Number(row.price),
    currency: row.currency,
    available: Number(row.available),
    terms: {
      openingStock: Number(row.opening_stock),
      sequence: Number(row.stock_sequence),
      threshold,
      thresholdVersion: Number(row.low_stock_version),
      policy: row.inventory_policy,
    },
    lowStockThreshold: threshold,
    maxPerOrder: row.max_per_order,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    version: row.version,
  })
}
