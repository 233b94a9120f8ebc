import type { Db } from '@shop/db/client'
import { users } from '@shop/db/schema/users'
import { factors, mfaTokens, recoveryCodes, spentChallenges } from '@shop/db/schema/users-factors'
import type { UserId } from '@shop/kernel/ids'
import { eq, lt, sql } from 'drizzle-orm'
import type { User } from '../../accounts/domain/user.ts'
import { toUser, USER_COLUMNS } from '../../accounts/repository/rows.ts'
import { type FactorMethod, MAX_ATTEMPTS, type StoredFactor } from '../domain/factor.ts'
import { selectFactors } from './factors.ts'
import { toFactor, toInstant } from './rows.ts'

export type NewMfaToken = {
  tokenHash: string
  userId: UserId
  passwordVersion: string
  createdAt: Date
  expiresAt: Date
}
/** Somebody whose password was right, and whose factor is still to be checked. */
export type Waiting = { user: User; passwordHash: string; factors: StoredFactor[] }

const PRUNED_AT_ONCE = 1_000
const ACCOUNT_COLUMNS = { ...USER_COLUMNS, passwordHash: users.passwordHash }

/** Sign-ins between password and second factor. */
export const mfaTokenRepository = (db: Db) => ({
  /**
   * Saves a token, if the account has a confirmed factor.
   *
   * @returns how the sign-in can go on; nothing for an account without a factor
   */
  async issue(token: NewMfaToken): Promise<FactorMethod[]> {
    const { rows } = await db.execute<{ method: FactorMethod }>(sql`
      with methods as (
        select distinct case type when 'totp' then 'code' else 'passkey' end as method
        from ${factors} where user_id = ${token.userId} and confirmed_at is not null),
      issued as (
        insert into ${mfaTokens} (token_hash, user_id, password_version, created_at, expires_at)
        select ${token.tokenHash}, ${token.userId}, ${token.passwordVersion}, ${toInstant(token.createdAt)},
               ${toInstant(token.expiresAt)}
        where exists (select from methods)
        returning user_id)
      select method from methods
      union all
      select 'recovery_code' from issued where exists (
        select from ${recoveryCodes} where user_id = issued.user_id and used_at is null)`)
    return rows.map(({ method }) => method).toSorted()
  },

  /** Whose token it is, without using it up. */
  async find(tokenHash: string, now: Date): Promise<Waiting | undefined> {
    const account = db
      .select(ACCOUNT_COLUMNS)
      .from(mfaTokens)
      .innerJoin(users, eq(users.id, mfaTokens.userId))
      .where(sql`${mfaTokens.tokenHash} = ${tokenHash} and ${isUsable(now)}`)
    return waitingIn(await db.batch([account, selectFactors(db, ownerOf(db, tokenHash))]))
  },

  /**
   * Counts an attempt before it is made, so that any number of parallel guesses are no more than are allowed.
   *
   * @returns undefined when the token is unknown, used, expired, or has no attempts left
   */
  async countAttempt(tokenHash: string, now: Date): Promise<Waiting | undefined> {
    const account = db
      .update(mfaTokens)
      .set({ attempts: sql`${mfaTokens.attempts} + 1` })
      .from(users)
      .where(sql`${mfaTokens.tokenHash} = ${tokenHash} and ${users.id} = ${mfaTokens.userId} and ${isUsable(now)}`)
      .returning(ACCOUNT_COLUMNS)
    return waitingIn(await db.batch([account, selectFactors(db, ownerOf(db, tokenHash))]))
  },

  /**
   * Uses a token up, if the password is still the one that was checked.
   *
   * @returns false when another request was faster, or the password changed meanwhile
   */
  async redeem(tokenHash: string, now: Date): Promise<boolean> {
    const { rows } = await db.execute(sql`
      update ${mfaTokens} set used_at = ${toInstant(now)} from ${users}
      where ${mfaTokens.tokenHash} = ${tokenHash} and ${mfaTokens.usedAt} is null and ${users.id} = ${mfaTokens.userId}
        and ${mfaTokens.passwordVersion} = encode(sha256(convert_to(${users.passwordHash}, 'UTF8')), 'hex')
      returning ${mfaTokens.tokenHash}`)
    return rows.length === 1
  },

  /** Deletes tokens and answered challenges that have expired, a thousand of each at most. @returns how many */
  async prune(before: Date): Promise<number> {
    const tokens = db
      .select({ tokenHash: mfaTokens.tokenHash })
      .from(mfaTokens)
      .where(lt(mfaTokens.expiresAt, before))
      .limit(PRUNED_AT_ONCE)
    const challenges = db
      .select({ challengeHash: spentChallenges.challengeHash })
      .from(spentChallenges)
      .where(lt(spentChallenges.expiresAt, before))
      .limit(PRUNED_AT_ONCE)
    const pruned = await db.batch([
      db.delete(mfaTokens).where(sql`${mfaTokens.tokenHash} in ${tokens}`).returning({ hash: mfaTokens.tokenHash }),
      db
        .delete(spentChallenges)
        .where(sql`${spentChallenges.challengeHash} in ${challenges}`)
        .returning({ hash: spentChallenges.challengeHash }),
    ])
    return pruned.flat().length
  },
})

const isUsable = (now: Date) =>
  sql`${mfaTokens.usedAt} is null and ${mfaTokens.expiresAt} > ${toInstant(now)} and ${mfaTokens.attempts} < ${MAX_ATTEMPTS}`

const ownerOf = (db: Db, tokenHash: string) =>
  sql`(${db.select({ userId: mfaTokens.userId }).from(mfaTokens).where(eq(mfaTokens.tokenHash, tokenHash))})`

type Found = [(Parameters<typeof toUser>[0] & { passwordHash: string })[], Parameters<typeof toFactor>[0][]]

function waitingIn([[account], rows]: Found): Waiting | undefined {
  return account && { user: toUser(account), passwordHash: account.passwordHash, factors: rows.map(toFactor) }
}
