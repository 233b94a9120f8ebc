import type { Product, Quote } from '@shop/contracts'
import type { CurrencyCode } from '@shop/kernel'
import { and, desc, eq, ilike, isNull, or, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { builtOnce } from '../../prepared.ts'
import { products, variants } from '../../schema/catalog.ts'

/** The columns of a product and its variant, by the names of {@link Product}. */
const columns = {
  id: products.id,
  variantId: variants.id,
  name: products.name,
  description: products.description,
  category: products.category,
  imageUrl: products.imageUrl,
  price: variants.price,
  currency: variants.currency,
  available: variants.available,
  lowStockThreshold: variants.lowStockThreshold,
  createdAt: products.createdAt,
  updatedAt: products.updatedAt,
}

/** What is written in `currency` was a {@link CurrencyCode} when it was written. */
export function asProduct(row: Omit<Product, 'currency'> & { currency: string }): Product {
  return { ...row, currency: row.currency as CurrencyCode }
}

/** A product that is not deleted. */
export async function findProduct(db: Db, id: number): Promise<Product | undefined> {
  const [row] = await find(db).execute({ id })
  return row && asProduct(row)
}

const find = builtOnce((db) =>
  db
    .select(columns)
    .from(products)
    .innerJoin(variants, eq(variants.productId, products.id))
    .where(and(eq(products.id, sql.placeholder('id')), isNull(products.deletedAt)))
    .prepare('find_product'),
)

export type ProductQuery = {
  category?: string | undefined
  search?: string | undefined
  /** Where the page before ended. */
  after?: { createdAt: Date; id: number } | undefined
  limit: number
}

/**
 * Products newest first, by keyset over (created_at, id).
 *
 * Served by the indexes products_newest, products_category_newest and, for a search of three characters or more,
 * products_search.
 */
export async function listProducts(db: Db, { category, search, after, limit }: ProductQuery): Promise<Product[]> {
  const which = (category === undefined ? 0 : 1) + (search === undefined ? 0 : 2) + (after === undefined ? 0 : 4)
  const list = LISTS[which]
  if (list === undefined) throw new RangeError(`There is no list ${which}`)
  const rows = await list(db).execute({
    category,
    pattern: search === undefined ? undefined : `%${search.replace(/[\\%_]/g, '\\$&')}%`,
    createdAt: after?.createdAt.toISOString(),
    id: after?.id,
    limit,
  })
  return rows.map(asProduct)
}

/** One for each combination of conditions: bit 0 is the category, bit 1 the search, bit 2 the page before. */
const LISTS = Array.from({ length: 8 }, (_, which) =>
  builtOnce((db) =>
    db
      .select(columns)
      .from(products)
      .innerJoin(variants, eq(variants.productId, products.id))
      .where(
        and(
          isNull(products.deletedAt),
          which & 1 ? eq(products.category, sql.placeholder('category')) : undefined,
          which & 2 ? CONTAINS_TEXT : undefined,
          which & 4 ? IS_AFTER : undefined,
        ),
      )
      .orderBy(desc(products.createdAt), desc(products.id))
      .limit(sql.placeholder('limit'))
      .prepare(`list_products_${which}`),
  ),
)

/** One comparison of rows and not two of columns: only that is a range of the index. */
const IS_AFTER = sql`(${products.createdAt}, ${products.id})
  < (${sql.placeholder('createdAt')}::timestamptz, ${sql.placeholder('id')}::bigint)`

const PATTERN = sql.placeholder('pattern')
/**
 * The first condition is the indexed expression of products_search, to the letter; the second drops what matches only
 * across the border of name and description.
 */
const CONTAINS_TEXT = and(
  sql`(${products.name} || ' ' || ${products.description}) ilike ${PATTERN}`,
  or(ilike(products.name, PATTERN), ilike(products.description, PATTERN)),
)

/** Current prices and names of those of the products that exist and are not deleted, in any order. */
export async function quoteProducts(db: Db, ids: number[]): Promise<Quote[]> {
  const rows = await quote(db).execute({ ids })
  return rows.map((row) => ({ ...row, currency: row.currency as CurrencyCode }))
}

const quote = builtOnce((db) =>
  db
    .select({
      productId: products.id,
      variantId: variants.id,
      name: products.name,
      category: products.category,
      imageUrl: products.imageUrl,
      price: variants.price,
      currency: variants.currency,
    })
    .from(products)
    .innerJoin(variants, eq(variants.productId, products.id))
    .where(and(sql`${products.id} = any(${sql.placeholder('ids')}::bigint[])`, isNull(products.deletedAt)))
    .prepare('quote_products'),
)
