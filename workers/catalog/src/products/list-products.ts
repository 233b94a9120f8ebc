import { type Caller, type Forbidden, isStaff } from '@shop/kernel/caller'
import { DEFAULT_LIMIT, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { changesAt, type PricedProduct, productInFirstCurrency } from '../prices/domain/priced-product.ts'
import type { ProductStatus } from './domain/product.ts'
import { positionOf, readProductCursor } from './domain/product-cursor.ts'

type ListQuery = {
  category?: string | undefined
  search?: string | undefined
  /** Staff only. */
  status?: ProductStatus | undefined
  limit?: number | undefined
  cursor?: string | undefined
}

/** A page of products with their prices, newest first: those for sale, unless staff ask for others. */
export async function listProducts(
  { products, now }: Pick<CatalogDeps, 'products' | 'now'>,
  caller: Caller,
  { category, search, status, cursor, limit = DEFAULT_LIMIT }: ListQuery,
): Promise<
  Result<
    { items: PricedProduct[]; nextCursor: string | null; changesAt: number | undefined },
    InvalidCursor | Forbidden
  >
> {
  if (status !== undefined && !isStaff(caller)) return fail({ code: 'forbidden' })
  const after = cursor === undefined ? ok(undefined) : readProductCursor(cursor)
  if (!after.ok) return after
  const rows = await products.list({ category, search, status, after: after.value, limit: limit + 1 })
  const { items, nextCursor } = toPage(rows, limit, positionOf)
  const at = now()
  return ok({
    items: items.map((product) => productInFirstCurrency(product, at)),
    nextCursor,
    changesAt: changesAt(
      items.flatMap(({ variants }) => variants),
      at,
    ),
  })
}
