import type { Product, ProductFields, UpdateProductBody } from '@shop/contracts'
import { ok, type Result } from '@shop/kernel'
import { decidePriceChange, type InvalidPrice } from './price.ts'

/** The fields a request changes; those it leaves out are not there. */
export function changedFields(
  product: Product,
  changes: UpdateProductBody,
): Result<Partial<ProductFields>, InvalidPrice> {
  const hasPrice = changes.price !== undefined || changes.currency !== undefined
  const price = hasPrice ? decidePriceChange(product, changes) : ok({})
  if (!price.ok) return price
  return ok({
    ...price.value,
    ...(changes.name === undefined ? {} : { name: changes.name }),
    ...(changes.description === undefined ? {} : { description: changes.description }),
    ...(changes.category === undefined ? {} : { category: changes.category }),
    ...(changes.low_stock_threshold === undefined ? {} : { lowStockThreshold: changes.low_stock_threshold }),
    ...(changes.image_url === undefined ? {} : { imageUrl: changes.image_url }),
  })
}
