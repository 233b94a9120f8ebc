import type { Db } from '@shop/db'
import { claimEvents, confirmEventByKey } from '@shop/db/outbox'
import { catalogOutbox, products } from '@shop/db/schema/catalog'
import { and, inArray, isNull, sql } from 'drizzle-orm'
import type { Announcement } from './domain/announcement.ts'

/** The event of any change that invalidates kept answers. */
const CATALOG_CHANGED = 'catalog.changed'

/** Changes of the catalogue that are not known to have invalidated the kept answers. */
export const changeRepository = (db: Db) => ({
  /**
   * Claims due changes; a claimed change is due again after a while.
   *
   * @returns the ids of their events
   */
  async claim(options: { limit: number; now: Date }): Promise<number[]> {
    const events = await claimEvents(db, catalogOutbox, { ...options, kinds: [CATALOG_CHANGED] })
    return events.map(({ id }) => id)
  },

  async confirmAll({ eventIds, now }: { eventIds: number[]; now: Date }): Promise<void> {
    await db
      .update(catalogOutbox)
      .set({ confirmedAt: now })
      .where(and(inArray(catalogOutbox.id, eventIds), isNull(catalogOutbox.confirmedAt)))
  },

  /** Confirms a change that was made just now. */
  async confirm({ key, now }: { key: string; now: Date }): Promise<void> {
    await confirmEventByKey(db, catalogOutbox, { kind: CATALOG_CHANGED, key, now })
  },
})

export type ChangeRepository = ReturnType<typeof changeRepository>

/** Statement for the batch of an insertion, which always changes something. */
export function announceInsert(db: Db, { key, firstAttemptAt }: Announcement, now: Date) {
  return db
    .insert(catalogOutbox)
    .values({ kind: CATALOG_CHANGED, key, payload: {}, createdAt: now, nextAttemptAt: firstAttemptAt })
}

/**
 * Statement for the batch of an update or deletion of a product: announces the change if the statement before it wrote `at`
 * to `column`.
 */
export function announceUpdate(
  db: Db,
  { key, firstAttemptAt }: Announcement,
  written: { id: number; column: 'updatedAt' | 'deletedAt'; at: Date },
) {
  const createdAt = written.at.toISOString()
  return db.execute(sql`
    insert into ${catalogOutbox} (kind, key, payload, created_at, next_attempt_at)
    select ${CATALOG_CHANGED}, ${key}, '{}'::jsonb, ${createdAt}::timestamptz, ${firstAttemptAt.toISOString()}::timestamptz
    from ${products}
    where ${products.id} = ${written.id} and ${products[written.column]} = ${createdAt}::timestamptz
    on conflict (kind, key) do nothing`)
}
