import type { Db } from '@shop/db/client'
import { users } from '@shop/db/schema/users'
import type { Role } from '@shop/kernel/caller'
import type { UserId } from '@shop/kernel/ids'
import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { UserWithPassword } from '../accounts/domain/user.ts'
import { accountEvents } from '../accounts/repository/account-events.ts'
import { toUser, USER_COLUMNS } from '../accounts/repository/rows.ts'
import { removedFactorsCtes } from '../factors/repository/statements.ts'
import type { NewSession } from '../sessions/domain/user-session.ts'
import { endingStatement } from '../sessions/repository/end.ts'
import { sessionInsert } from '../sessions/repository/start.ts'
import { AFTER_HELD, endedTokensCte, heldTokensCte, usedTokenCtes } from '../tokens/repository/statements.ts'

export type PasswordHashRepository = ReturnType<typeof passwordHashRepository>

/** `role` and `from`: those of the account when the password was proven. */
type PasswordChange = { userId: UserId; role: Role; from: string; to: string; session: NewSession; now: Date }

/** The password hashes of accounts; each call is one round trip. */
export const passwordHashRepository = (db: Db) => ({
  async find(id: UserId): Promise<UserWithPassword | undefined> {
    const [row] = await db
      .select({ ...USER_COLUMNS, passwordHash: users.passwordHash })
      .from(users)
      .where(eq(users.id, id))
    return row && { ...toUser(row), passwordHash: row.passwordHash }
  },

  /** Replaces a hash by another one of the same password, unless the password was changed meanwhile. */
  async renew({ userId, from, to }: { userId: UserId; from: string; to: string }): Promise<void> {
    await db
      .update(users)
      .set({ passwordHash: to })
      .where(and(eq(users.id, userId), eq(users.passwordHash, from)))
  },

  /**
   * Changes a password, ends all sessions and begins the one given, in one batch, unless the password or the role was changed
   * meanwhile: the WHERE clause is the lock. Links that were sent before end too.
   *
   * @returns false when another writer won; then nothing was done
   */
  async change(change: PasswordChange): Promise<boolean> {
    const { userId, role, from, to, session, now } = change
    const changed = sql`
      with ${heldTokensCte(userId)},
      changed as (
        update ${users} set password_hash = ${to}, version = version + 1, updated_at = ${now.toISOString()}::timestamptz
        where id = ${userId} and role = ${role} and password_hash = ${from} and ${AFTER_HELD}
        returning *),
      ${endedTokensCte(['password_reset', 'email_change'])},
      ${accountEvents('changed', ['customer.password_changed'])}
      select id from changed`
    const onlyIf = hasPassword(userId, to)
    const [{ rows }] = await db.batch([
      db.execute(changed),
      db.execute(endingStatement({ userId }, { reason: 'password_changed', now, onlyIf })),
      db.execute(sessionInsert(session, { role, passwordHash: to })),
    ])
    return rows.length === 1
  },

  /**
   * Sets a new password by the token of a mail, which also shows that mails reach the owner. All sessions end in the same batch,
   * and all links that were sent before.
   *
   * An address that was not verified may have been registered by a stranger, who added a passkey to come back with. So the
   * factors of such an account are removed: the mail is the first proof of whose account it is. Staff keep theirs.
   *
   * @returns false when the token cannot be used; then nothing was done
   */
  async reset(reset: { userId: UserId; tokenHash: string; passwordHash: string; now: Date }): Promise<boolean> {
    const { userId, tokenHash, passwordHash, now } = reset
    const at = sql`${now.toISOString()}::timestamptz`
    const changed = sql`
      with ${usedTokenCtes({ kind: 'password_reset', tokenHash, now }, ['verification', 'password_reset', 'email_change'])},
      before as (select person.id, person.email_verified_at from ${users} person join found on found.id = person.id),
      changed as (
        update ${users} person
        set password_hash = ${passwordHash}, email_verified_at = coalesce(person.email_verified_at, ${at}),
            version = version + 1, updated_at = ${at}
        from found where person.id = found.id
        returning person.*),
      newly_verified as (
        select changed.* from changed join before on before.id = changed.id where before.email_verified_at is null),
      ${accountEvents('changed', ['customer.password_changed'])},
      ${accountEvents('newly_verified', ['customer.email_verified'])},
      ${removedFactorsCtes(sql`select id from newly_verified where role = 'customer'`, at)}
      select id from changed`
    const onlyIf = hasPassword(userId, passwordHash)
    const [{ rows }] = await db.batch([
      db.execute(changed),
      db.execute(endingStatement({ userId }, { reason: 'password_reset', now, onlyIf })),
    ])
    return rows.length === 1
  },
})

/** Every hash has a salt of its own, so only the change before it in the batch makes this true. */
const hasPassword = (userId: UserId, passwordHash: string): SQL =>
  sql`exists (select from ${users} where id = ${userId} and password_hash = ${passwordHash})`
