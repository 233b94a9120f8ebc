import type { ProductNotFound } from '@shop/contracts/catalog/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import type { Product } from './domain/product.ts'

/** A product that is for sale. */
export async function getProduct(
  { products }: Pick<CatalogDeps, 'products'>,
  { id }: { id: number },
): Promise<Result<Product, ProductNotFound>> {
  const product = await products.find(id)
  return product === undefined ? fail({ code: 'product_not_found', productId: id }) : ok(product)
}
