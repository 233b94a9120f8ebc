import type { CreateProductBody, ProductFields } from '@shop/contracts'
import { currency, ok, type Result } from '@shop/kernel'
import { decidePrice, type InvalidPrice } from './price.ts'

const DEFAULT_CURRENCY = currency('USD')

/** A product as it is first saved: what was left out is empty, the currency is USD. */
export function newProduct(draft: CreateProductBody): Result<ProductFields & { openingStock: number }, InvalidPrice> {
  const currency = draft.currency ?? DEFAULT_CURRENCY
  const price = decidePrice(draft.price, currency)
  if (!price.ok) return price
  return ok({
    name: draft.name,
    description: draft.description ?? '',
    category: draft.category ?? null,
    imageUrl: draft.image_url ?? null,
    price: price.value,
    currency,
    lowStockThreshold: draft.low_stock_threshold ?? null,
    openingStock: draft.stock_quantity ?? 0,
  })
}
