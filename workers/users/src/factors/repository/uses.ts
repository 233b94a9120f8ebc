import type { Db } from '@shop/db/client'
import { users } from '@shop/db/schema/users'
import { factors } from '@shop/db/schema/users-factors'
import type { UserId } from '@shop/kernel/ids'
import type { Sealed } from '@shop/kernel/sealer'
import { and, eq, isNotNull, lt, sql } from 'drizzle-orm'
import type { User } from '../../accounts/domain/user.ts'
import { toUser, USER_COLUMNS } from '../../accounts/repository/rows.ts'
import type { AnsweredChallenge } from '../domain/challenge.ts'
import type { Passkey, PasskeyFactor, StoredFactor, TotpFactor } from '../domain/factor.ts'
import { spentCte } from './challenges.ts'
import { selectFactors } from './factors.ts'
import { toFactor, toInstant } from './rows.ts'

/** Somebody with what proves who they are. */
export type Holder = { user: User; passwordHash: string; factors: StoredFactor[] }

/** Using factors. Each use is one statement whose WHERE clause lets one of two at once win. */
export const factorUseRepository = (db: Db) => ({
  async findHolder(userId: UserId): Promise<Holder | undefined> {
    const account = db
      .select({ ...USER_COLUMNS, passwordHash: users.passwordHash })
      .from(users)
      .where(eq(users.id, userId))
    const [[row], rows] = await db.batch([account, selectFactors(db, userId)])
    return row && { user: toUser(row), passwordHash: row.passwordHash, factors: rows.map(toFactor) }
  },

  /** Finds a passkey that signs in alone, and whose it is. Index: factors_credential_unique. */
  async findPasskey(credentialId: string): Promise<(Omit<Holder, 'factors'> & { factor: PasskeyFactor }) | undefined> {
    const [row] = await db
      .select({ account: { ...USER_COLUMNS, passwordHash: users.passwordHash }, factor: factors })
      .from(factors)
      .innerJoin(users, eq(users.id, factors.userId))
      .where(eq(factors.credentialId, credentialId))
    if (row === undefined) return undefined
    const factor = toFactor(row.factor)
    if (factor.type !== 'passkey') return undefined
    return { user: toUser(row.account), passwordHash: row.account.passwordHash, factor }
  },

  /**
   * Uses the code of a time step, and stores the secret again if it was sealed anew.
   *
   * @returns false when that step or a later one was used
   */
  async useCode({ id }: TotpFactor, use: { step: number; resealed: Sealed | undefined; now: Date }): Promise<boolean> {
    const { step, resealed, now } = use
    const used = await db
      .update(factors)
      .set({
        lastStep: step,
        lastUsedAt: now,
        ...(resealed && { sealedSecret: resealed.text, sealingKeyId: resealed.keyId }),
      })
      .where(and(eq(factors.id, id), lt(factors.lastStep, step), isNotNull(factors.confirmedAt)))
      .returning({ id: factors.id })
    return used.length === 1
  },

  /**
   * Uses an answer of a passkey. Of two answers to one challenge one wins, and so it does of two with the same count of
   * signatures, of which one comes from a copy.
   */
  async usePasskey(
    { id }: PasskeyFactor,
    use: { challenge: AnsweredChallenge; changed: Pick<Passkey, 'signCount' | 'isBackedUp'>; now: Date },
  ): Promise<boolean> {
    const { signCount, isBackedUp } = use.changed
    const { rows } = await db.execute(sql`
      with ${spentCte(use.challenge)}
      update ${factors} set sign_count = ${signCount}::bigint, is_backed_up = ${isBackedUp}::boolean,
                            last_used_at = ${toInstant(use.now)}
      where id = ${id} and exists (select from spent)
        and (sign_count < ${signCount}::bigint or (sign_count = 0 and ${signCount}::bigint = 0))
      returning id`)
    return rows.length === 1
  },
})
