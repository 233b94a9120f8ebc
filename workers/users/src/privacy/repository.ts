import type { LastAdmin } from '@shop/contracts/users/failures'
import type { Db } from '@shop/db/client'
import { isCheckViolation } from '@shop/db/errors'
import { eventCtes } from '@shop/db/events/write'
import { users, usersEventRows, usersEvents, usersKeys } from '@shop/db/schema/users'
import { invitations } from '@shop/db/schema/users-staff'
import type { Role } from '@shop/kernel/caller'
import type { SessionId, UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { and, eq, sql } from 'drizzle-orm'
import { type EndedSession, endingStatement } from '../sessions/repository/end.ts'

export type ErasureRepository = ReturnType<typeof erasureRepository>

/** The account as it was decided about: it is not erased when its role has changed since. */
type Decided = { id: UserId; role: Role; now: Date }

/** Erasing accounts in Postgres. */
export const erasureRepository = (db: Db) => ({
  /**
   * Deletes an account with all that refers to it, and ends its sessions, in one batch. What belongs to it (addresses,
   * sessions, factors, tokens, API keys) is deleted by foreign keys. Invitations are deleted by the address, since accepted
   * ones still have it.
   *
   * The first statement waits for sign-ins that are being saved, so that the second one sees their sessions.
   *
   * @returns the sessions that ended; undefined when there is no such account, or it has another role by now
   */
  async erase({ id, role, now }: Decided): Promise<Result<EndedSession[] | undefined, LastAdmin>> {
    const isUnchanged = and(eq(users.id, id), eq(users.role, role))
    const onlyIf = sql`exists (select from ${users} where ${isUnchanged})`
    try {
      const [, ended, { rows }] = await db.batch([
        db.select({ id: users.id }).from(users).where(isUnchanged).for('update'),
        db.execute<{ id: SessionId; user_id: UserId }>(
          endingStatement({ userId: id }, { reason: 'account_removed', now, onlyIf }),
        ),
        db.execute(deletion({ id, role, now })),
      ])
      if (rows.length === 0) return ok(undefined)
      return ok(ended.rows.map((session) => ({ sessionId: session.id, userId: session.user_id })))
    } catch (error) {
      if (isCheckViolation(error, 'admin_count_not_empty')) return fail({ code: 'last_admin' })
      throw error
    }
  },

  /** Whether an account was erased, as far as events are kept: for a month. */
  async wasErased(id: UserId): Promise<boolean> {
    const isErasure = and(eq(usersEventRows.key, id), eq(usersEventRows.type, 'customer.erased'))
    return (await db.select({ id: usersEventRows.id }).from(usersEventRows).where(isErasure)).length > 0
  },
})

function deletion({ id, role, now }: Decided) {
  const announced = eventCtes(usersEvents, {
    name: 'announced',
    types: ['customer.erased'],
    rows: sql`
      select 'customer.erased'::text as type, id as key, version + 1 as sequence,
             jsonb_build_object('userId', id) as payload, ${now.toISOString()}::timestamptz as created_at
      from erased`,
  })
  return sql`
    with erased as (
      delete from ${users} where id = ${id} and role = ${role} returning id, email_key, version),
    invited as (
      delete from ${invitations} using erased
      where ${invitations}.email_key = erased.email_key or ${invitations}.accepted_by = erased.id),
    keys as (
      delete from ${usersKeys} using erased where ${usersKeys}.scope = erased.id || ':createAddress'),
    ${announced}
    select id from erased`
}
