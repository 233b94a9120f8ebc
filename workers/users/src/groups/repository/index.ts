import type { CustomerGroupNameTaken, TooManyCustomerGroups } from '@shop/contracts/users/failures'
import type { Db } from '@shop/db/client'
import { isUniqueViolation } from '@shop/db/errors'
import { withFreshKey } from '@shop/db/idempotency-keys'
import { users } from '@shop/db/schema/users'
import { customerGroupMembers, customerGroups } from '@shop/db/schema/users-customers'
import type { KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { isId, type UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { and, asc, desc, eq, lt, sql } from 'drizzle-orm'
import type { User } from '../../accounts/domain/user.ts'
import { toUser, USER_COLUMNS } from '../../accounts/repository/rows.ts'
import { keyedBy } from '../../idempotency/repository.ts'
import { type CustomerGroup, MAX_GROUPS } from '../domain/customer-group.ts'
import { changeMembers, type MembersChange } from './change-members.ts'
import { groupEvent } from './group-events.ts'
import { toCustomerGroup } from './rows.ts'

export type CustomerGroupRepository = ReturnType<typeof customerGroupRepository>

type InsertFailure = CustomerGroupNameTaken | TooManyCustomerGroups | KeyKnown

/** The groups of accounts in Postgres; each call is one round trip. */
export const customerGroupRepository = (db: Db) => ({
  async find(id: string): Promise<CustomerGroup | undefined> {
    if (!isId('customerGroup', id)) return undefined
    const [row] = await db.select().from(customerGroups).where(eq(customerGroups.id, id))
    return row && toCustomerGroup(row)
  },

  /** Newest first, by keyset over the primary key. */
  async list({ before, limit }: { before: string | undefined; limit: number }): Promise<CustomerGroup[]> {
    const where = before === undefined ? undefined : lt(customerGroups.id, before)
    const rows = await db.select().from(customerGroups).where(where).orderBy(desc(customerGroups.id)).limit(limit)
    return rows.map(toCustomerGroup)
  },

  /** The groups of an account by name; by the index customer_group_members_user. */
  async ofUser(userId: UserId): Promise<CustomerGroup[]> {
    const rows = await db
      .select({ group: customerGroups })
      .from(customerGroupMembers)
      .innerJoin(customerGroups, eq(customerGroups.id, customerGroupMembers.groupId))
      .where(eq(customerGroupMembers.userId, userId))
      .orderBy(asc(sql`lower(${customerGroups.name})`))
    return rows.map(({ group }) => toCustomerGroup(group))
  },

  /** The accounts in a group, newest account first, by keyset over the primary key. */
  async listMembers(query: { groupId: string; before: string | undefined; limit: number }): Promise<User[]> {
    const { groupId, before, limit } = query
    const rows = await db
      .select(USER_COLUMNS)
      .from(customerGroupMembers)
      .innerJoin(users, eq(users.id, customerGroupMembers.userId))
      .where(
        and(
          eq(customerGroupMembers.groupId, groupId),
          before === undefined ? undefined : lt(customerGroupMembers.userId, before),
        ),
      )
      .orderBy(desc(customerGroupMembers.userId))
      .limit(limit)
    return rows.map(toUser)
  },

  /** Saves a new group with its event. */
  async insert(group: CustomerGroup, key?: IdempotencyKey): Promise<Result<undefined, InsertFailure>> {
    const { id, name, metadata, createdAt } = group
    const at = sql`${createdAt.toISOString()}::timestamptz`
    const insert = sql`
      with written as (
        insert into ${customerGroups} (id, name, metadata, created_at, updated_at)
        select ${id}, ${name}, ${JSON.stringify(metadata)}::jsonb, ${at}, ${at}
        where (select count(*) from ${customerGroups}) < ${MAX_GROUPS}
        returning *),
      ${groupEvent('customer_group.created')}
      ${keyedBy(key, sql`written`, createdAt)}
      select id from written`
    return withFreshKey(() =>
      withFreeName<undefined, TooManyCustomerGroups>(async () => {
        const { rows } = await db.execute(insert)
        return rows.length === 1 ? ok() : fail({ code: 'too_many_customer_groups', maximum: MAX_GROUPS })
      }),
    )
  },

  /**
   * Saves the name and the metadata of a group with its event, unless another writer changed the group since the version before.
   *
   * @returns false when another writer won, or the group is gone
   */
  async save({
    id,
    name,
    metadata,
    updatedAt,
    version,
  }: CustomerGroup): Promise<Result<boolean, CustomerGroupNameTaken>> {
    const update = db
      .update(customerGroups)
      .set({ name, metadata, updatedAt, version })
      .where(and(eq(customerGroups.id, id), eq(customerGroups.version, version - 1)))
      .returning()
    const written = groupEvent('customer_group.updated')
    return withFreeName<boolean, never>(async () => {
      const { rows } = await db.execute(sql`with written as ${update}, ${written} select id from written`)
      return ok(rows.length === 1)
    })
  },

  changeMembers: (change: MembersChange, now: Date) => changeMembers(db, change, now),

  /** Deletes a group with its memberships. @returns false when another writer won, or it is gone */
  async delete({ id, version }: CustomerGroup, now: Date): Promise<boolean> {
    const { rows } = await db.execute(sql`
      with written as (
        delete from ${customerGroups} where id = ${id} and version = ${version}
        returning id, version + 1 as version, ${now.toISOString()}::timestamptz as updated_at),
      ${groupEvent('customer_group.deleted')}
      select id from written`)
    return rows.length === 1
  },
})

/** The unique index decides who gets a name: a check beforehand would let two racing requests pass. */
async function withFreeName<T, F>(write: () => Promise<Result<T, F>>): Promise<Result<T, F | CustomerGroupNameTaken>> {
  try {
    return await write()
  } catch (error) {
    if (isUniqueViolation(error, 'customer_groups_name_unique')) return fail({ code: 'customer_group_name_taken' })
    throw error
  }
}
