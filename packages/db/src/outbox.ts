import { and, eq, inArray, isNotNull, isNull, lte, type SQL, sql } from 'drizzle-orm'
import type { Db } from './client.ts'
import type { outboxTable } from './schema/outbox.ts'

export type OutboxTable = ReturnType<typeof outboxTable>

/** An event as its consumer sees it. `payload` is what the service itself wrote, so its type follows from `kind`. */
export type OutboxEvent<P = unknown> = { id: number; kind: string; key: string; payload: P; createdAt: Date }

const FIRST_RETRY_SECONDS = 5
const LONGEST_RETRY_SECONDS = 60

/** When a row that has been tried `attempts` times is due again: doubling from 5 s, at most 1 min. */
function retryAfter(now: Date, attempts: OutboxTable['attempts']): SQL {
  return sql`${now.toISOString()}::timestamptz + least(${LONGEST_RETRY_SECONDS}, ${FIRST_RETRY_SECONDS} * 2 ^ least(${attempts}, 10)) * interval '1 second'`
}

/**
 * Takes due events and pushes their next attempt back, so that two dispatchers at once do not send the same ones.
 * An event whose dispatcher died comes again by itself.
 */
export async function claimEvents(
  db: Db,
  table: OutboxTable,
  options: { kinds: string[]; limit: number; now: Date },
): Promise<OutboxEvent[]> {
  const due = db
    .select({ id: table.id })
    .from(table)
    .where(and(isNull(table.confirmedAt), inArray(table.kind, options.kinds), lte(table.nextAttemptAt, options.now)))
    .orderBy(table.nextAttemptAt, table.id)
    .limit(options.limit)
    .for('update', { skipLocked: true })
  const claimed = await db
    .update(table)
    .set({ attempts: sql`${table.attempts} + 1`, nextAttemptAt: retryAfter(options.now, table.attempts) })
    .where(inArray(table.id, due))
    .returning({ id: table.id, kind: table.kind, key: table.key, payload: table.payload, createdAt: table.createdAt })
  return claimed.sort((a, b) => a.id - b.id)
}

/** Marks an event done. Confirming twice keeps the first time. */
export async function confirmEvent(db: Db, table: OutboxTable, event: { id: number; now: Date }): Promise<void> {
  await db
    .update(table)
    .set({ confirmedAt: event.now })
    .where(and(eq(table.id, event.id), isNull(table.confirmedAt)))
}

/** The same, for a dispatcher that knows the event by its name because it has just written it. */
export async function confirmEventByKey(
  db: Db,
  table: OutboxTable,
  event: { kind: string; key: string; now: Date },
): Promise<void> {
  await db
    .update(table)
    .set({ confirmedAt: event.now })
    .where(and(eq(table.kind, event.kind), eq(table.key, event.key), isNull(table.confirmedAt)))
}

const KEEP_CONFIRMED_DAYS = 7

/** A sweep deletes so many at most, so that it ends in time after a long pause. */
const PRUNE_BATCH = 1_000

/** Deletes events that were confirmed more than a week ago, oldest first, served by the index outbox_confirmed. */
export async function pruneEvents(db: Db, table: OutboxTable, now: Date): Promise<number> {
  const before = new Date(now.getTime() - KEEP_CONFIRMED_DAYS * 24 * 3_600_000)
  const old = db
    .select({ id: table.id })
    .from(table)
    .where(and(isNotNull(table.confirmedAt), lte(table.confirmedAt, before)))
    .orderBy(table.confirmedAt)
    .limit(PRUNE_BATCH)
  const pruned = await db.delete(table).where(inArray(table.id, old)).returning({ id: table.id })
  return pruned.length
}
