import type { Db } from '@shop/db/client'
import { productSlugs, products } from '@shop/db/schema/catalog'
import { categories, productCategories } from '@shop/db/schema/catalog-groups'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import type { ExpectedVersions } from '@shop/kernel/versions'
import { and, eq, type SQL, sql } from 'drizzle-orm'
import { assignCategories, chooseCategories } from '../../categories/repository/assign.ts'
import { keyedBy } from '../../idempotency/repository.ts'
import type { NewSlug } from '../../slugs/domain/slug.ts'
import { newSlugWithId } from '../../slugs/repository.ts'
import type { NewVariant } from '../../variants/domain/variant.ts'
import type { Product, ProductFields } from '../domain/product.ts'
import { productEvents } from './events.ts'
import type { ProductRow } from './row.ts'
import { insertVariants, takenSku, type VariantWrites, variantsJson, writeVariants } from './variants.ts'

export type NewProduct = Omit<ProductFields, 'slug'> & {
  slug: NewSlug
  /** At least one. */
  variants: readonly NewVariant[]
  createdAt: Date
  /** The key of the request that creates it, which is stored with it. */
  key?: IdempotencyKey | undefined
}

export type ProductUpdate = {
  /** The product from which the update was decided. */
  decidedFrom: Pick<Product, 'id' | 'slug' | 'version'>
  fields?: Partial<ProductFields>
  variants?: VariantWrites
  /** Any version may be updated. Only for an update that does not depend on what was read. */
  isUnbound?: boolean
  updatedAt: Date
}

/** A variant that is added to a product. */
export type VariantAddition = Pick<ProductUpdate, 'decidedFrom' | 'updatedAt'> & {
  variant: NewVariant
  /** The key of the request that adds it, which is stored with it. */
  key?: IdempotencyKey | undefined
}

/** `versions`: the versions that may be deleted; absent for any. */
export type ProductDeletion = { id: number; archivedAt: Date; versions?: ExpectedVersions }

/** What a statement returns of a saved product and its events. */
export type SavedRow = ProductRow & {
  event_id: string
  category_event_id: string | null
}

/**
 * A category that does not exist, an SKU that is taken, or the saved product; none of them when the product is gone or has
 * another version.
 */
export type WrittenProduct = { missing_category: string | null; taken_sku: string | null } & (SavedRow | { id: null })

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

/** Returns a {@link WrittenProduct} of the CTEs `product`, `variant`, `taken` and `event`. */
const written = ({ missing, name, ids }: typeof CHOSEN) => sql`
  select ${missing} as missing_category, (select sku from taken) as taken_sku, product.*, ${name} as category,
         ${ids} as category_ids, ${variantsJson(sql`from variant v`)} as variants,
         (select id from event where type like 'product.%') as event_id,
         (select id from event where type = 'category.created') as category_event_id
  from (select) one left join product on true`

const NOTHING_MISSING = sql`not exists (select from missing)`
const NOTHING_TAKEN = sql`not exists (select from taken)`

const json = (value: object) => sql`${JSON.stringify(value)}::jsonb`

/** Slugs that redirect are taken, too, unless staff choose them. */
const isTaken = (slug: SQL) => sql`(
  exists (select from ${products} other where other.slug = ${slug})
  or exists (select from ${productSlugs} other where other.slug = ${slug}))`

export function insertStatement(product: NewProduct): SQL {
  const { name, description, imageUrl, maxPerOrder, status, brand, type, tags, taxCategory, shippingClass } = product
  const { slug, attributes, seo, translations, options, metadata, variants, createdAt } = product
  const at = sql`${createdAt.toISOString()}::timestamptz`
  return sql`
    with ${chooseCategories({ ...product.categories, at: createdAt })}, ${takenSku({ added: variants })},
    numbered as materialized (
      select nextval(pg_get_serial_sequence('catalog.products', 'id')) as id where ${NOTHING_MISSING} and ${NOTHING_TAKEN}),
    product as (
      insert into ${products} (
        id, name, slug, description, image_url, max_per_order, status, archived_at, brand, type, tags, tax_category,
        shipping_class, attributes, seo, translations, options, metadata, created_at, updated_at)
      select numbered.id, ${name}, ${newSlugWithId(slug, sql`numbered.id`, isTaken)}, ${description}, ${imageUrl},
             ${maxPerOrder}::int, ${status}, ${status === 'archived' ? at : null}::timestamptz, ${brand}, ${type},
             ${sql.param(tags)}::text[], ${taxCategory}, ${shippingClass}, ${json(attributes)}, ${json(seo)},
             ${json(translations)}, ${json(options)}, ${json(metadata)}, ${at}, ${at}
      from numbered
      returning *),
    variant as (${insertVariants(variants)}),
    ${assignCategories(OWNER)},
    ${productEvents('product.created', 'created_at', { categories: true })}
    ${keyedBy(product.key, sql`product`, createdAt)} ${written(CHOSEN)}`
}

