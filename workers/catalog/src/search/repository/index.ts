import type { Db } from '@shop/db/client'
import { products } from '@shop/db/schema/catalog'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { eq, sql } from 'drizzle-orm'
import type { Product } from '../../products/domain/product.ts'
import { productColumns } from '../../products/repository/reads.ts'
import type { Facets, Total } from '../domain/facets.ts'
import type { ListPosition } from '../domain/position.ts'
import type { Suggestions } from '../domain/suggestions.ts'
import { type CountedRow, countStatement, toFacets, toTotal } from './counted.ts'
import { type FoundQuery, foundStatement } from './found.ts'
import { STATUS } from './parts.ts'
import { suggestStatement } from './suggestions.ts'

export type ProductQuery = Omit<FoundQuery, 'defaultCurrency'> & {
  withFacets?: boolean | undefined
  withTotal?: boolean | undefined
}

/** A product in a list, with its position there. */
export type FoundProduct = Product & { position: ListPosition; isCorrected: boolean }

export type FoundPage = { products: FoundProduct[]; facets: Facets | undefined; total: Total | undefined }

export type SearchRepository = ReturnType<typeof searchRepository>

/** Finds products; each call is one round trip. */
export const searchRepository = (db: Db, defaultCurrency: CurrencyCode) => ({
  /**
   * A page of products, those for sale unless another status is asked for, by keyset over what it is sorted by and the id.
   *
   * Served by product_search_newest, product_search_name and product_prices_amount in their order, by product_search_found for
   * text and terms, and by product_categories_newest and collection_products_order. See docs/search.md.
   */
  async list({ withFacets = false, withTotal = false, ...query }: ProductQuery): Promise<FoundPage> {
    const page = pageStatement(db, { ...query, defaultCurrency })
    if (!withFacets && !withTotal) return { products: (await page).map(toFound), facets: undefined, total: undefined }
    const { filters, locale, status = 'active' } = query
    const isByPrice = query.order === 'price' || query.order === '-price'
    const currency = filters.currency ?? defaultCurrency
    const count = countStatement({ filters, locale, status, currency, withFacets, isByPrice })
    const [rows, counted] = await db.batch([page, db.execute<{ counted: CountedRow }>(count)])
    const row = counted.rows[0]?.counted
    if (row === undefined) throw new Error('A count returned no row')
    return {
      products: rows.map(toFound),
      facets: withFacets ? toFacets(row) : undefined,
      total: withTotal ? toTotal(row) : undefined,
    }
  },

  /**
   * Makes the language of a locale the one that products are found in, and rewrites the next products whose row is out of
   * date, at most `batch`.
   *
   * @returns how many; 0 once all have it
   */
  async catchUp(locale: string, batch: number): Promise<number> {
    const caughtUp = sql`
      select catalog.catch_up_search(catalog.search_language(${locale})::text, ${batch}::int) as written`
    const { rows } = await db.execute<{ written: number }>(caughtUp)
    return rows[0]?.written ?? 0
  },

  /** The newest products, the categories that are highest in the tree, and the first brands by name. */
  async suggest(text: string, { limit, locale }: { limit: number; locale?: string | undefined }): Promise<Suggestions> {
    const { rows } = await db.execute<{ suggested: Suggestions }>(suggestStatement(text, { limit, locale }))
    const [row] = rows
    if (row === undefined) throw new Error('A suggestion returned no row')
    return row.suggested
  },
})

/** The guard of what is for sale is here, outside of anything that the query is made of. */
function pageStatement(db: Db, { status = 'active', ...query }: FoundQuery) {
  return db
    .select({
      product: productColumns,
      key: sql<string>`found.key`,
      at: sql<string | null>`found.at`,
      isCorrected: sql<boolean>`found.corrected`,
    })
    .from(sql`(${foundStatement({ ...query, status })}) found`)
    .innerJoin(products, eq(products.id, sql`found.id`))
    .where(sql`${products}.${STATUS[status]}`)
    .orderBy(sql`found.place`)
    .limit(query.limit)
}

type PageRow = Awaited<ReturnType<typeof pageStatement>>[number]

function toFound({ product, key, at, isCorrected }: PageRow): FoundProduct {
  const position = { key, id: product.id, ...(at === null ? {} : { at }) }
  return { ...product, position, isCorrected }
}
