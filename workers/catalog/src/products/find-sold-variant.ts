import type { ProductNotFound, VariantRequired } from '@shop/contracts/catalog/failures'
import { type Caller, isStaff } from '@shop/kernel/caller'
import { fail, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import type { Variant } from '../variants/domain/variant.ts'
import { onlyVariant } from './domain/product.ts'

/** The only variant of a product that is for sale, or, for staff, a draft. */
export async function findSoldVariant(
  { products }: Pick<CatalogDeps, 'products'>,
  caller: Caller,
  productId: number,
): Promise<Result<Variant, ProductNotFound | VariantRequired>> {
  const product = await products.find(productId)
  const isHidden = product?.status === 'archived' || (product?.status === 'draft' && !isStaff(caller))
  if (product === undefined || isHidden) return fail({ code: 'product_not_found', productId })
  return onlyVariant(product)
}
