import type { EmailTaken } from '@shop/contracts/users/failures'
import type { Db } from '@shop/db/client'
import { isUniqueViolation } from '@shop/db/errors'
import { users } from '@shop/db/schema/users'
import type { Role } from '@shop/kernel/caller'
import { normalEmail } from '@shop/kernel/email'
import type { UserId } from '@shop/kernel/ids'
import type { Position } from '@shop/kernel/pagination'
import { fail, ok, type Result } from '@shop/kernel/result'
import { and, desc, eq, inArray, or, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { HAS_FACTOR } from '../../factors/repository/rows.ts'
import type { NewSession } from '../../sessions/domain/user-session.ts'
import { sessionInsert } from '../../sessions/repository/start.ts'
import type { NewAccountToken } from '../../tokens/domain/account-token.ts'
import { tokenRequest } from '../../tokens/repository/statements.ts'
import type { User, UserRecord, UserWithPassword } from '../domain/user.ts'
import { accountEvents } from './account-events.ts'
import { RECORD_COLUMNS, toUser, USER_COLUMNS } from './rows.ts'

export type AccountRepository = ReturnType<typeof accountRepository>

/** The accounts in Postgres. */
export const accountRepository = (db: Db) => ({
  /**
   * Saves a new account, its first session and the token that verifies its address in one batch: all or nothing.
   *
   * The unique index on the normal form of an address decides who gets it. A check beforehand would let two racing requests
   * both pass.
   */
  async insert(
    user: UserWithPassword,
    saved: { session: NewSession; verification: NewAccountToken },
  ): Promise<Result<undefined, EmailTaken>> {
    const person = sql`select id, role from ${users} where id = ${user.id}`
    const verification = tokenRequest({ kind: 'verification', person, token: saved.verification })
    try {
      await db.batch([
        db.execute(registration(insertOf(db, user))),
        db.execute(verification),
        db.execute(sessionInsert(saved.session, user)),
      ])
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

  /** Those of the accounts that exist, in any order. */
  async findAll(ids: UserId[]): Promise<User[]> {
    if (ids.length === 0) return []
    const rows = await db.select(USER_COLUMNS).from(users).where(inArray(users.id, ids))
    return rows.map(toUser)
  },

  /** The oldest accounts with one of the roles of staff. They are few, so no index serves it. */
  async listStaff({ roles, limit }: { roles: readonly Role[]; limit: number }): Promise<User[]> {
    const rows = await db
      .select(USER_COLUMNS)
      .from(users)
      .where(inArray(users.role, [...roles]))
      .orderBy(users.createdAt, users.id)
      .limit(limit)
    return rows.map(toUser)
  },

  async findRecord(id: UserId): Promise<UserRecord | undefined> {
    const [row] = await db.select(RECORD_COLUMNS).from(users).where(eq(users.id, id))
    return row && { ...toUser(row), metadata: row.metadata }
  },

  /**
   * Newest first. The beginning of an address or of a name is looked up by the indexes users_email_prefix and users_name_prefix,
   * and all accounts by users_newest.
   */
  async list({ search, after, limit }: { search: string | undefined; after: Position | undefined; limit: number }) {
    const before = after && sql`(${users.createdAt}, ${users.id}) < (${after.sortKey}::timestamptz, ${after.id})`
    const rows = await db
      .select(RECORD_COLUMNS)
      .from(users)
      .where(and(search === undefined ? undefined : beginsWith(search), before))
      .orderBy(desc(users.createdAt), desc(users.id))
      .limit(limit)
    return rows.map((row): UserRecord => ({ ...toUser(row), metadata: row.metadata }))
  },

  /**
   * Saves what customers change of their account, with its event, unless it changed since `version` was read: the WHERE clause
   * is the lock. A consent keeps the time at which it was given.
   *
   * @returns false when another writer won; the caller re-reads and decides again
   */
  async saveProfile({ id, name, locale, phone, marketingConsent, version }: User, updatedAt: Date): Promise<boolean> {
    const at = sql`${updatedAt.toISOString()}::timestamptz`
    const update = db
      .update(users)
      .set({
        ...{ name, locale, phone, updatedAt, version: sql`${users.version} + 1` },
        marketingConsentAt: marketingConsent ? sql`coalesce(${users.marketingConsentAt}, ${at})` : null,
      })
      .where(and(eq(users.id, id), eq(users.version, version)))
      .returning()
    const written = accountEvents('updated', ['customer.updated'])
    const { rows } = await db.execute(sql`with updated as ${update}, ${written} select id from updated`)
    return rows.length === 1
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
    const written = accountEvents('updated', ['customer.updated'])
    const { rows } = await db.execute(sql`with updated as ${update}, ${written} select id from updated`)
    return rows.length === 1
  },
})

/** Whether the address or the name of an account begins with a text, in any case. */
function beginsWith(text: string): SQL | undefined {
  const pattern = (beginning: string) => `${beginning.replace(/[\\%_]/g, '\\$&')}%`
  return or(
    sql`${users.emailKey} like ${pattern(normalEmail(text))}`,
    sql`lower(${users.name}) like lower(${pattern(text.normalize('NFC'))})`,
  )
}

function insertOf(db: Db, user: UserWithPassword) {
  const { id, email, name, role, locale, phone, passwordHash, createdAt } = user
  return db
    .insert(users)
    .values({
      ...{ id, email, emailKey: normalEmail(email), name, role, locale, phone, passwordHash },
      emailVerifiedAt: user.emailVerified ? createdAt : null,
      marketingConsentAt: user.marketingConsent ? createdAt : null,
      createdAt,
      updatedAt: createdAt,
    })
    .returning()
}

/** The statement of an INSERT into users together with its event. It returns the id of the account that it made. */
function registration(insert: SQLWrapper) {
  return sql`with inserted as ${insert}, ${accountEvents('inserted', ['customer.registered'])} select id from inserted`
}
