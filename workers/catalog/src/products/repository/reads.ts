import type { Quote } from '@shop/contracts/catalog/rpc'
import type { Db } from '@shop/db/client'
import { products, variants } from '@shop/db/schema/catalog'
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Product } from '../domain/product.ts'
import { categoryColumns } from './categories.ts'
import { withCurrency } from './row.ts'

/** A condition on the row of a variant. */
const OF_PRODUCT = and(eq(variants.productId, products.id), isNull(variants.deletedAt))

/** The columns of a product and its variant, by the names of {@link Product}. */
export const productColumns = {
  id: products.id,
  variantId: variants.id,
  name: products.name,
  description: products.description,
  ...categoryColumns,
  imageUrl: products.imageUrl,
  price: variants.price,
  currency: variants.currency,
  available: variants.available,
  stockSequence: variants.stockSequence,
  lowStockThreshold: variants.lowStockThreshold,
  maxPerOrder: products.maxPerOrder,
  createdAt: products.createdAt,
  updatedAt: products.updatedAt,
  version: products.version,
}

/** Reads of products that are not deleted. Each query is built once per connection. */
export function productReads(db: Db) {
  const findById = findStatement(db)
  const quoteByIds = quoteStatement(db)
  return {
    async find(id: number): Promise<Product | undefined> {
      const [row] = await findById.execute({ id })
      return row && withCurrency(row)
    },

    /** Current prices and names of those products that exist, in any order. */
    async quote(ids: number[]): Promise<Quote[]> {
      const rows = await quoteByIds.execute({ ids })
      return rows.map(withCurrency)
    },
  }
}

/** Written as text, since a partial index serves only a condition that has no parameter. */
export const IS_ACTIVE = sql`${products.status} = 'active'`

function findStatement(db: Db) {
  return db
    .select(productColumns)
    .from(products)
    .innerJoin(variants, OF_PRODUCT)
    .where(and(eq(products.id, sql.placeholder('id')), IS_ACTIVE))
    .prepare('find_product')
}

function quoteStatement(db: Db) {
  return db
    .select({
      productId: products.id,
      variantId: variants.id,
      name: products.name,
      category: categoryColumns.category,
      imageUrl: products.imageUrl,
      price: variants.price,
      currency: variants.currency,
      maxPerOrder: products.maxPerOrder,
    })
    .from(products)
    .innerJoin(variants, OF_PRODUCT)
    .where(and(sql`${products.id} = any(${sql.placeholder('ids')}::bigint[])`, IS_ACTIVE))
    .prepare('quote_products')
}
