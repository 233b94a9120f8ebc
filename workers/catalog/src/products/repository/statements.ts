import type { Db } from '@shop/db/client'
import { products, variants } from '@shop/db/schema/catalog'
import type { ExpectedVersions } from '@shop/kernel/versions'
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { ProductFields } from '../domain/product.ts'
import { productAndThresholdEvents, productEvent } from './events.ts'
import type { ProductRow } from './row.ts'

export type NewProduct = ProductFields & { openingStock: number; createdAt: Date }

export type ProductUpdate = {
  id: number
  fields: Partial<ProductFields>
  /** The only version that may be updated; absent for any. */
  version?: number | undefined
  updatedAt: Date
}

/** `versions`: the versions that may be deleted; absent for any. */
export type ProductDeletion = { id: number; deletedAt: Date; versions?: ExpectedVersions }

/** What a statement returns of a saved product and its events. */
export type SavedRow = ProductRow & { event_id: string; threshold_event_id: string | null }

/** Returns a {@link SavedRow} of the CTEs `product`, `variant` and `event`. */
const SAVED = sql`
  select product.id, product.name, product.description, product.category, product.image_url, product.max_per_order,
         product.created_at, product.updated_at, product.version, variant.id as variant_id, variant.price,
         variant.currency, variant.available, variant.stock_sequence, variant.low_stock_threshold,
         variant.low_stock_version,
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

/**
 * Updates the product and then its variant, in this order: the row of the product is the lock of both, and the WHERE
 * clause of the first part decides.
 */
export function updateStatement(db: Db, update: ProductUpdate): SQL {
  const { name, description, category, imageUrl, lowStockThreshold, maxPerOrder } = update.fields
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
    .where(
      and(
        eq(products.id, update.id),
        isNull(products.deletedAt),
        update.version === undefined ? undefined : eq(products.version, update.version),
      ),
    )
    .returning()
  const variant = updateVariant(db, update.fields)
  const events =
    lowStockThreshold === undefined ? productEvent('product.updated', 'updated_at') : productAndThresholdEvents()
  return sql`with product as ${row}, variant as ${variant}, ${events} ${SAVED}`
}

/**
 * Updates the variant of the CTE `product`. It is written also when none of its fields changes, since only a written row is
 * read in its newest state.
 */
function updateVariant(db: Db, fields: Partial<ProductFields>) {
  const { price = sql`${variants.price}`, currency = sql`${variants.currency}`, lowStockThreshold } = fields
  return db
    .update(variants)
    .set({ price, currency, ...(lowStockThreshold === undefined ? {} : newThreshold(lowStockThreshold)) })
    .from(sql`product`)
    .where(eq(variants.productId, sql`product.id`))
    .returning()
}

export function deleteStatement(db: Db, { id, deletedAt, versions }: ProductDeletion): SQL {
  const row = db
    .update(products)
    .set({ deletedAt, version: NEXT_VERSION })
    .where(and(eq(products.id, id), isNull(products.deletedAt), versions && isOneOf(versions)))
    .returning()
  const variant = db.select().from(variants).where(eq(variants.productId, id))
  return sql`with product as ${row}, variant as ${variant}, ${productEvent('product.deleted', 'deleted_at')}
    select id as event_id from event`
}

const NEXT_VERSION = sql`${products.version} + 1`

/** As bigint, since a client may name a version beyond the column's type. */
function isOneOf(versions: readonly number[]): SQL {
  return sql`${products.version} = any(${sql.param(versions)}::bigint[])`
}

function newThreshold(lowStockThreshold: number | null) {
  return { lowStockThreshold, lowStockVersion: sql`${variants.lowStockVersion} + 1` }
}
