import type { Db } from '@shop/db/client'
import { stripeEvents } from '@shop/db/schema/payments'
import { addSeconds } from '@shop/kernel/time'
import { and, desc, inArray, isNotNull, isNull, lt, type SQL, sql } from 'drizzle-orm'
import type { FlaggedEvent, StoredEvent } from './domain/webhook-event.ts'

/** Three times the period in which Stripe may send an event again. */
const KEEP_SECONDS = 90 * 24 * 3_600
const PRUNE_BATCH = 1_000

export type WebhookEventRepository = ReturnType<typeof webhookEventRepository>

/** Events that Stripe has sent; each call is one round trip. */
export const webhookEventRepository = (db: Db) => ({
  /** Stores an event, once. */
  async store(event: StoredEvent): Promise<void> {
    await db.insert(stripeEvents).values(event).onConflictDoNothing({ target: stripeEvents.id })
  },

  /** Flagged events, newest first, by the index stripe_events_flagged. */
  async listFlagged(page: { after: { at: string; id: string } | undefined; limit: number }): Promise<FlaggedEvent[]> {
    const { after } = page
    const { id, type, flag, intentId, createdAt, receivedAt } = stripeEvents
    const rows = await db
      .select({ id, type, flag, intentId, createdAt, receivedAt })
      .from(stripeEvents)
      .where(and(isNotNull(flag), after && sql`(${receivedAt}, ${id}) < (${after.at}::timestamptz, ${after.id})`))
      .orderBy(desc(receivedAt), desc(id))
      .limit(page.limit)
    return rows.flatMap((row) => (row.flag === null ? [] : [{ ...row, flag: row.flag }]))
  },

  /** Deletes events after 90 days, oldest first by the index stripe_events_age. Flagged ones are kept. */
  async prune(now: Date): Promise<number> {
    const old = db
      .select({ id: stripeEvents.id })
      .from(stripeEvents)
      .where(and(isNull(stripeEvents.flag), lt(stripeEvents.receivedAt, addSeconds(now, -KEEP_SECONDS))))
      .orderBy(stripeEvents.receivedAt)
      .limit(PRUNE_BATCH)
    const pruned = await db.delete(stripeEvents).where(inArray(stripeEvents.id, old)).returning({ id: stripeEvents.id })
    return pruned.length
  },
})

/** The columns of an event as SQL; `where` says whether there is one. */
type EventValues = Record<keyof StoredEvent | 'where', SQL>

/** Statement part: the INSERT that stores an event with its effect; it returns one row if the event is new. */
export const insertEvent = (event: EventValues): SQL => sql`
  insert into ${stripeEvents} (id, type, intent_id, outcome, flag, payload, created_at, received_at)
  select ${event.id}, ${event.type}, ${event.intentId}, ${event.outcome}, ${event.flag}, ${event.payload},
         ${event.createdAt}, ${event.receivedAt}
  where ${event.where}
  on conflict (id) do nothing
  returning id`
