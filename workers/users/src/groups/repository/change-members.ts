import type { CustomersNotFound } from '@shop/contracts/users/failures'
import type { Db } from '@shop/db/client'
import { sqlState } from '@shop/db/errors'
import { users } from '@shop/db/schema/users'
import { customerGroupMembers, customerGroups } from '@shop/db/schema/users-customers'
import type { CustomerGroupId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { type SQL, sql } from 'drizzle-orm'
import type { CustomerGroup } from '../domain/customer-group.ts'
import { membersEvent } from './group-events.ts'
import { groupFromJson } from './rows.ts'

/** `version`: only if the group still has it; undefined for any. No id is in both lists. */
export type MembersChange = {
  id: CustomerGroupId
  add: readonly string[]
  remove: readonly string[]
  version: number | undefined
}

type ChangedRow = { unknown: string[]; group: Record<string, unknown> | null }

/**
 * Adds accounts to a group and removes others, with one event that names those for whom something changed; none where nothing
 * did.
 *
 * The row of the group is locked first, so that changes of one group follow each other: the order of the events is the order
 * of the changes.
 *
 * @returns undefined when the group, or an account, was deleted meanwhile, or another writer changed the version
 */
export async function changeMembers(
  db: Db,
  { id, add, remove, version }: MembersChange,
  now: Date,
): Promise<Result<CustomerGroup | undefined, CustomersNotFound>> {
  const onlyVersion = version === undefined ? sql`true` : sql`version = ${version}`
  const change = sql`
    with unknown as (
      select given.id from ${idsOf(add)} where not exists (select from ${users} person where person.id = given.id)),
    held as (
      select * from ${customerGroups} where id = ${id} and ${onlyVersion} and not exists (select from unknown)
      for no key update),
    joined as (
      insert into ${customerGroupMembers} (group_id, user_id)
      select held.id, given.id from held cross join ${idsOf(add)}
      on conflict do nothing returning user_id),
    gone as (
      delete from ${customerGroupMembers} member using held, ${idsOf(remove)}
      where member.group_id = held.id and member.user_id = given.id returning member.user_id),
    changes as (
      select (select coalesce(jsonb_agg(user_id order by user_id), '[]') from joined) as added,
             (select coalesce(jsonb_agg(user_id order by user_id), '[]') from gone) as removed),
    written as (
      update ${customerGroups} as entry set version = entry.version + 1, updated_at = ${now.toISOString()}::timestamptz
      from held, changes where entry.id = held.id and (changes.added <> '[]' or changes.removed <> '[]')
      returning entry.*),
    ${membersEvent()}
    select (select coalesce(jsonb_agg(id), '[]') from unknown) as unknown,
           coalesce((select to_jsonb(written) from written), (select to_jsonb(held) from held)) as "group"`
  try {
    const [row] = (await db.execute<ChangedRow>(change)).rows
    if (row === undefined) throw new Error('A select without a FROM returned no row')
    if (row.unknown.length > 0) return fail({ code: 'customers_not_found', userIds: row.unknown })
    return ok(row.group === null ? undefined : groupFromJson(row.group))
  } catch (error) {
    if (sqlState(error) === ACCOUNT_IS_GONE) return ok(undefined)
    throw error
  }
}

/** A violation of a foreign key. */
const ACCOUNT_IS_GONE = '23503'

/** The ids as rows of `given`. */
const idsOf = (ids: readonly string[]): SQL => sql`jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) given (id)`
