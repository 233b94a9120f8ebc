import type { ErasureQueue } from '@shop/contracts/users/erasure'
import type { UserId } from '@shop/kernel/ids'
import { and, asc, eq, inArray, isNull, lte, sql } from 'drizzle-orm'
import { index, type PgSchema, text } from 'drizzle-orm/pg-core'
import type { Db } from './client.ts'
import { instant } from './schema/columns.ts'

/** Accounts that were erased, in a service that may have something left of the person. */
export const erasuresTable = (schema: PgSchema) =>
  schema.table(
    'erasures',
    {
      userId: text('user_id').primaryKey(),
      requestedAt: instant('requested_at').notNull(),
      /** When there may be more to erase. */
      nextAt: instant('next_at').notNull(),
      /** When nothing was left, and nothing more could come. */
      endedAt: instant('ended_at'),
    },
    (table) => [index('erasures_due').on(table.nextAt).where(sql`ended_at is null`)],
  )

export type ErasuresTable = ReturnType<typeof erasuresTable>

/** The erasures of one service, over its own connection. */
export const erasureQueue = (db: Db, erasures: ErasuresTable): ErasureQueue => ({
  async request(userId, now) {
    await db.insert(erasures).values({ userId, requestedAt: now, nextAt: now }).onConflictDoNothing()
  },

  /** Index: erasures_due. */
  async claimDue({ now, leaseUntil, limit }) {
    const due = db
      .select({ userId: erasures.userId })
      .from(erasures)
      .where(and(isNull(erasures.endedAt), lte(erasures.nextAt, now)))
      .orderBy(asc(erasures.nextAt))
      .limit(limit)
      .for('update', { skipLocked: true })
    const claimed = await db
      .update(erasures)
      .set({ nextAt: leaseUntil })
      .where(inArray(erasures.userId, due))
      .returning({ userId: erasures.userId, requestedAt: erasures.requestedAt })
    // Only ids of users are written.
    return claimed.map(({ userId, requestedAt }) => ({ userId: userId as UserId, requestedAt }))
  },

  async postpone(userId, nextAt) {
    await db.update(erasures).set({ nextAt }).where(eq(erasures.userId, userId))
  },

  async end(userId, now) {
    await db.update(erasures).set({ endedAt: now }).where(eq(erasures.userId, userId))
  },
})
