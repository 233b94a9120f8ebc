import type { SuppressionReason } from '@shop/contracts/notifications/states'
import type { Db } from '@shop/db/client'
import { suppressions } from '@shop/db/schema/notifications'
import { eq } from 'drizzle-orm'

export type SuppressionRepository = ReturnType<typeof suppressionRepository>

export const suppressionRepository = (db: Db) => ({
  async find(addressHash: string): Promise<SuppressionReason | undefined> {
    const [row] = await db.select().from(suppressions).where(eq(suppressions.addressHash, addressHash))
    return row?.reason
  },

  /** Stops all mail to addresses. One that is suppressed already keeps its first reason. */
  async add(addressHashes: string[], reason: SuppressionReason, now: Date): Promise<void> {
    if (addressHashes.length === 0) return
    await db
      .insert(suppressions)
      .values(addressHashes.map((addressHash) => ({ addressHash, reason, createdAt: now })))
      .onConflictDoNothing()
  },
})
