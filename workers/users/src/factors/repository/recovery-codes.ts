import type { Db } from '@shop/db/client'
import { factors, recoveryCodes } from '@shop/db/schema/users-factors'
import type { UserId } from '@shop/kernel/ids'
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { toInstant } from './rows.ts'

/**
 * Statement part: the CTE `codes`, which saves codes for the account in the CTE `changed` unless it has some that are not
 * used.
 */
export const firstCodesCte = (codeHashes: string[], now: SQL): SQL => sql`
  codes as (
    insert into ${recoveryCodes} (code_hash, user_id, created_at)
    select code_hash, user_id, ${now} from changed, ${hashesIn(codeHashes)}
    where not exists (
      select from ${recoveryCodes} known where known.user_id = changed.user_id and known.used_at is null)
    returning code_hash)`

const hashesIn = (codeHashes: string[]): SQL =>
  sql`jsonb_array_elements_text(${JSON.stringify(codeHashes)}::jsonb) as hashed(code_hash)`

export const recoveryCodeRepository = (db: Db) => ({
  /**
   * Replaces all codes of an account.
   *
   * @returns false when it has no confirmed factor, and so needs none
   */
  async replace(userId: UserId, codeHashes: string[], now: Date): Promise<boolean> {
    const { rows } = await db.execute(sql`
      with owner as (
        select user_id from ${factors} where user_id = ${userId} and confirmed_at is not null limit 1),
      old as (delete from ${recoveryCodes} where user_id in (select user_id from owner))
      insert into ${recoveryCodes} (code_hash, user_id, created_at)
      select code_hash, user_id, ${toInstant(now)} from owner, ${hashesIn(codeHashes)}
      returning code_hash`)
    return rows.length > 0
  },

  /** Uses a code. @returns false when it is no code of the account, or used: of two at once, one wins */
  async use(userId: UserId, codeHash: string, now: Date): Promise<boolean> {
    const used = await db
      .update(recoveryCodes)
      .set({ usedAt: now })
      .where(and(eq(recoveryCodes.codeHash, codeHash), eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt)))
      .returning({ codeHash: recoveryCodes.codeHash })
    return used.length === 1
  },
})
