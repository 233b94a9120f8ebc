import { sql } from 'drizzle-orm'
import { bigint, boolean, check, customType, index, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import { catalogSchema, products } from './catalog.ts'
import { currencyCode, instant, minorUnits } from './columns.ts'

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' })

/** Text that is sorted and compared by its bytes, so that a prefix and a position are a range of the index in every locale. */
const bytewiseText = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' })

/** With microseconds, and infinite at both ends. Only Postgres writes and compares it. */
const edge = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' })

/**
 * What a product is found by: one row for each product, whatever its status. Triggers write it in the statement that
 * changes the product, a variant or a category (`baseline/catalog-search.sql`); nothing else does.
 */
export const productSearch = catalogSchema.table(
  'product_search',
  {
    productId: bigint('product_id', { mode: 'number' })
      .primaryKey()
      .references(() => products.id, { onDelete: 'cascade' }),
    status: text('status').notNull(),
    createdAt: instant('created_at').notNull(),
    /** The first 50 characters of the name as it is searched: without accents, in lower case. */
    nameKey: bytewiseText('name_key').notNull(),
    brand: text('brand'),
    brandKey: bytewiseText('brand_key'),
    isInStock: boolean('is_in_stock').notNull(),
    /** The categories it was given, without those above them. */
    categoryIds: bigint('category_ids', { mode: 'number' }).array().notNull(),
    /** What it can be filtered by: a kind, a name and a value, with U+001F between them. */
    terms: text('terms').array().notNull(),
    /** Those of `terms` that are counted as values: brand, options, attributes. */
    facetValues: text('facet_values').array().notNull(),
    document: tsvector('document').notNull(),
    /** The text search configuration that `document` was made with. */
    config: text('config').notNull(),
  },
  (table) => [
    // For staff: the products that are not for sale.
    index('product_search_unlisted').on(table.status, table.createdAt, table.productId).where(sql`status <> 'active'`),
    index('product_search_newest').on(table.createdAt, table.productId).where(sql`status = 'active'`),
    index('product_search_name').on(table.nameKey, table.productId).where(sql`status = 'active'`),
    index('product_search_brand').on(table.brandKey, table.brand).where(sql`status = 'active' and brand is not null`),
    index('product_search_found').using('gin', table.document, table.terms).where(sql`status = 'active'`),
  ],
)

/**
 * The lowest and highest price of a product in a currency, while `valid_from <= t < valid_to`. A change ends the interval
 * and begins another, so a list sorted by price can go on by the prices of its first page.
 */
export const productPrices = catalogSchema.table(
  'product_prices',
  {
    productId: bigint('product_id', { mode: 'number' })
      .notNull()
      .references(() => products.id, { onDelete: 'cascade' }),
    currency: currencyCode('currency').notNull(),
    validFrom: edge('valid_from').notNull(),
    validTo: edge('valid_to').notNull().default('infinity'),
    minAmount: minorUnits('min_amount').notNull(),
    maxAmount: minorUnits('max_amount').notNull(),
    /** Whether the product is active, so that the index has only what is listed. */
    isListed: boolean('is_listed').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.productId, table.currency, table.validFrom] }),
    index('product_prices_amount').on(table.currency, table.minAmount, table.productId).where(sql`is_listed`),
    check('product_prices_range', sql`${table.minAmount} <= ${table.maxAmount}`),
  ],
)

/**
 * How many units of a product were sold and not returned. A table of its own, so that a sale does not rewrite what the
 * product is found by.
 */
export const productSales = catalogSchema.table(
  'product_sales',
  {
    productId: bigint('product_id', { mode: 'number' })
      .primaryKey()
      .references(() => products.id, { onDelete: 'cascade' }),
    sold: bigint('sold', { mode: 'number' }).notNull(),
    /** Whether the product is active, so that the index has only what is listed. */
    isListed: boolean('is_listed').notNull(),
  },
  (table) => [index('product_sales_sold').on(table.sold, table.productId).where(sql`is_listed`)],
)

/** Every word of the products, as it is searched. A search that finds nothing is corrected by them; none is ever removed. */
export const searchWords = catalogSchema.table('search_words', { word: text('word').primaryKey() }, (table) => [
  index('search_words_similar').using('gin', sql`${table.word} gin_trgm_ops`),
])

/** One row: the text search configuration of the shop's language. */
export const searchSettings = catalogSchema.table(
  'search_settings',
  {
    isOnly: boolean('is_only').primaryKey().default(true),
    config: text('config').notNull(),
  },
  (table) => [check('search_settings_only', sql`${table.isOnly}`)],
)

/** Products whose row in `product_search` is out of date, since the change was too large to rewrite all at once. */
export const searchStale = catalogSchema.table('search_stale', {
  productId: bigint('product_id', { mode: 'number' })
    .primaryKey()
    .references(() => products.id, { onDelete: 'cascade' }),
})
