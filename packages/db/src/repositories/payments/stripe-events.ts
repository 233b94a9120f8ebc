import type { EventFlag, FlaggedEvent } from '@shop/contracts'
import { and, desc, inArray, isNotNull, isNull, lt, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { stripeEvents } from '../../schema/payments.ts'

export type StoredEvent = {
  id: string
  type: string
  intentId: string | null
  outcome: 'applied' | 'ignored' | 'flagged'
  flag: EventFlag | null
  payload: unknown
  createdAt: Date
  receivedAt: Date
}

/** Keeps an event, once. */
export async function keepEvent(db: Db, event: StoredEvent): Promise<void> {
  await db.insert(stripeEvents).values(event).onConflictDoNothing({ target: stripeEvents.id })
}

/** The insert that keeps an event, to be a part of the statement that does what it says; one row where it is new. */
export function keepingEvent(event: Omit<StoredEvent, 'outcome' | 'flag'>, outcome: SQL, flag: SQL): SQL {
  return sql`
    insert into ${stripeEvents} (id, type, intent_id, outcome, flag, payload, created_at, received_at)
    select ${event.id}, ${event.type}, ${event.intentId}, ${outcome}, ${flag}, ${JSON.stringify(event.payload)}::jsonb,
           ${event.createdAt.toISOString()}::timestamptz, ${event.receivedAt.toISOString()}::timestamptz
    on conflict (id) do nothing
    returning id`
}

/** Events that contradict what the shop knows, newest first, by the index stripe_events_flagged. */
export async function flaggedEvents(
  db: Db,
  page: { after: { receivedAt: string; id: string } | undefined; limit: number },
): Promise<FlaggedEvent[]> {
  const { after } = page
  const { id, type, flag, intentId, createdAt, receivedAt } = stripeEvents
  const rows = await db
    .select({ id, type, flag, intentId, createdAt, receivedAt })
    .from(stripeEvents)
    .where(and(isNotNull(flag), after && sql`(${receivedAt}, ${id}) < (${after.receivedAt}::timestamptz, ${after.id})`))
    .orderBy(desc(receivedAt), desc(id))
    .limit(page.limit)
  return rows.flatMap((row) => (row.flag === null ? [] : [{ ...row, flag: row.flag }]))
}

/** Three times as long as Stripe can send an event again. */
const KEEP_DAYS = 90
const PRUNE_BATCH = 1_000

/** Deletes old events, oldest first by the index stripe_events_age. Those that were flagged are kept. */
export async function pruneStripeEvents(db: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - KEEP_DAYS * 24 * 3_600_000)
  const old = db
    .select({ id: stripeEvents.id })
    .from(stripeEvents)
    .where(and(isNull(stripeEvents.flag), lt(stripeEvents.receivedAt, before)))
    .orderBy(stripeEvents.receivedAt)
    .limit(PRUNE_BATCH)
  const pruned = await db.delete(stripeEvents).where(inArray(stripeEvents.id, old)).returning({ id: stripeEvents.id })
  return pruned.length
}
