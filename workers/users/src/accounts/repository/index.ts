import type { EmailTaken } from '@shop/contracts/users/failures'
import type { Db } from '@shop/db/client'
import { isUniqueViolation } from '@shop/db/errors'
import { eventCtes } from '@shop/db/events/write'
import { users, usersEvents } from '@shop/db/schema/users'
import { normalEmail } from '@shop/kernel/email'
import type { UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { and, eq, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { HAS_FACTOR } from '../../factors/repository/rows.ts'
import type { NewRefreshToken } from '../../sessions/domain/refresh-token.ts'
import { insertRefreshToken } from '../../sessions/repository.ts'
import type { User, UserRecord, UserWithPassword } from '../domain/user.ts'
import { RECORD_COLUMNS, toUser, USER_COLUMNS } from './rows.ts'

export type AccountRepository = ReturnType<typeof accountRepository>

/** The accounts in Postgres. */
export const accountRepository = (db: Db) => ({
  /**
   * Saves a new account and its first session in one batch: both or neither.
   *
   * The unique index on the normal form of an address decides who gets it. A check beforehand would let two racing requests
   * both pass.
   */
  async insert(user: UserWithPassword, token: NewRefreshToken): Promise<Result<undefined, EmailTaken>> {
    try {
      await db.batch([db.execute(registration(insertOf(db, user))), insertRefreshToken(db, token)])
      return ok()
    } catch (error) {
      if (isUniqueViolation(error, 'users_email_unique')) return fail({ code: 'email_taken' })
      throw error
    }
  },

  /**
   * For the seed: an account that exists stays as it is.
   *
   * @returns false when the e-mail address has an account
   */
  async insertIfAbsent(user: UserWithPassword): Promise<boolean> {
    const { rows } = await db.execute(registration(insertOf(db, user).onConflictDoNothing()))
    return rows.length === 1
  },

  /**
   * Finds an account by any spelling of its address, through the index users_email_unique, and whether a sign-in needs a second
   * factor.
   */
  async findByEmail(email: string): Promise<(UserWithPassword & { hasFactor: boolean }) | undefined> {
    const [row] = await db
      .select({ ...USER_COLUMNS, passwordHash: users.passwordHash, hasFactor: HAS_FACTOR })
      .from(users)
      .where(eq(users.emailKey, normalEmail(email)))
    return row && { ...toUser(row), passwordHash: row.passwordHash, hasFactor: row.hasFactor }
  },

  async find(id: UserId): Promise<User | undefined> {
    const [row] = await db.select(USER_COLUMNS).from(users).where(eq(users.id, id))
    return row && toUser(row)
  },

  async findRecord(id: UserId): Promise<UserRecord | undefined> {
    const [row] = await db.select(RECORD_COLUMNS).from(users).where(eq(users.id, id))
    return row && { ...toUser(row), metadata: row.metadata, version: row.version }
  },

  /**
   * Saves the metadata of an account with its event, unless the account changed since `version` was read: the WHERE clause
   * is the lock.
   *
   * @returns false when another writer won; the caller re-reads and decides again
   */
  async saveMetadata({ id, metadata, version }: UserRecord, updatedAt: Date): Promise<boolean> {
    const update = db
      .update(users)
      .set({ metadata, updatedAt, version: sql`${users.version} + 1` })
      .where(and(eq(users.id, id), eq(users.version, version)))
      .returning()
    const written = accountEvent('customer.updated', { source: 'updated', at: 'updated_at' })
    const { rows } = await db.execute(sql`with updated as ${update}, ${written} select id from updated`)
    return rows.length === 1
  },
})

function insertOf(db: Db, { id, email, name, role, passwordHash, createdAt }: UserWithPassword) {
  const emailKey = normalEmail(email)
  return db
    .insert(users)
    .values({ id, email, emailKey, name, role, passwordHash, createdAt, updatedAt: createdAt })
    .returning()
}

/** The statement of an INSERT into users together with its event. It returns the id of the account that it made. */
function registration(insert: SQLWrapper) {
  const written = accountEvent('customer.registered', { source: 'inserted', at: 'created_at' })
  return sql`with inserted as ${insert}, ${written} select id from inserted`
}

/** The CTEs that write the event of each account in the CTE `source`, whose rows are as they are after the change. */
function accountEvent(
  type: 'customer.registered' | 'customer.updated',
  { source, at }: { source: 'inserted' | 'updated'; at: 'created_at' | 'updated_at' },
): SQL {
  return eventCtes(usersEvents, {
    name: 'written',
    types: [type],
    rows: sql`
      select ${type}::text as type, id as key, version as sequence,
             jsonb_build_object('userId', id, 'role', role) as payload, ${sql.identifier(at)} as created_at
      from ${sql.identifier(source)}`,
  })
}
