import { LIMITS } from '@shop/contracts/limits'
import type { Db } from '@shop/db/client'
import { addSeconds } from '@shop/kernel/time'
import { sql } from 'drizzle-orm'
import { counted } from '../../access/repository.ts'

/** How often codes of gift cards are tried, by client address. */
export const codeAttemptRepository = (db: Db) => ({
  /**
   * Counts the codes that an address entered, before they are looked up. One statement, so that concurrent requests never exceed the
   * quota.
   *
   * @param key a hash of the address
   */
  async count(key: string, codes: number, { quota, now }: { quota: number; now: Date }): Promise<CodeAttempts> {
    const at = sql`${now.toISOString()}::timestamptz`
    const { rows } = await db.execute<{ requests: number; since: string }>(
      counted(sql`values (${key}::text, ${codes}::int, ${at})`, now),
    )
    const [row] = rows
    if (row === undefined) throw new Error('An attempt was not counted')
    return {
      isAllowed: row.requests <= quota,
      resetsAt: addSeconds(new Date(row.since), LIMITS.giftCardCode.windowSeconds),
    }
  },
})

export type CodeAttempts = { isAllowed: boolean; resetsAt: Date }
