import type { ProductNotFound } from '@shop/contracts/catalog/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../../deps.ts'
import type { Product } from '../../products/domain/product.ts'

/** A product whose variants can be changed: one that is not archived. */
export async function presentProduct(
  { products }: Pick<CatalogDeps, 'products'>,
  productId: number,
): Promise<Result<Product, ProductNotFound>> {
  const product = await products.find(productId)
  if (product === undefined || product.status === 'archived') return fail({ code: 'product_not_found', productId })
  return ok(product)
}
