import type { Db } from '@shop/db'
import { pruneEvents } from '@shop/db/outbox'
import { catalogOutbox } from '@shop/db/schema/catalog'
import { and, eq, inArray, isNull, lt } from 'drizzle-orm'
import { STOCK_LOW } from './projection.ts'

const KEEP_LOW_STOCK_DAYS = 30
const PRUNE_BATCH = 1_000

/** Deletes events confirmed long ago, and low-stock events that nobody has read in a month. */
export const eventRepository = (db: Db) => ({
  /** @returns how many were deleted */
  async prune(now: Date): Promise<number> {
    const [confirmed, unread] = await Promise.all([pruneEvents(db, catalogOutbox, now), pruneLowStock(db, now)])
    return confirmed + unread
  },
})

export type EventRepository = ReturnType<typeof eventRepository>

async function pruneLowStock(db: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - KEEP_LOW_STOCK_DAYS * 24 * 3_600_000)
  const old = db
    .select({ id: catalogOutbox.id })
    .from(catalogOutbox)
    .where(
      and(
        eq(catalogOutbox.kind, STOCK_LOW),
        isNull(catalogOutbox.confirmedAt),
        // Close to the time of the fall, and the sort key of the index outbox_due.
        lt(catalogOutbox.nextAttemptAt, before),
      ),
    )
    .orderBy(catalogOutbox.nextAttemptAt)
    .limit(PRUNE_BATCH)
  const deleted = await db
    .delete(catalogOutbox)
    .where(inArray(catalogOutbox.id, old))
    .returning({ id: catalogOutbox.id })
  return deleted.length
}
