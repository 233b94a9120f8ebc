import type { LastAdmin } from '@shop/contracts/users/failures'
import type { Db } from '@shop/db/client'
import { isCheckViolation } from '@shop/db/errors'
import { users } from '@shop/db/schema/users'
import type { Role } from '@shop/kernel/caller'
import type { UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { and, eq, sql } from 'drizzle-orm'
import { accountEvents } from '../../accounts/repository/account-events.ts'
import { endingStatement } from '../../sessions/repository/end.ts'

export type RoleRepository = ReturnType<typeof roleRepository>

/** The roles of accounts in Postgres. */
export const roleRepository = (db: Db) => ({
  /**
   * Changes the role of an account with its event, and ends its sessions, in one batch, unless the role is no longer `from`.
   *
   * A trigger counts the administrators in a row of their own, whose CHECK refuses the change that would leave none: of two that are
   * demoted at once, the second waits for the first there.
   *
   * @returns false when another writer won; the caller re-reads and decides again
   */
  async change(id: UserId, { from, to }: { from: Role; to: Role }, now: Date): Promise<Result<boolean, LastAdmin>> {
    const update = db
      .update(users)
      .set({ role: to, updatedAt: now, version: sql`${users.version} + 1` })
      .where(and(eq(users.id, id), eq(users.role, from)))
      .returning()
    const written = accountEvents('updated', ['customer.updated'])
    try {
      const onlyIf = sql`exists (select from ${users} where id = ${id} and role = ${to})`
      const [{ rows }] = await db.batch([
        db.execute(sql`with updated as ${update}, ${written} select id from updated`),
        db.execute(endingStatement({ userId: id }, { reason: 'role_changed', now, onlyIf })),
      ])
      return ok(rows.length === 1)
    } catch (error) {
      if (isCheckViolation(error, 'admin_count_not_empty')) return fail({ code: 'last_admin' })
      throw error
    }
  },
})
