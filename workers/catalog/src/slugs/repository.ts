import type { SlugTaken } from '@shop/contracts/catalog/failures'
import { isUniqueViolation } from '@shop/db/errors'
import { fail, ok, type Result } from '@shop/kernel/result'
import { type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { NewSlug } from './domain/slug.ts'

/** How many writers may take the same free number before a write gives up. */
const ATTEMPTS = 10

/**
 * A statement part: the slug of a new row. A slug that staff chose is taken as it is. One that was made from a name gets
 * the first free number, as in `mugs-2`. The unique index refuses what another writer takes at the same time.
 */
export function newSlug(table: PgTable, { text, isChosen }: NewSlug): SQL {
  if (isChosen) return sql`${text}::text`
  // A slug has no wildcard of LIKE. Among one candidate more than there are such slugs, one is free.
  return sql`(
    select candidate.slug
    from generate_series(1, 1 + (select count(*) from ${table} taken where taken.slug like ${text}::text || '%')) number,
      lateral (select case number when 1 then ${text}::text else ${text}::text || '-' || number end as slug) candidate
    where not exists (select from ${table} taken where taken.slug = candidate.slug)
    order by number limit 1)`
}

/**
 * A statement part: the slug of a new row, for tables in which many rows have one name. If a slug that was made from a
 * name is taken, the id of the row is added to it: no number has to be searched, and only the first of several writers
 * can take the slug without it.
 *
 * @param isTaken whether the slug of the parameter is taken
 */
export function newSlugWithId({ text, isChosen }: NewSlug, id: SQL, isTaken: (slug: SQL) => SQL): SQL {
  const slug = sql`${text}::text`
  return isChosen ? slug : sql`case when ${isTaken(slug)} then ${slug} || '-' || ${id} else ${slug} end`
}

/**
 * Writes again while other writers take what was free when the statement chose it, such as the number of a {@link newSlug}.
 *
 * @param index the unique index that refuses it then
 */
export async function untilFree<T>(index: string, write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write()
    } catch (error) {
      if (attempt === ATTEMPTS || !isUniqueViolation(error, index)) throw error
    }
  }
}

/** Writes with a {@link newSlug}; refused when staff chose one that another row has. */
export async function withSlug<T>(
  slug: NewSlug,
  index: string,
  write: () => Promise<T>,
): Promise<Result<T, SlugTaken>> {
  if (!slug.isChosen) return ok(await untilFree(index, write))
  try {
    return ok(await write())
  } catch (error) {
    if (isUniqueViolation(error, index)) return fail({ code: 'slug_taken', slug: slug.text })
    throw error
  }
}
