import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  index,
  integer,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { catalogSchema, products } from './catalog.ts'
import { currencyCode, instant, metadata, minorUnits } from './columns.ts'

export const categories = catalogSchema.table(
  'categories',
  {
    // By default, not always: a row needs its own id for its path.
    id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    parentId: bigint('parent_id', { mode: 'number' }).references((): AnyPgColumn => categories.id),
    name: text('name').notNull(),
    /** The name as it is compared: see `nameKey` of the catalogue. */
    nameKey: text('name_key').notNull(),
    slug: text('slug').notNull(),
    /** Index among the categories with the same parent. Two that were made at once may share one; then the id decides. */
    position: integer('position').notNull(),
    /** Ids from the root to the category itself: everything below a category has its id in the path. */
    path: bigint('path', { mode: 'number' }).array().notNull(),
    metadata: metadata(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    /** Counts the changes by staff; a position that another category's move changed does not count. */
    version: integer('version').notNull().default(1),
  },
  (table) => [
    unique('categories_sibling_name').on(table.parentId, table.nameKey).nullsNotDistinct(),
    uniqueIndex('categories_slug').on(table.slug),
    index('categories_name').on(table.nameKey),
    index('categories_siblings').on(table.parentId, table.position, table.id),
    index('categories_path').using('gin', table.path),
    check('categories_name_length', sql`length(${table.name}) between 1 and 100`),
    check('categories_depth', sql`cardinality(${table.path}) between 1 and 8`),
    check(
      'categories_path_ends',
      sql`${table.path}[cardinality(${table.path})] = ${table.id}
        and ${table.path}[cardinality(${table.path}) - 1] is not distinct from ${table.parentId}`,
    ),
  ],
)

/** The categories of a product, in order; the first one is its primary category. Those above them are not listed. */
export const productCategories = catalogSchema.table(
  'product_categories',
  {
    productId: bigint('product_id', { mode: 'number' })
      .notNull()
      .references(() => products.id, { onDelete: 'cascade' }),
    categoryId: bigint('category_id', { mode: 'number' })
      .notNull()
      .references(() => categories.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    /** When the product was created, repeated here: a category is listed newest first by its index alone. */
    createdAt: instant('created_at').notNull(),
    /** False for a product that is not for sale, so that the index has only what is listed. */
    isListed: boolean('is_listed').notNull().default(true),
  },
  (table) => [
    primaryKey({ columns: [table.productId, table.categoryId] }),
    index('product_categories_newest').on(table.categoryId, table.createdAt, table.productId).where(sql`is_listed`),
  ],
)

/**
 * A collection lists products by hand (`manual`, with rows of `collection_products`), or has all those that meet its rule.
 * The columns of the rule are null where it has no such condition.
 */
export const collections = catalogSchema.table(
  'collections',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    name: text('name').notNull(),
    slug: text('slug').notNull(),
    kind: text('kind', { enum: ['manual', 'rule'] }).notNull(),
    /** Any of these. */
    ruleTags: text('rule_tags').array(),
    ruleBrands: text('rule_brands').array(),
    /** Any of these, or of those below them. */
    ruleCategoryIds: bigint('rule_category_ids', { mode: 'number' }).array(),
    ruleCurrency: currencyCode('rule_currency'),
    rulePriceMin: minorUnits('rule_price_min'),
    rulePriceMax: minorUnits('rule_price_max'),
    ruleInStock: boolean('rule_in_stock'),
    ruleCreatedWithinDays: integer('rule_created_within_days'),
    metadata: metadata(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    uniqueIndex('collections_slug').on(table.slug),
    check('collections_name_length', sql`length(${table.name}) between 1 and 100`),
    check(
      'collections_rule',
      sql`(${table.kind} = 'rule') = (num_nonnulls(${table.ruleTags}, ${table.ruleBrands}, ${table.ruleCategoryIds},
        ${table.rulePriceMin}, ${table.rulePriceMax}, ${table.ruleInStock}, ${table.ruleCreatedWithinDays}) > 0)`,
    ),
    check(
      'collections_rule_currency',
      sql`(${table.ruleCurrency} is null) = (${table.rulePriceMin} is null and ${table.rulePriceMax} is null)`,
    ),
    check('collections_rule_price', sql`${table.rulePriceMin} <= ${table.rulePriceMax}`),
  ],
)

/** The products of a manual collection, in order. */
export const collectionProducts = catalogSchema.table(
  'collection_products',
  {
    collectionId: bigint('collection_id', { mode: 'number' })
      .notNull()
      .references(() => collections.id, { onDelete: 'cascade' }),
    productId: bigint('product_id', { mode: 'number' })
      .notNull()
      .references(() => products.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.collectionId, table.productId] }),
    index('collection_products_order').on(table.collectionId, table.position, table.productId),
    index('collection_products_product').on(table.productId),
  ],
)

/** What the attributes of products may be. Attributes that are not declared are kept and shown, but never filtered by. */
export const attributes = catalogSchema.table(
  'attributes',
  {
    // Not the key: a declaration may be deleted and made again, and its events belong to one of the two.
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    key: text('key').notNull(),
    label: text('label').notNull(),
    type: text('type', { enum: ['text', 'number', 'boolean', 'list'] }).notNull(),
    /** The values of a list, in order. */
    values: text('values').array(),
    isFilterable: boolean('is_filterable').notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    uniqueIndex('attributes_key').on(table.key),
    check('attributes_values', sql`(${table.type} = 'list') = (coalesce(cardinality(${table.values}), 0) > 0)`),
  ],
)
