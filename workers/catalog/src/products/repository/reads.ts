import type { Db } from '@shop/db/client'
import { products, variants } from '@shop/db/schema/catalog'
import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import { nameKey } from '../../categories/domain/name-key.ts'
import { TERMS } from '../../stock/repository/terms.ts'
import type { Product } from '../domain/product.ts'
import type { ProductPosition } from '../domain/product-cursor.ts'
import { type SearchKind, searchKind } from '../domain/search.ts'
import { categoryColumns, newestWanted, WANTED } from './categories.ts'
import { withCurrency } from './row.ts'
import { foundBy, IS_ACTIVE, type ListScope, listed, searchValues } from './search.ts'

/** A condition on the row of a variant. */
const OF_PRODUCT = and(eq(variants.productId, products.id), isNull(variants.deletedAt))

/** The columns of a product and its variant, by the names of {@link Product}. */
const columns = {
  id: products.id,
  variantId: variants.id,
  name: products.name,
  description: products.description,
  ...categoryColumns,
  imageUrl: products.imageUrl,
  price: variants.price,
  currency: variants.currency,
  available: variants.available,
  terms: TERMS,
  lowStockThreshold: variants.lowStockThreshold,
  maxPerOrder: products.maxPerOrder,
  createdAt: products.createdAt,
  updatedAt: products.updatedAt,
  version: products.version,
}

export type ProductQuery = {
  /** The slug of a category, or the name of some; what is below them is included. */
  category?: string | undefined
  search?: string | undefined
  /** The last product of the previous page. */
  after?: ProductPosition | undefined
  limit: number
}

/** Reads of products that are not deleted. Each query is built once per connection. */
export function productReads(db: Db) {
  const findById = findStatement(db)
  const lists = new Map<string, ListStatement>()
  return {
    async find(id: number): Promise<Product | undefined> {
      const [row] = await findById.execute({ id })
      return row && withCurrency(row)
    },

    /**
     * Products newest first, by keyset over (created_at, id).
     *
     * Served by the indexes products_newest and, for a category, product_categories_newest. A search uses products_search too, or
     * products_initial or products_initials if its text has no trigram.
     */
    async list({ category, search, after, limit }: ProductQuery): Promise<Product[]> {
      const shape: ListShape = {
        search: search === undefined ? undefined : searchKind(search),
        isOfCategory: category !== undefined,
        isLaterPage: after !== undefined,
      }
      const key = JSON.stringify(shape)
      const list = lists.get(key) ?? listStatement(db, shape)
      lists.set(key, list)
      const rows = await list.execute({
        category: category === undefined ? undefined : nameKey(category),
        ...(search === undefined ? {} : searchValues(search)),
        createdAt: after?.createdAt.toISOString(),
        id: after?.id,
        limit,
      })
      return rows.map(withCurrency)
    },
  }
}

/** Which optional conditions a list has. */
type ListShape = ListScope & { search: SearchKind | undefined }
type ListStatement = ReturnType<typeof listStatement>

const LIMIT = sql.placeholder('limit')

function listStatement(db: Db, { search, ...scope }: ListShape) {
  const found = search === undefined ? newestOfCategory(scope) : foundBy(search, scope)
  if (found !== undefined) {
    return db
      .select(columns)
      .from(found)
      .innerJoin(products, eq(products.id, sql`found.id`))
      .innerJoin(variants, OF_PRODUCT)
      .orderBy(sql`found.created_at desc`, sql`found.id desc`)
      .limit(LIMIT)
      .prepare('find_products')
  }
  return db
    .select(columns)
    .from(products)
    .innerJoin(variants, OF_PRODUCT)
    .where(listed(scope))
    .orderBy(desc(products.createdAt), desc(products.id))
    .limit(LIMIT)
    .prepare('list_products')
}

/** As `found (id, created_at)`; undefined for a list of all products. */
function newestOfCategory({ isOfCategory, isLaterPage }: ListScope) {
  if (!isOfCategory) return undefined
  return sql`(with ${WANTED} ${newestWanted({ isLaterPage, limit: sql`${LIMIT}::int` })}) found`
}

function findStatement(db: Db) {
  return db
    .select(columns)
    .from(products)
    .innerJoin(variants, OF_PRODUCT)
    .where(and(eq(products.id, sql.placeholder('id')), IS_ACTIVE))
    .prepare('find_product')
}
