import { forbiddenTo, hasScope } from '@shop/kernel/access'
import type { Caller, Forbidden } from '@shop/kernel/caller'
import { DEFAULT_LIMIT, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { changesAt, type PricedProduct, pricedProduct } from '../prices/domain/priced-product.ts'
import type { ProductStatus } from '../products/domain/product.ts'
import { translated } from '../products/domain/translations.ts'
import type { Facets, Total } from './domain/facets.ts'
import type { ProductFilters } from './domain/filters.ts'
import { orderOf, readPosition, type Sort, toPosition } from './domain/position.ts'

type ListQuery = ProductFilters & {
  /** Staff only. */
  status?: ProductStatus | undefined
  sort?: Sort | undefined
  limit?: number | undefined
  cursor?: string | undefined
  withFacets?: boolean | undefined
  withTotal?: boolean | undefined
  /** Of the texts, which a search is in, too. Default: the first one of the shop. */
  locale?: string | undefined
}

export type ProductList = {
  items: PricedProduct[]
  nextCursor: string | null
  /** Whether the search found nothing, and these are products of the most similar words. */
  isCorrected: boolean
  facets: Facets | undefined
  total: Total | undefined
  /** When a price on the page next changes by itself, in milliseconds since the epoch. */
  changesAt: number | undefined
}

/**
 * A page of products with their prices: those for sale, unless staff ask for others. Newest first, or a manual collection in
 * its own order, unless a sort is asked for.
 */
export async function listProducts(
  { search, now }: Pick<CatalogDeps, 'search' | 'now'>,
  caller: Caller,
  { status, sort, cursor, limit = DEFAULT_LIMIT, withFacets = false, withTotal = false, locale, ...filters }: ListQuery,
): Promise<Result<ProductList, InvalidCursor | Forbidden>> {
  if (status !== undefined && !hasScope(caller, 'products:read')) return fail(forbiddenTo(caller, 'products:read'))
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
    locale,
  })
  const page = toPage(found.products, limit, ({ position }) => toPosition(order, position))
  const moment = { now: now(), currency: filters.currency }
  const priced = page.items.map((product) => pricedProduct(translated(product, locale), moment))
  const isCorrected = page.items.some((product) => product.isCorrected)
  return ok({
    // Lists go by the clock of the database, and the pages after the first of a list by price by the prices of the first.
    items: priced.flatMap((product) => (product.ok ? [product.value] : [])),
    nextCursor: page.nextCursor,
    isCorrected,
    ...{ facets: found.facets, total: found.total },
    changesAt: changesAt(
      page.items.flatMap(({ variants }) => variants),
      moment.now,
    ),
  })
}
