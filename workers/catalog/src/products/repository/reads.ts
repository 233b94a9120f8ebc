import type { Quote } from '@shop/contracts/catalog/rpc'
import type { Db } from '@shop/db/client'
import { products, variants } from '@shop/db/schema/catalog'
import { and, desc, eq, ilike, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Product } from '../domain/product.ts'
import type { ProductPosition } from '../domain/product-cursor.ts'
import { withCurrency } from './row.ts'

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
  maxPerOrder: products.maxPerOrder,
  createdAt: products.createdAt,
  updatedAt: products.updatedAt,
}

export type ProductQuery = {
  category?: string | undefined
  search?: string | undefined
  /** The last product of the previous page. */
  after?: ProductPosition | undefined
  limit: number
}

/** Reads of products that are not deleted. Each query is built once per connection. */
export function productReads(db: Db) {
  const findById = findStatement(db)
  const quoteByIds = quoteStatement(db)
  const lists = new Map<string, ListStatement>()
  return {
    async find(id: number): Promise<Product | undefined> {
      const [row] = await findById.execute({ id })
      return row && withCurrency(row)
    },

    /**
     * Products newest first, by keyset over (created_at, id).
     *
     * Served by the indexes products_newest, products_category_newest and, for a search of three characters or more,
     * products_search.
     */
    async list({ category, search, after, limit }: ProductQuery): Promise<Product[]> {
      const conditions = CONDITIONS.filter(({ field }) => ({ category, search, after })[field] !== undefined)
      const shape = conditions.map(({ field }) => field).join()
      const list =
        lists.get(shape) ??
        listStatement(
          db,
          conditions.map(({ where }) => where),
        )
      lists.set(shape, list)
      const rows = await list.execute({
        category,
        pattern: search === undefined ? undefined : `%${search.replace(/[\\%_]/g, '\\$&')}%`,
        createdAt: after?.createdAt.toISOString(),
        id: after?.id,
        limit,
      })
      return rows.map(withCurrency)
    },

    /** Current prices and names of those products that exist, in any order. */
    async quote(ids: number[]): Promise<Quote[]> {
      const rows = await quoteByIds.execute({ ids })
      return rows.map(withCurrency)
    },
  }
}

const PATTERN = sql.placeholder('pattern')

/** The optional conditions of a list. */
const CONDITIONS: { field: 'category' | 'search' | 'after'; where: SQL | undefined }[] = [
  { field: 'category', where: eq(products.category, sql.placeholder('category')) },
  {
    field: 'search',
    // The first condition is exactly the indexed expression of products_search. The second drops matches that span name
    // and description.
    where: and(
      sql`(${products.name} || ' ' || ${products.description}) ilike ${PATTERN}`,
      or(ilike(products.name, PATTERN), ilike(products.description, PATTERN)),
    ),
  },
  {
    field: 'after',
    // One comparison of rows, not two of columns: only a row comparison is a range of the index.
    where: sql`(${products.createdAt}, ${products.id})
      < (${sql.placeholder('createdAt')}::timestamptz, ${sql.placeholder('id')}::bigint)`,
  },
]

type ListStatement = ReturnType<typeof listStatement>

function listStatement(db: Db, conditions: (SQL | undefined)[]) {
  return db
    .select(columns)
    .from(products)
    .innerJoin(variants, eq(variants.productId, products.id))
    .where(and(isNull(products.deletedAt), ...conditions))
    .orderBy(desc(products.createdAt), desc(products.id))
    .limit(sql.placeholder('limit'))
    .prepare('list_products')
}

function findStatement(db: Db) {
  return db
    .select(columns)
    .from(products)
    .innerJoin(variants, eq(variants.productId, products.id))
    .where(and(eq(products.id, sql.placeholder('id')), isNull(products.deletedAt)))
    .prepare('find_product')
}

function quoteStatement(db: Db) {
  return db
    .select({
      productId: products.id,
      variantId: variants.id,
      name: products.name,
      category: products.category,
      imageUrl: products.imageUrl,
      price: variants.price,
      currency: variants.currency,
      maxPerOrder: products.maxPerOrder,
    })
    .from(products)
    .innerJoin(variants, eq(variants.productId, products.id))
    .where(and(sql`${products.id} = any(${sql.placeholder('ids')}::bigint[])`, isNull(products.deletedAt)))
    .prepare('quote_products')
}
