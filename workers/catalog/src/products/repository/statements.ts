import type { Db } from '@shop/db/client'
import { products, variants } from '@shop/db/schema/catalog'
import { categories, productCategories } from '@shop/db/schema/catalog-groups'
import type { ExpectedVersions } from '@shop/kernel/versions'
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { assignCategories, chooseCategories } from '../../categories/repository/assign.ts'
import type { ProductFields } from '../domain/product.ts'
import { productEvents } from './events.ts'
import type { ProductRow } from './row.ts'

export type NewProduct = ProductFields & { openingStock: number; createdAt: Date }

export type ProductUpdate = {
  id: number
  fields: Partial<ProductFields>
  /** The only version that may be updated; absent for any. Needed where the categories change. */
  version?: number | undefined
  updatedAt: Date
}

/** `versions`: the versions that may be deleted; absent for any. */
export type ProductDeletion = { id: number; archivedAt: Date; versions?: ExpectedVersions }

/** What a statement returns of a saved product and its events. */
export type SavedRow = ProductRow & {
  event_id: string
  category_event_id: string | null
}

/** A category that does not exist, or the saved product; neither when the product is gone or has another version. */
export type WrittenProduct = { missing_category: string | null } & (SavedRow | { id: null })

const CHOSEN = {
  missing: sql`(select id from missing)`,
  name: sql`(select name from chosen order by position limit 1)`,
  ids: sql`array(select id from chosen order by position)`,
}

const UNCHANGED = {
  missing: sql`null::bigint`,
  name: sql`(
    select category.name from ${productCategories} listed join ${categories} category on category.id = listed.category_id
    where listed.product_id = product.id order by listed.position, listed.category_id limit 1)`,
  ids: sql`array(
    select listed.category_id from ${productCategories} listed
    where listed.product_id = product.id order by listed.position, listed.category_id)`,
}

/** Returns a {@link WrittenProduct} of the CTEs `product`, `variant` and `event`. */
const written = ({ missing, name, ids }: typeof CHOSEN) => sql`
  select ${missing} as missing_category, product.id, product.name, product.description, ${name} as category,
         ${ids} as category_ids, product.image_url, product.max_per_order, product.created_at, product.updated_at, product.version,
         variant.id as variant_id, variant.price, variant.currency, variant.available, variant.opening_stock,
         variant.stock_sequence, variant.low_stock_threshold, variant.low_stock_version, variant.inventory_policy,
         (select id from event where type like 'product.%') as event_id,
         (select id from event where type = 'category.created') as category_event_id
  from (select) one left join (product cross join variant) on true`

const NOTHING_MISSING = sql`not exists (select from missing)`

export function insertStatement(product: NewProduct): SQL {
  const { name, description, imageUrl, price, currency, lowStockThreshold, maxPerOrder } = product
  const { openingStock, createdAt } = product
  const at = sql`${createdAt.toISOString()}::timestamptz`
  return sql`
    with ${chooseCategories({ ...product.categories, at: createdAt })},
    product as (
      insert into ${products} (name, description, image_url, max_per_order, created_at, updated_at)
      select ${name}, ${description}, ${imageUrl}, ${maxPerOrder}::int, ${at}, ${at} where ${NOTHING_MISSING}
      returning *),
    variant as (
      insert into ${variants} (
        product_id, price, currency, opening_stock, available, stock_sequence, low_stock_threshold, low_stock_version)
      select product.id, ${price}::bigint, ${currency}, ${openingStock}::bigint, ${openingStock}::bigint, 0,
             ${lowStockThreshold}::bigint, ${lowStockThreshold === null ? 0 : 1}::bigint
      from product
      returning *),
    ${assignCategories(sql`select id, created_at, true as is_listed from product`)},
    ${productEvents('product.created', 'created_at', { categories: true })} ${written(CHOSEN)}`
}

/**
 * Updates the product and then its variant, in this order: the row of the product is the lock of both, and the WHERE
 * clause of the first part decides.
 */
export function updateStatement(db: Db, { id, fields, version, updatedAt }: ProductUpdate): SQL {
  const { name, description, imageUrl, lowStockThreshold, maxPerOrder, categories: assignment } = fields
  const row = db
    .update(products)
    .set({
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
      ...(imageUrl === undefined ? {} : { imageUrl }),
      ...(maxPerOrder === undefined ? {} : { maxPerOrder }),
      updatedAt,
      version: NEXT_VERSION,
    })
    .where(
      and(
        eq(products.id, id),
        IS_PRESENT,
        version === undefined ? undefined : eq(products.version, version),
        assignment && NOTHING_MISSING,
      ),
    )
    .returning()
  const changed = { threshold: lowStockThreshold !== undefined, categories: assignment !== undefined }
  const events = productEvents('product.updated', 'updated_at', changed)
  const variant = updateVariant(db, fields)
  if (assignment === undefined) {
    return sql`with product as ${row}, variant as ${variant}, ${events} ${written(UNCHANGED)}`
  }
  return sql`
    with ${chooseCategories({ ...assignment, at: updatedAt })}, product as ${row}, variant as ${variant},
    ${assignCategories(sql`select id, created_at, true as is_listed from product`)}, ${events} ${written(CHOSEN)}`
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
    .where(and(eq(variants.productId, sql`product.id`), isNull(variants.deletedAt)))
    .returning()
}

export function deleteStatement(db: Db, { id, archivedAt, versions }: ProductDeletion): SQL {
  const row = db
    .update(products)
    .set({ status: 'archived', archivedAt, version: NEXT_VERSION })
    .where(and(eq(products.id, id), IS_PRESENT, versions && isOneOf(versions)))
    .returning()
  const variant = db
    .select()
    .from(variants)
    .where(and(eq(variants.productId, id), isNull(variants.deletedAt)))
  return sql`
    with product as ${row}, variant as ${variant},
    hidden as (
      update ${productCategories} listed set is_listed = false from product where listed.product_id = product.id),
    ${productEvents('product.deleted', 'archived_at')}
    select id as event_id from event`
}

const IS_PRESENT = sql`${products.status} <> 'archived'`

const NEXT_VERSION = sql`${products.version} + 1`

/** As bigint, since a client may name a version beyond the column's type. */
function isOneOf(versions: readonly number[]): SQL {
  return sql`${products.version} = any(${sql.param(versions)}::bigint[])`
}

function newThreshold(lowStockThreshold: number | null) {
  return { lowStockThreshold, lowStockVersion: sql`${variants.lowStockVersion} + 1` }
}
