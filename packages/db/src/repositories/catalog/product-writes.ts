import type { Product, ProductFields, StockLevel } from '@shop/contracts'
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { catalogOutbox, products, variants } from '../../schema/catalog.ts'
import { type Announcement, announceNew, announceWritten } from './changes.ts'
import { announceWatch, announceWatchOf } from './low-stock.ts'
import { asProduct } from './products.ts'

export const STOCK_OPENING = 'stock.opening'

export type NewProduct = ProductFields & { openingStock: number; createdAt: Date; change: Announcement }

/** The identity a statement before it in the same transaction has given out; other sessions do not move it. */
const lastProductId = sql<number>`currval(pg_get_serial_sequence('catalog.products', 'id'))`
const lastVariantId = sql<number>`currval(pg_get_serial_sequence('catalog.variants', 'id'))`

/**
 * Saves a product and its variant, and in the same batch what is to follow as outbox rows: the change of the catalogue
 * and, where there is any, the opening stock.
 *
 * `available` is the opening stock, at sequence 0: the first level the object reports takes its place.
 */
export async function insertProduct(db: Db, product: NewProduct): Promise<Product> {
  const { name, description, category, imageUrl, price, currency, lowStockThreshold, openingStock, createdAt } = product
  const insertedProduct = db
    .insert(products)
    .values({ name, description, category, imageUrl, createdAt, updatedAt: createdAt })
    .returning({ id: products.id })
  const insertedVariant = db
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
  const announced = announceNew(db, product.change, createdAt)
  const [[savedProduct], [savedVariant]] = await db.batch([
    insertedProduct,
    insertedVariant,
    announced,
    ...(openingStock === 0 ? [] : [insertOpening(db, product)]),
    ...(lowStockThreshold === null ? [] : [announceWatch(db, lastVariantId, product.change, createdAt)]),
  ])
  if (savedProduct === undefined || savedVariant === undefined) throw new Error('An insert returned no row')
  return {
    id: savedProduct.id,
    variantId: savedVariant.id,
    name,
    description,
    category,
    imageUrl,
    price,
    currency,
    available: openingStock,
    lowStockThreshold,
    createdAt,
    updatedAt: createdAt,
  }
}

/** Named after the variant, so that the object knows it again; the row of {@link STOCK_OPENING} carries what to open with. */
export const openingKey = (variantId: number) => `opening:${variantId}`

function insertOpening(db: Db, { openingStock, createdAt, change }: NewProduct) {
  return db.insert(catalogOutbox).values({
    kind: STOCK_OPENING,
    key: sql`'opening:' || ${lastVariantId}`,
    payload: sql`jsonb_build_object('variantId', ${lastVariantId}, 'quantity', ${openingStock}::bigint)`,
    createdAt,
    nextAttemptAt: change.firstAttemptAt,
  })
}

export type ProductUpdate = {
  id: number
  fields: Partial<ProductFields>
  /** What price and currency were decided from. */
  decidedFrom: Pick<Product, 'price' | 'currency'>
  /** What the stock object answered, if it was asked. */
  stock?: StockLevel | undefined
  updatedAt: Date
  change: Announcement
}

/**
 * Saves changed fields if price and currency are still what the change was decided from, and announces that in the same
 * batch: the WHERE clause is the lock. A level older than the one that is listed does not replace it.
 *
 * @returns undefined when the product is deleted or another writer won; the caller reads again and decides again
 */
export async function updateProduct(db: Db, update: ProductUpdate): Promise<Product | undefined> {
  const { fields, decidedFrom, stock, updatedAt } = update
  const variant = db.$with('variant').as(
    db
      .update(variants)
      .set({
        price: fields.price ?? decidedFrom.price,
        currency: fields.currency ?? decidedFrom.currency,
        ...(fields.lowStockThreshold === undefined ? {} : newThreshold(fields.lowStockThreshold)),
        ...(stock === undefined ? {} : newerStock(stock)),
      })
      .where(
        and(
          eq(variants.productId, update.id),
          eq(variants.price, decidedFrom.price),
          eq(variants.currency, decidedFrom.currency),
        ),
      )
      .returning(),
  )
  const saving = db
    .with(variant)
    .update(products)
    .set({
      ...(fields.name === undefined ? {} : { name: fields.name }),
      ...(fields.description === undefined ? {} : { description: fields.description }),
      ...(fields.category === undefined ? {} : { category: fields.category }),
      ...(fields.imageUrl === undefined ? {} : { imageUrl: fields.imageUrl }),
      updatedAt,
    })
    .from(variant)
    .where(and(eq(products.id, update.id), eq(products.id, variant.productId), isNull(products.deletedAt)))
    .returning({
      id: products.id,
      variantId: variant.id,
      name: products.name,
      description: products.description,
      category: products.category,
      imageUrl: products.imageUrl,
      price: variant.price,
      currency: variant.currency,
      available: variant.available,
      lowStockThreshold: variant.lowStockThreshold,
      createdAt: products.createdAt,
      updatedAt: products.updatedAt,
    })
  const announced = announceWritten(db, update.change, { id: update.id, column: 'updatedAt', at: updatedAt })
  const [[saved]] = await db.batch([
    saving,
    announced,
    ...(fields.lowStockThreshold === undefined ? [] : [announceWatchOf(db, update)]),
  ])
  return saved && asProduct(saved)
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

/** Hides a product and announces that. False when there is none, or none any more. */
export async function deleteProduct(
  db: Db,
  { change, ...product }: { id: number; deletedAt: Date; change: Announcement },
): Promise<boolean> {
  const deleting = db
    .update(products)
    .set({ deletedAt: product.deletedAt })
    .where(and(eq(products.id, product.id), isNull(products.deletedAt)))
    .returning({ id: products.id })
  const announced = announceWritten(db, change, { id: product.id, column: 'deletedAt', at: product.deletedAt })
  const [deleted] = await db.batch([deleting, announced])
  return deleted.length === 1
}
