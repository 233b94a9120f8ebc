import type { ProductNotFound } from '@shop/contracts/catalog/failures'
import { type Caller, isStaff } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import type { Product } from './domain/product.ts'

/** A product that is for sale; for staff also another one. */
export async function getProduct(
  { products }: Pick<CatalogDeps, 'products'>,
  caller: Caller,
  { id }: { id: number },
): Promise<Result<Product, ProductNotFound>> {
  const product = await products.find(id)
  const isShown = product !== undefined && (product.status === 'active' || isStaff(caller))
  return isShown ? ok(product) : fail({ code: 'product_not_found', productId: id })
}
