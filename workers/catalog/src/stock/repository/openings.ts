import type { Db } from '@shop/db'
import { claimEvents, confirmEvent, confirmEventByKey } from '@shop/db/outbox'
import { catalogOutbox } from '@shop/db/schema/catalog'
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { openingKey } from '../domain/adjust.ts'

/** The event of a new variant with opening stock. */
const STOCK_OPENING = 'stock.opening'

export type OpeningStock = { eventId: number; variantId: number; quantity: number; key: string }

/** Opening stocks that no stock object has confirmed. */
export const openingRepository = (db: Db) => ({
  /** Claims due openings; a claimed opening is due again after a while. */
  async claim(options: { limit: number; now: Date }): Promise<OpeningStock[]> {
    const events = await claimEvents(db, catalogOutbox, { ...options, kinds: [STOCK_OPENING] })
    return events.map(({ id, key, payload }) => {
      // Written by insertOpening and by nothing else.
      const { variantId, quantity } = payload as { variantId: number; quantity: number }
      return { eventId: id, variantId, quantity, key }
    })
  },

  async confirm({ eventId, now }: { eventId: number; now: Date }): Promise<void> {
    await confirmEvent(db, catalogOutbox, { id: eventId, now })
  },

  /** Confirms the opening of a product that was created just now. */
  async confirmOf({ variantId, now }: { variantId: number; now: Date }): Promise<void> {
    await confirmEventByKey(db, catalogOutbox, { kind: STOCK_OPENING, key: openingKey(variantId), now })
  },

  /** Openings that are not confirmed, due or not. */
  async countPending(): Promise<number> {
    return await db.$count(catalogOutbox, and(eq(catalogOutbox.kind, STOCK_OPENING), isNull(catalogOutbox.confirmedAt)))
  },
})

export type OpeningRepository = ReturnType<typeof openingRepository>

/** Statement for the batch of an insertion. The key is that of {@link openingKey}. */
export function insertOpening(
  db: Db,
  {
    variantId,
    quantity,
    createdAt,
    firstAttemptAt,
  }: {
    variantId: SQL<number>
    quantity: number
    createdAt: Date
    firstAttemptAt: Date
  },
) {
  return db.insert(catalogOutbox).values({
    kind: STOCK_OPENING,
    key: sql`'opening:' || ${variantId}`,
    payload: sql`jsonb_build_object('variantId', ${variantId}, 'quantity', ${quantity}::bigint)`,
    createdAt,
    nextAttemptAt: firstAttemptAt,
  })
}
