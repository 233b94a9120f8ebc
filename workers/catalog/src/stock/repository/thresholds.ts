import type { Db } from '@shop/db'
import { claimEvents, confirmEventByKey } from '@shop/db/outbox'
import { catalogOutbox, products, variants } from '@shop/db/schema/catalog'
import { eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Announcement } from '../../caching/domain/announcement.ts'
import type { LowStockThreshold } from '../domain/low-stock.ts'

/** The event of a new threshold. The threshold itself is read when the event is handled. */
const STOCK_WATCH = 'stock.watch'

export type VariantThreshold = LowStockThreshold & { variantId: number }

/** Low-stock thresholds, and which of them a stock object has not confirmed. */
export const thresholdRepository = (db: Db) => ({
  async find(variantId: number): Promise<VariantThreshold | undefined> {
    const [threshold] = await db.select(columns).from(variants).where(eq(variants.id, variantId))
    return threshold
  },

  /** Claims due changes, with the thresholds as they are now; a claimed change is due again after a while. */
  async claim(options: { limit: number; now: Date }): Promise<{ key: string; threshold: VariantThreshold }[]> {
    const events = await claimEvents(db, catalogOutbox, { ...options, kinds: [STOCK_WATCH] })
    if (events.length === 0) return []
    // Written by the two statements below and by nothing else.
    const claimed = events.map(({ key, payload }) => ({ key, ...(payload as { variantId: number }) }))
    const ids = claimed.map(({ variantId }) => variantId)
    const thresholds = await db.select(columns).from(variants).where(inArray(variants.id, ids))
    const byVariant = new Map(thresholds.map((threshold) => [threshold.variantId, threshold]))
    return claimed.flatMap(({ key, variantId }) => {
      const threshold = byVariant.get(variantId)
      return threshold === undefined ? [] : [{ key, threshold }]
    })
  },

  async confirm({ key, now }: { key: string; now: Date }): Promise<void> {
    await confirmEventByKey(db, catalogOutbox, { kind: STOCK_WATCH, key, now })
  },
})

export type ThresholdRepository = ReturnType<typeof thresholdRepository>

const columns = {
  variantId: variants.id,
  threshold: variants.lowStockThreshold,
  version: variants.lowStockVersion,
}

/** Statement for the batch of an insertion. */
export function insertThresholdEvent(db: Db, variantId: SQL<number>, { key, firstAttemptAt }: Announcement, now: Date) {
  return db.insert(catalogOutbox).values({
    kind: STOCK_WATCH,
    key,
    payload: sql`jsonb_build_object('variantId', ${variantId})`,
    createdAt: now,
    nextAttemptAt: firstAttemptAt,
  })
}

/** Statement for the batch of an update of a product: adds the event if the statement before it wrote `updatedAt`. */
export function insertThresholdEventOf(
  db: Db,
  { id, change, updatedAt }: { id: number; change: Announcement; updatedAt: Date },
) {
  const now = updatedAt.toISOString()
  return db.execute(sql`
    insert into ${catalogOutbox} (kind, key, payload, created_at, next_attempt_at)
    select ${STOCK_WATCH}, ${change.key}, jsonb_build_object('variantId', v.id), ${now}::timestamptz,
           ${change.firstAttemptAt.toISOString()}::timestamptz
    from ${variants} v join ${products} p on p.id = v.product_id
    where p.id = ${id} and p.updated_at = ${now}::timestamptz
    on conflict (kind, key) do nothing`)
}
