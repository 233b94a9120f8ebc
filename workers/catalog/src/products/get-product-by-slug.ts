import type { ProductSlugNotFound } from '@shop/contracts/catalog/failures'
import { type Caller, isStaff } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import type { Product } from './domain/product.ts'

/** The product that has a slug, or had it and no other product has it now. For customers it is for sale. */
export async function getProductBySlug(
  { products }: Pick<CatalogDeps, 'products'>,
  caller: Caller,
  { slug }: { slug: string },
): Promise<Result<Product, ProductSlugNotFound>> {
  const product = await products.findBySlug(slug, { isForSale: !isStaff(caller) })
  return product === undefined ? fail({ code: 'product_slug_not_found', slug }) : ok(product)
}
