import { and, eq, gt, isNull, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { claimEvents, confirmEventByKey } from '../../outbox.ts'
import { catalogOutbox, products, variants } from '../../schema/catalog.ts'
import type { Announcement } from './changes.ts'

/** Says that a stock object has to hear of its threshold; which one that is, is read when it is told. */
const STOCK_WATCH = 'stock.watch'

/** For the batch of an insertion. */
export function announceWatch(db: Db, variantId: SQL<number>, change: Announcement, now: Date) {
  return db.insert(catalogOutbox).values({
    kind: STOCK_WATCH,
    key: change.key,
    payload: sql`jsonb_build_object('variantId', ${variantId})`,
    createdAt: now,
    nextAttemptAt: change.firstAttemptAt,
  })
}

/** For the batch of an update of a product: announces it if the statement before it has written `updatedAt`. */
export function announceWatchOf(
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

/** A threshold and how often it has been changed, so that an object knows the newest. */
export type Watch = { variantId: number; threshold: number | null; version: number }

/** The thresholds as they are now of those variants whose objects may not have heard of them. */
export async function claimWatches(
  db: Db,
  options: { limit: number; now: Date },
): Promise<{ key: string; watch: Watch }[]> {
  const events = await claimEvents(db, catalogOutbox, { ...options, kinds: [STOCK_WATCH] })
  const found = await Promise.all(
    events.map(async ({ key, payload }) => {
      // Written by the two announcements above and by nothing else.
      const { variantId } = payload as { variantId: number }
      return { key, watch: await readWatch(db, variantId) }
    }),
  )
  return found.flatMap(({ key, watch }) => (watch === undefined ? [] : [{ key, watch }]))
}

export async function readWatch(db: Db, variantId: number): Promise<Watch | undefined> {
  const [watch] = await db
    .select({ variantId: variants.id, threshold: variants.lowStockThreshold, version: variants.lowStockVersion })
    .from(variants)
    .where(eq(variants.id, variantId))
  return watch
}

export async function confirmWatch(db: Db, { key, now }: { key: string; now: Date }): Promise<void> {
  await confirmEventByKey(db, catalogOutbox, { kind: STOCK_WATCH, key, now })
}

export type LowStockRow = { productId: number; name: string; available: number; threshold: number }

/** Products that are low as listed, by id from just after one; served by the index variants_low. */
export async function listLowStock(db: Db, page: { after: number; limit: number }): Promise<LowStockRow[]> {
  const rows = await db
    .select({
      productId: variants.productId,
      name: products.name,
      available: variants.available,
      threshold: variants.lowStockThreshold,
    })
    .from(variants)
    .innerJoin(products, eq(products.id, variants.productId))
    .where(
      and(
        sql`${variants.available} <= ${variants.lowStockThreshold}`,
        gt(variants.productId, page.after),
        isNull(products.deletedAt),
      ),
    )
    .orderBy(variants.productId)
    .limit(page.limit)
  // Where there is no threshold nothing is below it.
  return rows.map((row) => ({ ...row, threshold: row.threshold ?? 0 }))
}
