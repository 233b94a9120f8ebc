import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, pgSchema, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { eventTables } from '../events/tables.ts'
import { currencyCode, instant, minorUnits } from './columns.ts'

export const catalogSchema = pgSchema('catalog')

export const products = catalogSchema.table(
  'products',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    name: text('name').notNull(),
    description: text('description').notNull(),
    imageUrl: text('image_url'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    /** A deleted product is hidden, never erased: orders and stock objects still refer to it. */
    deletedAt: instant('deleted_at'),
    /** The most units that one order may have. */
    maxPerOrder: integer('max_per_order'),
    /** Counts the changes by staff; sales do not count. */
    version: integer('version').notNull().default(1),
  },
  (table) => [
    check('products_name', sql`length(${table.name}) between 1 and 200`),
    check('products_max_per_order', sql`${table.maxPerOrder} >= 1`),
    index('products_newest').on(table.createdAt, table.id).where(sql`deleted_at is null`),
    // For searches by the first one or two characters of a name, in the order of the list.
    index('products_initial')
      .on(sql`left(lower(${table.name}), 1)`, table.createdAt, table.id)
      .where(sql`deleted_at is null`),
    index('products_initials')
      .on(sql`left(lower(${table.name}), 2)`, table.createdAt, table.id)
      .where(sql`deleted_at is null`),
    index('products_search').using('gin', sql`(${table.name} || ' ' || ${table.description}) gin_trgm_ops`),
  ],
)

/** What is priced, stocked and sold. A simple product has one variant. */
export const variants = catalogSchema.table(
  'variants',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    productId: bigint('product_id', { mode: 'number' })
      .notNull()
      .references(() => products.id),
    price: minorUnits('price').notNull(),
    currency: currencyCode('currency').notNull(),
    /** Projection of the stock object, for listing only. Sequence 0 is the opening stock, before the object projects. */
    available: bigint('available', { mode: 'number' }).notNull(),
    stockSequence: bigint('stock_sequence', { mode: 'number' }).notNull(),
    /**
     * Stock is low when this many units or fewer are available; the stock object decides by its own copy. The version
     * counts the changes.
     */
    lowStockThreshold: bigint('low_stock_threshold', { mode: 'number' }),
    lowStockVersion: bigint('low_stock_version', { mode: 'number' }).notNull().default(0),
  },
  (table) => [
    uniqueIndex('variants_product').on(table.productId),
    check('variants_price', sql`${table.price} between 0 and 999999999999999`),
    check('variants_available', sql`${table.available} >= 0`),
    check('variants_low_stock_threshold', sql`${table.lowStockThreshold} >= 0`),
    index('variants_low').on(table.productId).where(sql`available <= low_stock_threshold`),
  ],
)

export const catalogEvents = eventTables(catalogSchema)

/** drizzle-kit reads the tables of a schema file from its exports. */
export const { events: catalogEventRows, deliveries: catalogDeliveries } = catalogEvents
