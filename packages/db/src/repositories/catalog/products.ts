import type { CurrencyCode, Product, Quote } from '@shop/contracts'
import { and, desc, eq, ilike, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
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
  const [row] = await db
    .select(columns)
    .from(products)
    .innerJoin(variants, eq(variants.productId, products.id))
    .where(and(eq(products.id, id), isNull(products.deletedAt)))
  return row && asProduct(row)
}

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
export async function listProducts(db: Db, query: ProductQuery): Promise<Product[]> {
  const rows = await db
    .select(columns)
    .from(products)
    .innerJoin(variants, eq(variants.productId, products.id))
    .where(
      and(
        isNull(products.deletedAt),
        query.category === undefined ? undefined : eq(products.category, query.category),
        query.search === undefined ? undefined : containsText(query.search),
        query.after === undefined ? undefined : isAfter(query.after),
      ),
    )
    .orderBy(desc(products.createdAt), desc(products.id))
    .limit(query.limit)
  return rows.map(asProduct)
}

/** One comparison of rows and not two of columns: only that is a range of the index. */
function isAfter({ createdAt, id }: { createdAt: Date; id: number }): SQL {
  return sql`(${products.createdAt}, ${products.id}) < (${createdAt.toISOString()}::timestamptz, ${id}::bigint)`
}

/**
 * The first condition is the indexed expression of products_search, to the letter; the second drops what matches only
 * across the border of name and description.
 */
function containsText(search: string): SQL | undefined {
  const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`
  return and(
    sql`(${products.name} || ' ' || ${products.description}) ilike ${pattern}`,
    or(ilike(products.name, pattern), ilike(products.description, pattern)),
  )
}

/** Current prices and names of those of the products that exist and are not deleted, in any order. */
export async function quoteProducts(db: Db, ids: number[]): Promise<Quote[]> {
  const rows = await db
    .select({
      productId: products.id,
      variantId: variants.id,
      name: products.name,
      price: variants.price,
      currency: variants.currency,
    })
    .from(products)
    .innerJoin(variants, eq(variants.productId, products.id))
    .where(and(inArray(products.id, ids), isNull(products.deletedAt)))
  return rows.map((row) => ({ ...row, currency: row.currency as CurrencyCode }))
}
