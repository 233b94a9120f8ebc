import type { EmailTaken, NewRefreshToken, User, UserWithPassword } from '@shop/contracts'
import type { UserId } from '@shop/kernel'
import { fail, ok, type Result } from '@shop/kernel'
import { eq, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { isUniqueViolation } from '../../errors.ts'
import { refreshTokens, users } from '../../schema/users.ts'
import { toUser, USER } from './rows.ts'

function toRow(user: UserWithPassword): typeof users.$inferInsert {
  const { id, email, name, role, passwordHash, createdAt } = user
  return { id, email, name, role, passwordHash, createdAt, updatedAt: createdAt }
}

/**
 * Saves a new account and its first session in one batch.
 *
 * The unique index on lower(email) decides who has an address: a look first would let two racing requests both pass.
 */
export async function saveNewUser(
  db: Db,
  user: UserWithPassword,
  token: NewRefreshToken,
): Promise<Result<undefined, EmailTaken>> {
  try {
    await db.batch([db.insert(users).values(toRow(user)), db.insert(refreshTokens).values(token)])
    return ok()
  } catch (error) {
    if (isUniqueViolation(error, 'users_email_unique')) return fail({ code: 'email_taken' })
    throw error
  }
}

/**
 * For seeding: an account that is there already stays as it is.
 *
 * @returns false when the e-mail address has an account
 */
export async function insertUserIfAbsent(db: Db, user: UserWithPassword): Promise<boolean> {
  const inserted = await db.insert(users).values(toRow(user)).onConflictDoNothing().returning({ id: users.id })
  return inserted.length === 1
}

/** Finds an account by its address in any case, through the index users_email_unique. */
export async function findUserByEmail(db: Db, email: string): Promise<UserWithPassword | null> {
  const [row] = await db
    .select({ ...USER, passwordHash: users.passwordHash })
    .from(users)
    .where(eq(sql`lower(${users.email})`, sql`lower(${email})`))
  return row === undefined ? null : { ...toUser(row), passwordHash: row.passwordHash }
}

export async function findUser(db: Db, id: UserId): Promise<User | null> {
  const [row] = await db.select(USER).from(users).where(eq(users.id, id))
  return row === undefined ? null : toUser(row)
}
