import type { Db } from '@shop/db/client'
import { factors, recoveryCodes } from '@shop/db/schema/users-factors'
import type { FactorId, UserId } from '@shop/kernel/ids'
import { and, asc, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { endingStatement } from '../../sessions/repository/end.ts'
import type { AnsweredChallenge } from '../domain/challenge.ts'
import { MAX_FACTORS, type PasskeyFactor, type StoredFactor, type TotpFactor } from '../domain/factor.ts'
import { spentCte } from './challenges.ts'
import { firstCodesCte } from './recovery-codes.ts'
import { confirmedCount, toFactor, toInstant } from './rows.ts'
import { factorEvent, removedFactorsCtes } from './statements.ts'

/** The factors of an account in the order they were added. Index: factors_user. */
export const selectFactors = (db: Db, userId: UserId | SQL) =>
  db.select().from(factors).where(eq(factors.userId, userId)).orderBy(asc(factors.id))

/** Adding and removing factors. Each is one statement, together with its event. */
export const factorRepository = (db: Db) => ({
  async list(userId: UserId): Promise<{ factors: StoredFactor[]; recoveryCodesLeft: number }> {
    const unused = db
      .select({ left: sql<number>`count(*)::int` })
      .from(recoveryCodes)
      .where(and(eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt)))
    const [rows, [codes]] = await db.batch([selectFactors(db, userId), unused])
    return { factors: rows.map(toFactor), recoveryCodesLeft: codes?.left ?? 0 }
  },

  /**
   * Saves an app that is still to be confirmed, instead of one before it that never was.
   *
   * @returns false when the account has as many factors as it can have
   */
  async saveUnconfirmed({ id, userId, name, createdAt, sealed }: TotpFactor): Promise<boolean> {
    const { rows } = await db.execute(sql`
      insert into ${factors} (id, user_id, type, name, created_at, sealed_secret, sealing_key_id, last_step)
      select ${id}, ${userId}, 'totp', ${name ?? null}, ${toInstant(createdAt)}, ${sealed.text}, ${sealed.keyId}, 0
      where ${confirmedCount(userId)} < ${MAX_FACTORS}
      on conflict (user_id) where confirmed_at is null do update
        set id = excluded.id, name = excluded.name, created_at = excluded.created_at,
            sealed_secret = excluded.sealed_secret, sealing_key_id = excluded.sealing_key_id, last_step = 0
      returning id`)
    return rows.length === 1
  },

  /**
   * Confirms an app, and saves recovery codes unless the account has some.
   *
   * @returns whether the codes were saved, or undefined when somebody confirmed the app meanwhile
   */
  async confirm(
    factor: TotpFactor,
    confirmed: { step: number; codeHashes: string[]; now: Date },
  ): Promise<{ savedCodes: boolean } | undefined> {
    const now = toInstant(confirmed.now)
    const { rows } = await db.execute<{ saved: boolean }>(sql`
      with changed as (
        update ${factors} set confirmed_at = ${now}, last_used_at = ${now}, last_step = ${confirmed.step}
        where id = ${factor.id} and confirmed_at is null and last_step < ${confirmed.step}
        returning id, user_id, type),
      ${firstCodesCte(confirmed.codeHashes, now)}, ${factorEvent('factor.added', now)}
      select exists (select from codes) as saved from changed`)
    return rows[0] && { savedCodes: rows[0].saved }
  },

  /**
   * Adds a passkey, and saves recovery codes unless the account has some.
   *
   * @returns whether the codes were saved, or why there is no new passkey: its challenge was answered before, it belongs to
   * an account already, or the account has as many factors as it can have
   */
  async addPasskey(
    { id, userId, name, createdAt, passkey }: PasskeyFactor,
    answer: { challenge: AnsweredChallenge; codeHashes: string[] },
  ): Promise<{ savedCodes: boolean } | 'void' | 'too_many'> {
    const now = toInstant(createdAt)
    const { credentialId, publicKey, signCount, transports, isBackedUp } = passkey
    const { rows } = await db.execute<{ added: boolean; saved: boolean; full: boolean }>(sql`
      with ${spentCte(answer.challenge)},
      counted as (select ${confirmedCount(userId)} >= ${MAX_FACTORS} as is_full),
      changed as (
        insert into ${factors} (id, user_id, type, name, created_at, confirmed_at, credential_id, public_key, sign_count,
                                transports, is_backed_up)
        select ${id}, ${userId}, 'passkey', ${name ?? null}, ${now}, ${now}, ${credentialId}, ${publicKey},
               ${signCount}::bigint, ${JSON.stringify(transports)}::jsonb, ${isBackedUp}::boolean
        from spent, counted where not is_full
        on conflict (credential_id) do nothing
        returning id, user_id, type),
      ${firstCodesCte(answer.codeHashes, now)}, ${factorEvent('factor.added', now)}
      select exists (select from changed) as added, exists (select from codes) as saved,
             exists (select from spent) and is_full as full
      from counted`)
    const [row] = rows
    if (row?.added === true) return { savedCodes: row.saved }
    return row?.full === true ? 'too_many' : 'void'
  },

  /**
   * Removes a factor; with the last one that is confirmed the recovery codes go, too.
   *
   * @returns false when the account has no such factor
   */
  async remove({ id, userId }: { id: FactorId; userId: UserId }, now: Date): Promise<boolean> {
    const { rows } = await db.execute(sql`
      with changed as (
        delete from ${factors} where id = ${id} and user_id = ${userId} returning id, user_id, type, confirmed_at),
      codes as (
        delete from ${recoveryCodes} where user_id in (select user_id from changed) and not exists (
          select from ${factors} where user_id = ${userId} and id <> ${id} and confirmed_at is not null)),
      ${factorEvent('factor.removed', toInstant(now), sql`changed where confirmed_at is not null`)}
      select id from changed`)
    return rows.length === 1
  },

  /**
   * Removes every factor of an account with its recovery codes, and ends its sessions and the sign-ins that wait for a factor, in
   * one batch.
   *
   * @returns how many factors that were confirmed
   */
  async removeAll(userId: UserId, now: Date): Promise<number> {
    const removed = sql`
      with ${removedFactorsCtes(sql`select ${userId}::text`, toInstant(now))}
      select id from gone where confirmed_at is not null`
    const [{ rows }] = await db.batch([
      db.execute(removed),
      db.execute(endingStatement({ userId }, { reason: 'factors_changed', now })),
    ])
    return rows.length
  },
})
