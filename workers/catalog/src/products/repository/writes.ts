import type { Db } from '@shop/db'
import { products, variants } from '@shop/db/schema/catalog'
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Announcement } from '../../caching/domain/announcement.ts'
import { announceInsert, announceUpdate } from '../../caching/repository.ts'
import type { StockLevel } from '../../stock/domain/level.ts'
import { insertOpening, insertThresholdEvent, insertThresholdEventOf } from '../../stock/repository/index.ts'
import type { Product, ProductFields } from '../domain/product.ts'
import { productColumns, withCurrency } from './columns.ts'

export type NewProduct = ProductFields & { openingStock: number; createdAt: Date; change: Announcement }

export type ProductUpdate = {
  id: number
  fields: Partial<ProductFields>
  /** The price and currency from which the update was decided. */
  decidedFrom: Pick<Product, 'price' | 'currency'>
  /** The level that the stock object answered, if it was set. */
  stock?: StockLevel | undefined
  updatedAt: Date
  change: Announcement
}

export const productWrites = (db: Db) => ({
  /**
   * Saves a product and its variant. The same batch adds the outbox rows: the change of the catalogue and, where given, the
   * opening stock and the low-stock threshold.
   *
   * `available` is the opening stock, at sequence 0: the first level that the stock object projects replaces it.
   */
  async insert(product: NewProduct): Promise<Product> {
    const { openingStock, createdAt, change, ...fields } = product
    const { firstAttemptAt } = change
    const opening = { variantId: lastVariantId, quantity: openingStock, createdAt, firstAttemptAt }
    const [[savedProduct], [savedVariant]] = await db.batch([
      insertProductRow(db, product),
      insertVariantRow(db, product),
      announceInsert(db, change, createdAt),
      ...(openingStock === 0 ? [] : [insertOpening(db, opening)]),
      ...(fields.lowStockThreshold === null ? [] : [insertThresholdEvent(db, lastVariantId, change, createdAt)]),
    ])
    if (savedProduct === undefined || savedVariant === undefined) throw new Error('An insert returned no row')
    const ids = { id: savedProduct.id, variantId: savedVariant.id }
    return { ...ids, ...fields, available: openingStock, createdAt, updatedAt: createdAt }
  },

  /**
   * Saves changed fields and announces the change in the same batch, if price and currency are still those the update was
   * decided from: the WHERE clause is the lock. An older stock level does not replace the listed one.
   *
   * @returns undefined when the product is deleted or another writer won; the caller re-reads and decides again
   */
  async update(update: ProductUpdate): Promise<Product | undefined> {
    const { id, fields, updatedAt, change } = update
    const [[saved]] = await db.batch([
      updateStatement(db, update),
      announceUpdate(db, change, { id, column: 'updatedAt', at: updatedAt }),
      ...(fields.lowStockThreshold === undefined ? [] : [insertThresholdEventOf(db, update)]),
    ])
    return saved && withCurrency(saved)
  },

  /**
   * Marks a product as deleted and announces the change.
   *
   * @returns false when there is no such product
   */
  async delete({ id, deletedAt, change }: { id: number; deletedAt: Date; change: Announcement }): Promise<boolean> {
    const deleting = db
      .update(products)
      .set({ deletedAt })
      .where(and(eq(products.id, id), isNull(products.deletedAt)))
      .returning({ id: products.id })
    const announced = announceUpdate(db, change, { id, column: 'deletedAt', at: deletedAt })
    const [deleted] = await db.batch([deleting, announced])
    return deleted.length === 1
  },
})

/** The identity that a statement before it in the same transaction generated; other sessions do not affect it. */
const lastProductId = sql<number>`currval(pg_get_serial_sequence('catalog.products', 'id'))`
const lastVariantId = sql<number>`currval(pg_get_serial_sequence('catalog.variants', 'id'))`

function insertProductRow(db: Db, { name, description, category, imageUrl, createdAt }: NewProduct) {
  return db
    .insert(products)
    .values({ name, description, category, imageUrl, createdAt, updatedAt: createdAt })
    .returning({ id: products.id })
}

function insertVariantRow(db: Db, { price, currency, openingStock, lowStockThreshold }: NewProduct) {
  return db
    .insert(variants)
    .values({
      productId: lastProductId,
      price,
      currency,
      available: openingStock,
      stockSequence: 0,
      lowStockThreshold,
      lowStockVersion: lowStockThreshold === null ? 0 : 1,
    })
    .returning({ id: variants.id })
}

function updateStatement(db: Db, update: ProductUpdate) {
  const { name, description, category, imageUrl } = update.fields
  const variant = db.$with('variant').as(updateVariantRow(db, update))
  return db
    .with(variant)
    .update(products)
    .set({
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
      ...(category === undefined ? {} : { category }),
      ...(imageUrl === undefined ? {} : { imageUrl }),
      updatedAt: update.updatedAt,
    })
    .from(variant)
    .where(and(eq(products.id, update.id), eq(products.id, variant.productId), isNull(products.deletedAt)))
    .returning({
      ...productColumns,
      variantId: variant.id,
      price: variant.price,
      currency: variant.currency,
      available: variant.available,
      lowStockThreshold: variant.lowStockThreshold,
    })
}

function updateVariantRow(db: Db, { id, fields, decidedFrom, stock }: ProductUpdate) {
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

function newThreshold(lowStockThreshold: number | null) {
  return { lowStockThreshold, lowStockVersion: sql`${variants.lowStockVersion} + 1` }
}

function newerStock({ available, sequence }: StockLevel) {
  return {
    available: sql`case when ${variants.stockSequence} < ${sequence} then ${available} else ${variants.available} end`,
    stockSequence: sql`greatest(${variants.stockSequence}, ${sequence})`,
  }
}
