import { type CurrencyCode, currency } from '@shop/kernel/currencies'
import { ok, type Result } from '@shop/kernel/result'
import { decidePrice, type InvalidPrice } from './price.ts'
import type { ProductFields } from './product.ts'
import type { CategoryChoice } from './product-categories.ts'

const DEFAULT_CURRENCY = currency('USD')

/** The fields that staff send to create a product. `price` is in major units. */
export type ProductDraft = CategoryChoice & {
  name: string
  description?: string | undefined
  price: number
  currency?: CurrencyCode | undefined
  imageUrl?: string | null | undefined
  openingStock?: number | undefined
  lowStockThreshold?: number | null | undefined
  maxPerOrder?: number | null | undefined
}

export type DecidedProduct = Omit<ProductFields, 'categories'> & { openingStock: number }

/** Fills in the defaults of a new product: empty description, USD, no opening stock. */
export function newProduct(draft: ProductDraft): Result<DecidedProduct, InvalidPrice> {
  const currency = draft.currency ?? DEFAULT_CURRENCY
  const price = decidePrice(draft.price, currency)
  if (!price.ok) return price
  return ok({
    name: draft.name,
    description: draft.description ?? '',
    imageUrl: draft.imageUrl ?? null,
    price: price.value,
    currency,
    lowStockThreshold: draft.lowStockThreshold ?? null,
    maxPerOrder: draft.maxPerOrder ?? null,
    openingStock: draft.openingStock ?? 0,
  })
}
