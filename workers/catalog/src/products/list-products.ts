import { DEFAULT_LIMIT, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import type { Product } from './domain/product.ts'
import { positionOf, readProductCursor } from './domain/product-cursor.ts'

type ListQuery = {
  category?: string | undefined
  search?: string | undefined
  limit?: number | undefined
  cursor?: string | undefined
}

/** A page of the products for sale, newest first. */
export async function listProducts(
  { products }: Pick<CatalogDeps, 'products'>,
  { category, search, cursor, limit = DEFAULT_LIMIT }: ListQuery,
): Promise<Result<{ items: Product[]; nextCursor: string | null }, InvalidCursor>> {
  const after = cursor === undefined ? ok(undefined) : readProductCursor(cursor)
  if (!after.ok) return after
  const rows = await products.list({ category, search, after: after.value, limit: limit + 1 })
  return ok(toPage(rows, limit, positionOf))
}
