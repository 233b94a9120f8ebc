import { type Caller, type Forbidden, isStaff } from '@shop/kernel/caller'
import { DEFAULT_LIMIT, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import type { Product, ProductStatus } from './domain/product.ts'
import { positionOf, readProductCursor } from './domain/product-cursor.ts'

type ListQuery = {
  category?: string | undefined
  search?: string | undefined
  /** Staff only. */
  status?: ProductStatus | undefined
  limit?: number | undefined
  cursor?: string | undefined
}

/** A page of products, newest first: those for sale, unless staff ask for others. */
export async function listProducts(
  { products }: Pick<CatalogDeps, 'products'>,
  caller: Caller,
  { category, search, status, cursor, limit = DEFAULT_LIMIT }: ListQuery,
): Promise<Result<{ items: Product[]; nextCursor: string | null }, InvalidCursor | Forbidden>> {
  if (status !== undefined && !isStaff(caller)) return fail({ code: 'forbidden' })
  const after = cursor === undefined ? ok(undefined) : readProductCursor(cursor)
  if (!after.ok) return after
  const rows = await products.list({ category, search, status, after: after.value, limit: limit + 1 })
  return ok(toPage(rows, limit, positionOf))
}
