import { categories } from '@shop/db/schema/catalog-groups'
import { type SQL, sql } from 'drizzle-orm'

/** The categories with a parent, except one. */
function siblings(parentId: number | null, except: number | undefined): SQL {
  const parent = parentId === null ? sql`parent_id is null` : sql`parent_id = ${parentId}::bigint`
  return except === undefined ? parent : sql`${parent} and id <> ${except}::bigint`
}

const ranks = (where: SQL) =>
  sql`select id, row_number() over (order by position, id)::int - 1 as rank from ${categories} where ${where}`

/**
 * The CTEs `spot`, whose `position` is where a category comes among its new siblings, and `shifted`, which numbers these
 * from 0 and leaves that place free.
 *
 * @param position wanted; past the last sibling it is the end, as without one
 * @param condition when to number them: a condition on the other CTEs of the statement
 */
export function makeRoom(
  { id, parentId, position }: { id?: number | undefined; parentId: number | null; position?: number | undefined },
  condition: SQL,
): SQL {
  return sql`
    ranked as (${ranks(siblings(parentId, id))}),
    spot as (select least(coalesce(${position ?? null}::int, count(*)), count(*))::int as position from ranked),
    shifted as (
      update ${categories} sibling
      set position = ranked.rank + case when ranked.rank >= spot.position then 1 else 0 end
      from ranked, spot
      where sibling.id = ranked.id and ${condition}
        and sibling.position <> ranked.rank + case when ranked.rank >= spot.position then 1 else 0 end)`
}

/** The CTE `closed`, which numbers the siblings that a category leaves from 0. */
export function closeGap({ id, parentId }: { id: number; parentId: number | null }, condition: SQL): SQL {
  return sql`
    left_behind as (${ranks(siblings(parentId, id))}),
    closed as (
      update ${categories} sibling set position = left_behind.rank
      from left_behind where sibling.id = left_behind.id and ${condition} and sibling.position <> left_behind.rank)`
}
