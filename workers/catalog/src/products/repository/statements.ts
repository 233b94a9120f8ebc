import type { Db } from '@shop/db/client'
import { products, variants } from '@shop/db/schema/catalog'
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { StockLevel } from '../../stock/domain/level.ts'
import type { Product, ProductFields } from '../domain/product.ts'
import { productAndThresholdEvents, productEvent } from './events.ts'
import type { ProductRow } from './row.ts'

export type NewProduct = ProductFields & { openingStock: number; createdAt: Date }

export type ProductUpdate = {
  id: number
  fields: Partial<ProductFields>
  /** The price and currency from which the update was decided. */
  decidedFrom: Pick<Product, 'price' | 'currency'>
  /** The level that the stock object answered, if it was set. */
  stock?: StockLevel | undefined
  updatedAt: Date
}

/** What a statement returns of a saved product and its events. */
export type SavedRow = ProductRow & { event_id: string; threshold_event_id: string | null }

/** Returns a {@link SavedRow} of the CTEs `product`, `variant` and `event`. */
const SAVED = sql`
  select product.id, product.name, product.description, product.category, product.image_url, product.max_per_order,
         product.created_at, product.updated_at, variant.id as variant_id, variant.price, variant.currency, variant.available,
         variant.low_stock_threshold, variant.low_stock_version,
         (select id from event where type like 'product.%') as event_id,
         (select id from event where type = 'stock.threshold_changed') as threshold_event_id
  from product, variant`

export function insertStatement(db: Db, product: NewProduct): SQL {
  const { name, description, category, imageUrl, price, currency, lowStockThreshold, maxPerOrder } = product
  const { openingStock, createdAt } = product
  const row = db
    .insert(products)
    .values({ name, description, category, imageUrl, maxPerOrder, createdAt, updatedAt: createdAt })
    .returning()
  const variant = db
    .insert(variants)
    .values({
      productId: sql`(select id from product)`,
      price,
      currency,
      available: openingStock,
      stockSequence: 0,
      lowStockThreshold,
      lowStockVersion: lowStockThreshold === null ? 0 : 1,
    })
    .returning()
  return sql`with product as ${row}, variant as ${variant}, ${productEvent('product.created', 'created_at')} ${SAVED}`
}

export function updateStatement(db: Db, update: ProductUpdate): SQL {
  const { name, description, category, imageUrl, lowStockThreshold, maxPerOrder } = update.fields
  const variantRow = updateVariant(db, update)
  const variant = db.$with('variant').as(variantRow)
  const row = db
    .update(products)
    .set({
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
      ...(category === undefined ? {} : { category }),
      ...(imageUrl === undefined ? {} : { imageUrl }),
      ...(maxPerOrder === undefined ? {} : { maxPerOrder }),
      updatedAt: update.updatedAt,
      version: NEXT_VERSION,
    })
    .from(variant)
    .where(and(eq(products.id, update.id), eq(products.id, variant.productId), isNull(products.deletedAt)))
    .returning(PRODUCT_COLUMNS)
  const events =
    lowStockThreshold === undefined ? productEvent('product.updated', 'updated_at') : productAndThresholdEvents()
  return sql`with variant as ${variantRow}, product as ${row}, ${events} ${SAVED}`
}

function updateVariant(db: Db, { id, fields, decidedFrom, stock }: ProductUpdate) {
  const { price = decidedFrom.price, currency = decidedFrom.currency, lowStockThreshold } = fields
  return db
    .update(variants)
    .set({
      price,
      currency,
      ...(lowStockThreshold === undefined ? {} : newThreshold(lowStockThreshold)),
      ...(stock === undefined ? {} : newerStock(stock)),
    })
    .where(
      and(
        eq(variants.productId, id),
        eq(variants.price, decidedFrom.price),
        eq(variants.currency, decidedFrom.currency),
      ),
    )
    .returning()
}

export function deleteStatement(db: Db, { id, deletedAt }: { id: number; deletedAt: Date }): SQL {
  const row = db
    .update(products)
    .set({ deletedAt, version: NEXT_VERSION })
    .where(and(eq(products.id, id), isNull(products.deletedAt)))
    .returning()
  const variant = db.select().from(variants).where(eq(variants.productId, id))
  return sql`with product as ${row}, variant as ${variant}, ${productEvent('product.deleted', 'deleted_at')}
    select id as event_id from event`
}

const NEXT_VERSION = sql`${products.version} + 1`

const PRODUCT_COLUMNS = {
  id: products.id,
  name: products.name,
  description: products.description,
  category: products.category,
  imageUrl: products.imageUrl,
  maxPerOrder: products.maxPerOrder,
  createdAt: products.createdAt,
  updatedAt: products.updatedAt,
  version: products.version,
}

function newThreshold(lowStockThreshold: number | null) {
  return { lowStockThreshold, lowStockVersion: sql`${variants.lowStockVersion} + 1` }
}

function newerStock({ available, sequence }: StockLevel) {
  return {
    available: sql`case when ${variants.stockSequence} < ${sequence} then ${available} else ${variants.available} end`,
    stockSequence: sql`greatest(${variants.stockSequence}, ${sequence})`,
  }
}
