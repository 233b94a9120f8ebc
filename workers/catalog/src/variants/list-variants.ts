import { type Caller, isStaff } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import type { Variant } from './domain/variant.ts'

/** The variants with exactly this SKU: one or none. For customers only those of products for sale. */
export async function listVariants(
  { products }: Pick<CatalogDeps, 'products'>,
  caller: Caller,
  { sku }: { sku: string },
): Promise<Result<(Variant & { productId: number })[], never>> {
  return ok(await products.findBySku(sku, { isForSale: !isStaff(caller) }))
}
