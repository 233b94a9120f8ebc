import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, jsonb, pgSchema, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { eventTables } from '../events/tables.ts'
import { idempotencyKeysTable } from '../idempotency-keys.ts'
import { currencyCode, instant, metadata, minorUnits } from './columns.ts'

export const catalogSchema = pgSchema('catalog')

export const products = catalogSchema.table(
  'products',
  {
    // By default, not always: a slug that is taken gets the id of its product.
    id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    name: text('name').notNull(),
    /** Part of a URL. Those that it had before are in `product_slugs`. */
    slug: text('slug').notNull(),
    description: text('description').notNull(),
    imageUrl: text('image_url'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    /** Only an active product is listed and sold. Deleting archives: orders and stock objects still refer to the row. */
    status: text('status', { enum: ['draft', 'active', 'archived'] })
      .notNull()
      .default('active'),
    archivedAt: instant('archived_at'),
    brand: text('brand'),
    type: text('type', { enum: ['physical', 'digital', 'gift_card'] })
      .notNull()
      .default('physical'),
    tags: text('tags').array().notNull().default(sql`'{}'`),
    taxCategory: text('tax_category'),
    shippingClass: text('shipping_class'),
    /** Values by the key of the attribute: text, number, boolean or a list of texts. */
    attributes: jsonb('attributes')
      .$type<Readonly<Record<string, string | number | boolean | readonly string[]>>>()
      .notNull()
      .default({}),
    seo: jsonb('seo').$type<{ title?: string; description?: string }>().notNull().default({}),
    /** Texts in other languages than the default of the shop, by locale. What is absent is shown in the default. */
    translations: jsonb('translations')
      .$type<
        Readonly<
          Record<string, { name?: string; description?: string; seo?: { title?: string; description?: string } }>
        >
      >()
      .notNull()
      .default({}),
    /** What its variants differ in, and the values there are, in order. Empty for a product with one variant. */
    options: jsonb('options').$type<{ name: string; values: string[] }[]>().notNull().default([]),
    metadata: metadata(),
    /** The most units that one order may have. */
    maxPerOrder: integer('max_per_order'),
    /** Counts the changes by staff; sales do not count. */
    version: integer('version').notNull().default(1),
  },
  (table) => [
    check('products_name', sql`length(${table.name}) between 1 and 200`),
    check('products_archived', sql`(${table.status} = 'archived') = (${table.archivedAt} is not null)`),
    check('products_max_per_order', sql`${table.maxPerOrder} >= 1`),
    uniqueIndex('products_slug').on(table.slug),
  ],
)

/** Slugs that a product has had: they redirect to its present one, unless another product has taken them. */
export const productSlugs = catalogSchema.table('product_slugs', {
  slug: text('slug').primaryKey(),
  productId: bigint('product_id', { mode: 'number' })
    .notNull()
    .references(() => products.id, { onDelete: 'cascade' }),
})

type VariantPrice = {
  currency: string
  amount: number
  compare_at_price: number | null
  starts_at: string | null
  ends_at: string | null
}

/** What is priced, stocked and sold. A simple product has one variant, without options. */
export const variants = catalogSchema.table(
  'variants',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    productId: bigint('product_id', { mode: 'number' })
      .notNull()
      .references(() => products.id),
    /** Order within the product. */
    position: integer('position').notNull().default(0),
    sku: text('sku'),
    barcode: text('barcode'),
    /** One value for each option of the product, by the option's name. */
    options: jsonb('options').$type<Record<string, string>>().notNull().default({}),
    price: minorUnits('price').notNull(),
    compareAtPrice: minorUnits('compare_at_price'),
    currency: currencyCode('currency').notNull(),
    /** Prices beside `price`: in other currencies, and those with dates. Amounts in minor units, instants in UTC. */
    prices: jsonb('prices').$type<VariantPrice[]>().notNull().default([]),
    weightGrams: integer('weight_grams'),
    /** `continue` sells more than there is: what is available goes below zero. */
    inventoryPolicy: text('inventory_policy', { enum: ['deny', 'continue'] })
      .notNull()
      .default('deny'),
    metadata: metadata(),
    /** A deleted variant is never erased: orders and its stock object still refer to it. */
    deletedAt: instant('deleted_at'),
    /** The units that it was created with. Never changed: its stock object begins with them when it is first needed. */
    openingStock: bigint('opening_stock', { mode: 'number' }).notNull().default(0),
    /** Projection of the stock object, for listing only. Sequence 0 is the opening stock, before the object projects. */
    available: bigint('available', { mode: 'number' }).notNull(),
    stockSequence: bigint('stock_sequence', { mode: 'number' }).notNull(),
    /** Units that were sold and not returned, as its stock object last reported them, for sorting only. */
    sold: bigint('sold', { mode: 'number' }).notNull().default(0),
    /**
     * Stock is low when this many units or fewer are available. Calls of the stock object carry it, and the version, which
     * counts the changes.
     */
    lowStockThreshold: bigint('low_stock_threshold', { mode: 'number' }),
    lowStockVersion: bigint('low_stock_version', { mode: 'number' }).notNull().default(0),
  },
  (table) => [
    uniqueIndex('variants_of_product').on(table.productId, table.options).where(sql`deleted_at is null`),
    // With deleted ones, whose sales count for their product.
    index('variants_of_product_ever').on(table.productId),
    uniqueIndex('variants_sku').on(table.sku).where(sql`deleted_at is null`),
    check('variants_sku_length', sql`length(${table.sku}) between 1 and 100`),
    check('variants_price', sql`${table.price} between 0 and 999999999999999`),
    check('variants_compare_at_price', sql`${table.compareAtPrice} between 0 and 999999999999999`),
    check(
      'variants_prices',
      sql`jsonb_typeof(${table.prices}) = 'array' and jsonb_array_length(${table.prices}) <= 100`,
    ),
    check('variants_opening_stock', sql`${table.openingStock} between 0 and 1000000000`),
    check('variants_weight', sql`${table.weightGrams} >= 0`),
    check('variants_low_stock_threshold', sql`${table.lowStockThreshold} >= 0`),
    index('variants_low')
      .on(table.productId, table.id)
      .where(sql`available <= low_stock_threshold and deleted_at is null`),
  ],
)

/** Keys of requests that create something. */
export const catalogKeys = idempotencyKeysTable(catalogSchema)

export const catalogEvents = eventTables(catalogSchema)

/** drizzle-kit reads the tables of a schema file from its exports. */
export const { events: catalogEventRows, deliveries: catalogDeliveries } = catalogEvents