const OWNER = sql`select id, created_at, status = 'active' as is_listed from product`

/** Locks a product until the transaction ends: the next statement sees everything that other writers have saved. */
export const lockProduct = (id: number): SQL => sql`select from ${products} where id = ${id}::bigint for no key update`

/**
 * Updates the product and then its variants, in this order: the row of the product is the lock of all, and the WHERE clause
 * of the first part decides.
 *
 * @param key of a request that adds a variant
 */
export function updateStatement(db: Db, update: ProductUpdate, key?: IdempotencyKey): SQL {
  const { decidedFrom, fields: { categories: assignment, ...fields } = {}, variants = {}, updatedAt } = update
  const row = db
    .update(products)
    .set({
      ...fields,
      ...(fields.status && { archivedAt: archivedAt(fields.status, updatedAt) }),
      updatedAt,
      version: NEXT_VERSION,
    })
    .where(
      and(
        eq(products.id, decidedFrom.id),
        // An archived product changes only when it is said what it is to be.
        fields.status === undefined ? IS_PRESENT : undefined,
        update.isUnbound ? undefined : eq(products.version, decidedFrom.version),
        NOTHING_TAKEN,
        assignment && NOTHING_MISSING,
      ),
    )
    .returning()
  const { thresholdOf } = variants
  const events = productEvents('product.updated', 'updated_at', { thresholdOf, categories: assignment !== undefined })
  const isMoved = fields.slug !== undefined && fields.slug !== decidedFrom.slug
  const parts = [
    ...(assignment === undefined ? [] : [chooseCategories({ ...assignment, at: updatedAt })]),
    takenSku(variants),
    sql`product as ${row}`,
    ...(isMoved ? [keepSlug(decidedFrom.slug)] : []),
    writeVariants(variants, updatedAt),
    ...(assignment === undefined ? [] : [assignCategories(OWNER)]),
    ...(assignment === undefined && fields.status !== undefined ? [RELISTED] : []),
    events,
  ]
  return sql`
    with ${sql.join(parts, sql`, `)} ${keyedBy(key, sql`added`, updatedAt)}
    ${written(assignment === undefined ? UNCHANGED : CHOSEN)}`
}

/** The CTE that redirects from a slug to the product that had it last. */
const keepSlug = (slug: string) => sql`
  kept_slug as (
    insert into ${productSlugs} (slug, product_id) select ${slug}, product.id from product
    on conflict (slug) do update set product_id = excluded.product_id)`

const RELISTED = sql`
  relisted as (
    update ${productCategories} listed set is_listed = product.status = 'active' from product
    where listed.product_id = product.id and listed.is_listed <> (product.status = 'active'))`

const archivedAt = (status: Product['status'], at: Date) =>
  status === 'archived' ? sql`coalesce(${products.archivedAt}, ${at.toISOString()}::timestamptz)` : null

export function deleteStatement(db: Db, { id, archivedAt, versions }: ProductDeletion): SQL {
  const row = db
    .update(products)
    .set({ status: 'archived', archivedAt, version: NEXT_VERSION })
    .where(and(eq(products.id, id), IS_PRESENT, versions && isOneOf(versions)))
    .returning()
  return sql`
    with product as ${row}, ${writeVariants({}, archivedAt)}, ${RELISTED},
    ${productEvents('product.deleted', 'archived_at')}
    select id as event_id from event`
}

const IS_PRESENT = sql`${products.status} <> 'archived'`

const NEXT_VERSION = sql`${products.version} + 1`

/** As bigint, since a client may name a version beyond the column's type. */
function isOneOf(versions: readonly number[]): SQL {
  return sql`${products.version} = any(${sql.param(versions)}::bigint[])`
}
