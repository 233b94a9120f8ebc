import { products } from '@shop/db/schema/catalog'
import { categories, productCategories } from '@shop/db/schema/catalog-groups'
import { type SQL, sql } from 'drizzle-orm'

const IN_ORDER = sql`order by listed.position, listed.category_id`

/** Not the column itself: among the columns of a query of one table, Drizzle would leave out the table. */
export const PRODUCT_ID = sql`${products}.id`

/** What a product shows of its categories, by the names of `Product`. */
export const categoryColumns = {
  category: sql<string | null>`(
    select category.name from ${productCategories} listed join ${categories} category on category.id = listed.category_id
    where listed.product_id = ${PRODUCT_ID} ${IN_ORDER} limit 1)`,
  categoryIds: sql<number[]>`array(
    select listed.category_id from ${productCategories} listed where listed.product_id = ${PRODUCT_ID} ${IN_ORDER})`.mapWith(
    (ids: string[]) => ids.map(Number),
  ),
}

const KEY = sql`${sql.placeholder('category')}::text`

/**
 * The CTE `wanted (id)`: the categories that a text names, and all below them. A slug names one category; a text that is no
 * slug names all with this name, as several branches may have one.
 */
export const WANTED = sql`
  wanted as materialized (
    select below.id from ${categories} below
    where below.path && array(
      select named.id from ${categories} named where named.slug = ${KEY}
      union all
      select named.id from ${categories} named
      where named.name_key = ${KEY} and not exists (select from ${categories} other where other.slug = ${KEY})))`

/** A condition on the row of a product: it is in a wanted category. */
export const IS_WANTED = sql`exists (
  select from ${productCategories} listed
  where listed.product_id = ${products.id} and listed.category_id in (select id from wanted))`

/**
 * The newest products in the wanted categories, as `(id, created_at)`. Each category is read by its index, as far as the
 * limit, and the product that is in several of them counts once.
 *
 * @param isLaterPage whether they come after the position in the list
 */
export function newestWanted({ isLaterPage, limit }: { isLaterPage: boolean; limit: SQL }): SQL {
  const after = sql`and (listed.created_at, listed.product_id)
    < (${sql.placeholder('createdAt')}::timestamptz, ${sql.placeholder('id')}::bigint)`
  return sql`
    select newest.id, newest.created_at from wanted cross join lateral (
      select listed.product_id as id, listed.created_at from ${productCategories} listed
      where listed.category_id = wanted.id and listed.is_listed ${isLaterPage ? after : sql.empty()}
      order by listed.created_at desc, listed.product_id desc limit ${limit}) newest
    group by newest.id, newest.created_at order by newest.created_at desc, newest.id desc limit ${limit}`
}
