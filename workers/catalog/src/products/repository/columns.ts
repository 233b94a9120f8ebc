import { products, variants } from '@shop/db/schema/catalog'
import type { CurrencyCode } from '@shop/kernel'

/** The columns of a product and its variant, by the names of Product. */
export const productColumns = {
  id: products.id,
  variantId: variants.id,
  name: products.name,
  description: products.description,
  category: products.category,
  imageUrl: products.imageUrl,
  price: variants.price,
  currency: variants.currency,
  available: variants.available,
  lowStockThreshold: variants.lowStockThreshold,
  createdAt: products.createdAt,
  updatedAt: products.updatedAt,
}

/** Types the currency of a row: only a {@link CurrencyCode} is ever written to the column. */
export function withCurrency<R extends { currency: string }>(row: R) {
  return { ...row, currency: row.currency as CurrencyCode }
}
