import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  check,
  index,
  integer,
  jsonb,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { catalogSchema, products } from './catalog.ts'
import { instant } from './columns.ts'

/** Pairs of texts; the contract allows 50. */
const metadata = () => jsonb('metadata').$type<Record<string, string>>().notNull().default({})

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
  },
  (table) => [
    primaryKey({ columns: [table.productId, table.categoryId] }),
    index('product_categories_newest').on(table.categoryId, table.createdAt, table.productId),
  ],
)
