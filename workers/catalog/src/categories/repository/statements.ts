import { categories } from '@shop/db/schema/catalog-groups'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import type { Metadata } from '@shop/kernel/metadata'
import { type SQL, sql } from 'drizzle-orm'
import { keyedBy } from '../../idempotency/repository.ts'
import type { NewSlug } from '../../slugs/domain/slug.ts'
import { newSlug } from '../../slugs/repository.ts'
import { type Category, MAX_DEPTH } from '../domain/category.ts'
import type { DecidedChanges, TreePlacement } from '../domain/category-changes.ts'
import { nameKey } from '../domain/name-key.ts'
import { categoryEvent } from './events.ts'
import type { CategoryRow } from './row.ts'
import { closeGap, makeRoom } from './siblings.ts'

export type NewCategory = TreePlacement & {
  name: string
  slug: NewSlug
  metadata: Metadata
  createdAt: Date
  key?: IdempotencyKey | undefined
}

export type CategoryUpdate = DecidedChanges & {
  /** The category from which the update was decided. */
  decidedFrom: Category
  updatedAt: Date
}

/**
 * Waits for other changes of the tree, until the transaction ends. The next statement of the transaction then sees what
 * they have committed, which a statement that waits within itself would not: so no two moves make a cycle.
 */
export const LOCK_TREE = sql`select pg_advisory_xact_lock(${'catalog.categories'}::regclass::oid::bigint)`

/** What a statement returns: facts about the tree, and the category with its event if it was written. */
export type WrittenRow = CategoryRow & { event_id: string }
export type InsertedRow = { parent_depth: number | null } & (WrittenRow | { id: null })
export type MovedRow = { is_cycle: boolean; is_orphan: boolean; depth: number } & (WrittenRow | { id: null })

const IS_ALLOWED = sql`exists (select from allowed)`

/** The columns of {@link WrittenRow}, of the CTEs `category` and `event`. */
const WRITTEN = sql`
  category.id, category.parent_id, category.name, category.slug, category.position, category.path, category.metadata,
  category.created_at, category.updated_at, category.version, (select id from event) as event_id,
  coalesce((
    select array_agg(above.slug order by step.number)
    from unnest(category.path) with ordinality step (id, number) join ${categories} above on above.id = step.id
    where above.id <> category.id), '{}') || category.slug as slugs`

export function insertStatement(category: NewCategory): SQL {
  const { name, slug, parentId, position, metadata, createdAt, key } = category
  const at = createdAt.toISOString()
  return sql`
    with parent as (select id, path from ${categories} where id = ${parentId}::bigint),
    fresh as materialized (select nextval(pg_get_serial_sequence('catalog.categories', 'id')) as id),
    allowed as (
      select coalesce((select path from parent), '{}') as prefix
      where ${parentId}::bigint is null or (select cardinality(path) from parent) < ${MAX_DEPTH}::int),
    ${makeRoom({ parentId, position }, IS_ALLOWED)},
    category as (
      insert into ${categories} (id, parent_id, name, name_key, slug, position, path, metadata, created_at, updated_at)
      select fresh.id, ${parentId}::bigint, ${name}, ${nameKey(name)}, ${newSlug(categories, slug)}, spot.position,
             allowed.prefix || fresh.id, ${JSON.stringify(metadata)}::jsonb, ${at}::timestamptz, ${at}::timestamptz
      from fresh, spot, allowed
      returning *),
    ${categoryEvent('category.created', createdAt)}${keyedBy(key, sql`category`, createdAt)}
    select (select cardinality(path) from parent) as parent_depth, ${WRITTEN} from (select) one left join category on true`
}

/** Changes fields where the version is still the one that was read. */
export function changeStatement({ fields, decidedFrom, updatedAt }: CategoryUpdate): SQL {
  return sql`
    with category as (
      update ${categories} set ${assignments(fields, updatedAt)}
      where id = ${decidedFrom.id}::bigint and version = ${decidedFrom.version}::int
      returning *),
    ${categoryEvent('category.updated', updatedAt)}
    select ${WRITTEN} from category`
}

/**
 * Changes fields and moves a category with all below it, if the tree allows it. One UPDATE changes the paths of all of
 * them. No row when the version is another than was read.
 */
export function moveStatement(update: CategoryUpdate, { parentId, position }: TreePlacement): SQL {
  const { fields, decidedFrom, updatedAt } = update
  const { id, version } = decidedFrom
  const leaving = parentId === decidedFrom.parentId ? sql.empty() : sql`${closeGap(decidedFrom, IS_ALLOWED)},`
  return sql`
    with target as (select id, path from ${categories} where id = ${id}::bigint and version = ${version}::int for update),
    parent as (select id, path from ${categories} where id = ${parentId}::bigint),
    facts as (
      select target.path as old_path, coalesce(parent.path, '{}') as prefix,
             coalesce(parent.path @> array[target.id], false) as is_cycle,
             ${parentId}::bigint is not null and parent.id is null as is_orphan,
             cardinality(coalesce(parent.path, '{}')) - cardinality(target.path) + 1 + (
               select max(cardinality(path)) from ${categories} where path @> array[target.id]) as depth
      from target left join parent on true),
    allowed as (select * from facts where not is_cycle and not is_orphan and depth <= ${MAX_DEPTH}::int),
    ${makeRoom({ id, parentId, position }, IS_ALLOWED)},
    ${leaving}
    moved as (
      update ${categories} c set path = allowed.prefix || c.path[cardinality(allowed.old_path):]
      from allowed where c.path @> array[${id}::bigint] and c.id <> ${id}::bigint),
    category as (
      update ${categories} c set ${assignments(fields, updatedAt)}, parent_id = ${parentId}::bigint,
             position = spot.position, path = allowed.prefix || c.id
      from allowed, spot where c.id = ${id}::bigint
      returning c.*),
    ${categoryEvent('category.updated', updatedAt)}
    select facts.is_cycle, facts.is_orphan, facts.depth, ${WRITTEN} from facts left join category on true`
}

/** Deletes a category without children; its products lose it. No row when the version is another than was read. */
export function deleteStatement({ id, parentId, version }: Category, deletedAt: Date): SQL {
  return sql`
    with target as (
      select exists (select from ${categories} child where child.parent_id = ${id}::bigint) as has_children
      from ${categories} where id = ${id}::bigint and version = ${version}::int for update),
    ${closeGap({ id, parentId }, sql`exists (select from target where not has_children)`)},
    category as (
      delete from ${categories} c using target where c.id = ${id}::bigint and not target.has_children
      returning c.*),
    ${categoryEvent('category.deleted', deletedAt)}
    select target.has_children, (select id from event) as event_id from target`
}

function assignments({ name, slug, metadata }: DecidedChanges['fields'], updatedAt: Date): SQL {
  return sql`name = ${name}, name_key = ${nameKey(name)}, slug = ${slug}, metadata = ${JSON.stringify(metadata)}::jsonb,
    updated_at = ${updatedAt.toISOString()}::timestamptz, version = version + 1`
}
