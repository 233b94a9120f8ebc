import { type Caller, type Forbidden, isStaff } from '@shop/kernel/caller'
import { DEFAULT_LIMIT, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import type { ProductStatus } from '../products/domain/product.ts'
import type { Facets, Total } from './domain/facets.ts'
import type { ProductFilters } from './domain/filters.ts'
import { orderOf, readPosition, type Sort, toPosition } from './domain/position.ts'
import type { FoundProduct } from './repository/index.ts'

type ListQuery = ProductFilters & {
  /** Staff only. */
  status?: ProductStatus | undefined
  sort?: Sort | undefined
  limit?: number | undefined
  cursor?: string | undefined
  withFacets?: boolean | undefined
  withTotal?: boolean | undefined
}

export type ProductList = {
  items: FoundProduct[]
  nextCursor: string | null
  /** Whether the search found nothing, and these are products of the most similar words. */
  isCorrected: boolean
  facets: Facets | undefined
  total: Total | undefined
}

/**
 * A page of products: those for sale, unless staff ask for others; newest first, or a manual collection in its own order,
 * unless it is sorted.
 */
export async function listProducts(
  { search }: Pick<CatalogDeps, 'search'>,
  caller: Caller,
  { status, sort, cursor, limit = DEFAULT_LIMIT, withFacets = false, withTotal = false, ...filters }: ListQuery,
): Promise<Result<ProductList, InvalidCursor | Forbidden>> {
  if (status !== undefined && !isStaff(caller)) return fail({ code: 'forbidden' })
  const order = orderOf(sort, filters)
  const after = cursor === undefined ? ok(undefined) : readPosition(order, cursor)
  if (!after.ok) return after
  const found = await search.list({
    filters,
    order,
    status,
    after: after.value,
    limit: limit + 1,
    withFacets,
    withTotal,
  })
  const page = toPage(found.products, limit, ({ position }) => toPosition(order, position))
  const isCorrected = page.items.some((product) => product.isCorrected)
  return ok({ ...page, isCorrected, facets: found.facets, total: found.total })
}
