import { products } from '@shop/db/schema/catalog'
import { categories, collectionProducts, collections } from '@shop/db/schema/catalog-groups'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { type SQL, sql } from 'drizzle-orm'
import { keyedBy } from '../../idempotency/repository.ts'
import type { NewSlug } from '../../slugs/domain/slug.ts'
import { newSlug } from '../../slugs/repository.ts'
import { type Collection, type CollectionFields, kindOf } from '../domain/collection.ts'
import type { CollectionRule } from '../domain/rule.ts'
import { collectionEvent } from './events.ts'
import { type CollectionRow, ruleValues } from './row.ts'

export type NewCollection = Omit<CollectionFields, 'slug'> & {
  slug: NewSlug
  /** Of a manual collection, in order. */
  productIds: readonly number[]
  createdAt: Date
  key?: IdempotencyKey | undefined
}

/** What a statement returns: an id that does not exist, or the collection with its event. */
export type WrittenCollection = { missing_category: string | null; missing_product: string | null } & (
  | (CollectionRow & { event_id: string })
  | { id: null }
)

/** The CTE `missing`: the first of the ids that does not exist. */
function missing(name: string, table: SQL, ids: readonly number[]): SQL {
  return sql`${sql.identifier(name)} as (
    select wanted.id from unnest(${`{${ids.join()}}`}::bigint[]) with ordinality wanted (id, number)
    where not exists (select from ${table} known where known.id = wanted.id) order by number limit 1)`
}

const missingCategory = (rule: CollectionRule | null) =>
  missing('missing_category', sql`${categories}`, rule?.categoryIds ?? [])
const missingProduct = (ids: readonly number[]) => missing('missing_product', sql`${products}`, ids)

const NOTHING_MISSING = sql`not exists (select from missing_category) and not exists (select from missing_product)`

const WRITTEN = sql`
  select (select id from missing_category) as missing_category, (select id from missing_product) as missing_product,
         (select id from event) as event_id, collection.*
  from (select) one left join collection on true`

/** The CTE that writes the products of the CTE `collection`, which a new one or one of another order has. */
const listProducts = (ids: readonly number[]) => sql`
  listed as (
    insert into ${collectionProducts} as kept (collection_id, product_id, position)
    select collection.id, wanted.id, wanted.number - 1
    from collection, unnest(${`{${ids.join()}}`}::bigint[]) with ordinality wanted (id, number)
    on conflict (collection_id, product_id) do update set position = excluded.position
      where kept.position <> excluded.position)`

export function insertStatement(collection: NewCollection): SQL {
  const { name, slug, rule, metadata, productIds, createdAt, key } = collection
  const at = sql`${createdAt.toISOString()}::timestamptz`
  const values = ruleValues(rule)
  return sql`
    with ${missingCategory(rule)}, ${missingProduct(productIds)},
    collection as (
      insert into ${collections} (name, slug, kind, metadata, created_at, updated_at, ${columnsOf(values)})
      select ${name}, ${newSlug(collections, slug)}, ${kindOf({ rule })}, ${JSON.stringify(metadata)}::jsonb, ${at}, ${at},
             ${sql.join(
               values.map(([, value]) => value),
               sql`, `,
             )}
      where ${NOTHING_MISSING}
      returning *),
    ${listProducts(productIds)},
    ${collectionEvent('collection.created', createdAt)}${keyedBy(key, sql`collection`, createdAt)} ${WRITTEN}`
}

const columnsOf = (values: [column: string, value: SQL][]) =>
  sql.join(
    values.map(([column]) => sql.identifier(column)),
    sql`, `,
  )

/** Which version of a collection is changed, and when. */
export type CollectionUpdate = { decidedFrom: Pick<Collection, 'id' | 'version'>; updatedAt: Date }

/** Changes a collection where its version is still the one that was read. */
function update({ decidedFrom, updatedAt }: CollectionUpdate, assignments: SQL): SQL {
  return sql`
    collection as (
      update ${collections} set ${assignments} updated_at = ${updatedAt.toISOString()}::timestamptz, version = version + 1
      where id = ${decidedFrom.id}::bigint and version = ${decidedFrom.version}::int and ${NOTHING_MISSING}
      returning *)`
}

export function changeStatement(change: CollectionUpdate, { name, slug, rule, metadata }: CollectionFields): SQL {
  const ruleAssignments = ruleValues(rule).map(([column, value]) => sql`${sql.identifier(column)} = ${value}, `)
  const assignments = sql`name = ${name}, slug = ${slug}, metadata = ${JSON.stringify(metadata)}::jsonb,
    ${sql.join(ruleAssignments, sql``)}`
  return sql`
    with ${missingCategory(rule)}, ${missingProduct([])}, ${update(change, assignments)},
    ${collectionEvent('collection.updated', change.updatedAt)} ${WRITTEN}`
}

/** Replaces the products of a collection. */
export function setProductsStatement(change: CollectionUpdate, productIds: readonly number[]): SQL {
  return sql`
    with ${missingCategory(null)}, ${missingProduct(productIds)}, ${update(change, sql``)},
    removed as (
      delete from ${collectionProducts} using collection
      where collection_id = collection.id and product_id <> all (${`{${productIds.join()}}`}::bigint[])),
    ${listProducts(productIds)},
    ${collectionEvent('collection.updated', change.updatedAt)} ${WRITTEN}`
}

export function deleteStatement({ decidedFrom, updatedAt }: CollectionUpdate): SQL {
  return sql`
    with collection as (
      delete from ${collections} where id = ${decidedFrom.id}::bigint and version = ${decidedFrom.version}::int
      returning *),
    ${collectionEvent('collection.deleted', updatedAt)}
    select id as event_id from event`
}
