import type { Db } from '@shop/db/client'
import { customerGroupMembers, customerGroups } from '@shop/db/schema/orders-customers'
import { erasures } from '@shop/db/schema/orders-erasures'
import { and, eq, inArray, sql } from 'drizzle-orm'

/** `sequence` is that of the event: the version of the group after the change. */
export type MembersChanged = { groupId: string; sequence: number; added: readonly string[]; removed: readonly string[] }

/**
 * The groups of accounts as the events of users tell them. Events may come twice and in any order: each call leaves what the
 * latest event says.
 */
export const customerGroupRepository = (db: Db) => ({
  async add(groupId: string): Promise<void> {
    await db.insert(customerGroups).values({ id: groupId }).onConflictDoNothing()
  },

  /**
   * Deletes a group for good: its row stays, so that a late event brings nobody back into it.
   *
   * One transaction, whose first statement waits for changes of its members: only a statement that begins after them sees all.
   */
  async delete(groupId: string): Promise<void> {
    await db.batch([
      db
        .insert(customerGroups)
        .values({ id: groupId, isDeleted: true })
        .onConflictDoUpdate({ target: customerGroups.id, set: { isDeleted: true } }),
      db.delete(customerGroupMembers).where(eq(customerGroupMembers.groupId, groupId)),
    ])
  },

  /** Changes who is in a group. Ignored for a deleted group, and for accounts that are erased or had a later event. */
  async changeMembers({ groupId, sequence, added, removed }: MembersChanged): Promise<void> {
    await db.execute(sql`
      with known as (
        insert into ${customerGroups} as entry (id) values (${groupId})
        on conflict (id) do update set id = excluded.id where not entry.is_deleted
        returning id),
      change as (
        select jsonb_array_elements_text(${JSON.stringify(added)}::jsonb) as user_id, true as is_member
        union all
        select jsonb_array_elements_text(${JSON.stringify(removed)}::jsonb), false)
      insert into ${customerGroupMembers} as entry (user_id, group_id, is_member, sequence)
      select change.user_id, known.id, change.is_member, ${sequence}::bigint from known cross join change
      where not exists (select from ${erasures} erasure where erasure.user_id = change.user_id)
      on conflict (user_id, group_id) do update set is_member = excluded.is_member, sequence = excluded.sequence
      where entry.sequence < excluded.sequence`)
  },

  /** Those of the groups that exist; one of which users has told a moment ago may be missing. */
  async existing(ids: readonly string[]): Promise<string[]> {
    const rows = await db
      .select({ id: customerGroups.id })
      .from(customerGroups)
      .where(and(inArray(customerGroups.id, [...ids]), eq(customerGroups.isDeleted, false)))
    return rows.map(({ id }) => id)
  },
})
