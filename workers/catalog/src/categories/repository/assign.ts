import { categories, productCategories } from '@shop/db/schema/catalog-groups'
import { type SQL, sql } from 'drizzle-orm'
import type { CategoryAssignment } from '../../products/domain/product.ts'
import { newSlug } from '../../slugs/repository.ts'
import { nameKey } from '../domain/name-key.ts'

/** The unique index that refuses two categories of one slug. */
export const CATEGORY_SLUGS = 'categories_slug'

/** `at` is when a new category is made. */
type Assignment = CategoryAssignment & { at: Date }

const idList = (ids: readonly number[]) => sql`${`{${ids.join()}}`}::bigint[]`

/**
 * CTEs of a statement that writes a product: `chosen (id, name, position)`, the categories it gets, and `missing (id)`, an
 * id that names none: the product must not be written then. `made` has a category that is new.
 *
 * The rows are locked against deletion. Of two statements that make a category of one name, the second one waits for the
 * first and gets its category, which it cannot see otherwise.
 */
export function chooseCategories({ named, ids, keptIds, at }: Assignment): SQL {
  const others = [...ids, ...keptIds]
  return sql`
    locked as materialized (
      select id, name from ${categories} where id = any (${idList(others)}) order by id for key share),
    missing as (
      select wanted.id from unnest(${idList(ids)}) wanted (id)
      where not exists (select from locked where locked.id = wanted.id) limit 1),
    ${findOrMake(named, at)},
    chosen as (
      select first.id, first.name, min(first.number)::int as position from (
        select id, name, 0 as number from named_category
        union all
        select id, name, 0 from made
        union all
        select locked.id, locked.name, wanted.number
        from unnest(${idList(others)}) with ordinality wanted (id, number) join locked on locked.id = wanted.id
      ) first group by first.id, first.name)`
}

function findOrMake(named: Assignment['named'], at: Date): SQL {
  const none = sql`select id, name, version, parent_id, path from ${categories} where false`
  if (named === undefined) return sql`named_category as (${none}), made as (${none})`
  const { name, slug } = named
  const key = nameKey(name)
  const now = sql`${at.toISOString()}::timestamptz`
  return sql`
    named_category as materialized (
      select id, name from ${categories} where name_key = ${key} order by cardinality(path), id limit 1 for key share),
    fresh as materialized (
      select nextval(pg_get_serial_sequence('catalog.categories', 'id')) as id
      where not exists (select from named_category) and not exists (select from missing)),
    made as (
      insert into ${categories} as present
        (id, parent_id, name, name_key, slug, position, path, created_at, updated_at)
      select fresh.id, null, ${name}, ${key}, ${newSlug(categories, slug)},
             (select coalesce(max(position) + 1, 0) from ${categories} where parent_id is null), array[fresh.id], ${now}, ${now}
      from fresh
      on conflict (parent_id, name_key) do update set name = present.name
      returning id, name, version, parent_id, path)`
}

/**
 * CTEs that give the row of the CTE `product` the categories of `chosen`.
 *
 * @param product a SELECT of its id, created_at and is_listed
 */
export function assignCategories(product: SQL): SQL {
  return sql`
    owner as (${product}),
    unassigned as (
      delete from ${productCategories} listed using owner
      where listed.product_id = owner.id and listed.category_id not in (select id from chosen)),
    assigned as (
      insert into ${productCategories} as listed (product_id, category_id, position, created_at, is_listed)
      select owner.id, chosen.id, chosen.position, owner.created_at, owner.is_listed from owner, chosen
      on conflict (product_id, category_id) do update set position = excluded.position, is_listed = excluded.is_listed
        where (listed.position, listed.is_listed) <> (excluded.position, excluded.is_listed))`
}
