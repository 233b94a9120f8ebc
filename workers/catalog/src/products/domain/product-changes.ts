import type { CurrencyCode } from '@shop/kernel/currencies'
import { ok, type Result } from '@shop/kernel/result'
import type { WantedStock } from '../../stock/domain/adjust.ts'
import { decidePriceChange, type InvalidPrice } from './price.ts'
import type { Product, ProductFields } from './product.ts'
import type { CategoryChoice } from './product-categories.ts'

/** The fields that staff send to update a product; absent members stay as they are. `price` is in major units. */
export type ProductChanges = CategoryChoice & {
  name?: string | undefined
  description?: string | undefined
  price?: number | undefined
  currency?: CurrencyCode | undefined
  imageUrl?: string | null | undefined
  stock?: WantedStock | undefined
  lowStockThreshold?: number | null | undefined
  maxPerOrder?: number | null | undefined
}

/**
 * The fields to write; absent members stay as they are. Stock is no field: its object has it. Categories are decided by
 * `wantedCategories`.
 */
export function changedFields(
  product: Pick<Product, 'price' | 'currency'>,
  changes: ProductChanges,
): Result<Partial<Omit<ProductFields, 'categories'>>, InvalidPrice> {
  const hasPrice = changes.price !== undefined || changes.currency !== undefined
  const price = hasPrice ? decidePriceChange(product, changes) : ok({})
  if (!price.ok) return price
  return ok({
    ...price.value,
    ...(changes.name === undefined ? {} : { name: changes.name }),
    ...(changes.description === undefined ? {} : { description: changes.description }),
    ...(changes.imageUrl === undefined ? {} : { imageUrl: changes.imageUrl }),
    ...(changes.lowStockThreshold === undefined ? {} : { lowStockThreshold: changes.lowStockThreshold }),
    ...(changes.maxPerOrder === undefined ? {} : { maxPerOrder: changes.maxPerOrder }),
  })
}
