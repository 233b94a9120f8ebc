import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { claimEvents, confirmEventByKey } from '../../outbox.ts'
import { catalogOutbox, products } from '../../schema/catalog.ts'

/** Says that what was read of the catalogue before may not be right any more. */
const CATALOG_CHANGED = 'catalog.changed'

/** How a change is announced: under a key of its own, taken up by the sweep from `firstAttemptAt` on. */
export type Announcement = { key: string; firstAttemptAt: Date }

/** For the batch of an insertion, which always changes something. */
export function announceNew(db: Db, { key, firstAttemptAt }: Announcement, now: Date) {
  return db
    .insert(catalogOutbox)
    .values({ kind: CATALOG_CHANGED, key, payload: {}, createdAt: now, nextAttemptAt: firstAttemptAt })
}

/** For the batch of a change of a product: announces it if the statement before it has written `at` to the product. */
export function announceWritten(
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

/** Changes nobody has confirmed to have told on. Those taken are not due again for a while. */
export async function claimChanges(db: Db, options: { limit: number; now: Date }): Promise<number[]> {
  const events = await claimEvents(db, catalogOutbox, { ...options, kinds: [CATALOG_CHANGED] })
  return events.map(({ id }) => id)
}

export async function confirmChanges(db: Db, { eventIds, now }: { eventIds: number[]; now: Date }): Promise<void> {
  await db
    .update(catalogOutbox)
    .set({ confirmedAt: now })
    .where(and(inArray(catalogOutbox.id, eventIds), isNull(catalogOutbox.confirmedAt)))
}

/** The same for a change that was made just now. */
export async function confirmChange(db: Db, { key, now }: { key: string; now: Date }): Promise<void> {
  await confirmEventByKey(db, catalogOutbox, { kind: CATALOG_CHANGED, key, now })
}

/** Changes nobody has confirmed yet, due or not. */
export async function countUnannounced(db: Db): Promise<number> {
  return await db.$count(catalogOutbox, and(eq(catalogOutbox.kind, CATALOG_CHANGED), isNull(catalogOutbox.confirmedAt)))
}
