import type { StockLevel } from '@shop/contracts'
import { and, eq, gt, inArray, isNull, lt, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { claimEvents, confirmEvent, confirmEventByKey, pruneEvents } from '../../outbox.ts'
import { catalogOutbox, variants } from '../../schema/catalog.ts'
import { openingKey, STOCK_OPENING } from './product-writes.ts'

/** What is to be listed of a variant, and the falls to its threshold that are to be told of. */
export type ProjectedStock = Pick<StockLevel, 'available' | 'sequence'> & { variantId: number; low: LowStock[] }
export type LowStock = { sequence: number; available: number; threshold: number; at: Date }

const STOCK_LOW = 'stock.low'

/**
 * Writes what is listed as available, unless a level at least as new is there, and announces stock that has become low,
 * each fall once. One statement for all.
 *
 * @param stocks of different variants
 */
export async function projectStocks(db: Db, stocks: ProjectedStock[]): Promise<void> {
  const levels = stocks.map(({ variantId, available, sequence }) => ({ variantId, available, sequence }))
  const falls = stocks.flatMap(({ variantId, low }) => low.map((fall) => ({ variantId, ...fall })))
  await db.execute(sql`${falls.length === 0 ? sql`` : sql`with told as (${announceLowStock(falls)})`}
    update ${variants} v set available = stock.available, stock_sequence = stock.sequence
    from jsonb_to_recordset(${JSON.stringify(levels)}::jsonb) as stock("variantId" bigint, available bigint, sequence bigint)
    where v.id = stock."variantId" and v.stock_sequence < stock.sequence`)
}

function announceLowStock(falls: (LowStock & { variantId: number })[]) {
  return sql`
    insert into ${catalogOutbox} (kind, key, payload, created_at, next_attempt_at)
    select ${STOCK_LOW}, fall->>'variantId' || ':' || (fall->>'sequence'), fall - 'sequence', (fall->>'at')::timestamptz,
           (fall->>'at')::timestamptz
    from jsonb_array_elements(${JSON.stringify(falls)}::jsonb) fall
    on conflict (kind, key) do nothing`
}

export type ListedStock = { variantId: number; productId: number; available: number; sequence: number }

/** What is listed of all variants, deleted products' too, by id from just after one; served by the primary key. */
export async function listStock(db: Db, page: { after: number; limit: number }): Promise<ListedStock[]> {
  return await db
    .select({
      variantId: variants.id,
      productId: variants.productId,
      available: variants.available,
      sequence: variants.stockSequence,
    })
    .from(variants)
    .where(gt(variants.id, page.after))
    .orderBy(variants.id)
    .limit(page.limit)
}

/**
 * Lists levels in place of what was read, also over a higher sequence. What has changed since it was read is left alone:
 * the WHERE clause is the lock.
 *
 * @returns the variants that were rewritten
 */
export async function rewriteStock(
  db: Db,
  changes: { listed: ListedStock; level: Pick<StockLevel, 'available' | 'sequence'> }[],
): Promise<number[]> {
  if (changes.length === 0) return []
  const rows = changes.map(({ listed, level }) => ({
    id: listed.variantId,
    was_available: listed.available,
    was_sequence: listed.sequence,
    available: level.available,
    sequence: level.sequence,
  }))
  const { rows: rewritten } = await db.execute<{ id: string }>(sql`
    update ${variants} v set available = stock.available, stock_sequence = stock.sequence
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as stock(
      id bigint, was_available bigint, was_sequence bigint, available bigint, sequence bigint)
    where v.id = stock.id and v.available = stock.was_available and v.stock_sequence = stock.was_sequence
    returning v.id`)
  return rewritten.map(({ id }) => Number(id))
}

export type OpeningStock = { eventId: number; variantId: number; quantity: number; key: string }

/** Opening stocks no object has confirmed yet. Those taken are not due again for a while. */
export async function claimOpenings(db: Db, options: { limit: number; now: Date }): Promise<OpeningStock[]> {
  const events = await claimEvents(db, catalogOutbox, { ...options, kinds: [STOCK_OPENING] })
  return events.map(({ id, key, payload }) => {
    // Written by insertProduct and by nothing else.
    const { variantId, quantity } = payload as { variantId: number; quantity: number }
    return { eventId: id, variantId, quantity, key }
  })
}

export async function confirmOpening(db: Db, opening: { eventId: number; now: Date }): Promise<void> {
  await confirmEvent(db, catalogOutbox, { id: opening.eventId, now: opening.now })
}

/** The same for the opening stock of a product that was created just now. */
export async function confirmOpeningOf(db: Db, opening: { variantId: number; now: Date }): Promise<void> {
  await confirmEventByKey(db, catalogOutbox, {
    kind: STOCK_OPENING,
    key: openingKey(opening.variantId),
    now: opening.now,
  })
}

const KEEP_FALLS_DAYS = 30
const PRUNE_BATCH = 1_000

/** Deletes events confirmed long ago, and falls of stock that nobody has asked for in a month: they are no news by then. */
export async function pruneCatalogEvents(db: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - KEEP_FALLS_DAYS * 24 * 3_600_000)
  const old = db
    .select({ id: catalogOutbox.id })
    .from(catalogOutbox)
    .where(
      and(
        eq(catalogOutbox.kind, STOCK_LOW),
        isNull(catalogOutbox.confirmedAt),
        // Nearly when it happened, and what the index outbox_due is sorted by.
        lt(catalogOutbox.nextAttemptAt, before),
      ),
    )
    .orderBy(catalogOutbox.nextAttemptAt)
    .limit(PRUNE_BATCH)
  const [confirmed, untold] = await Promise.all([
    pruneEvents(db, catalogOutbox, now),
    db.delete(catalogOutbox).where(inArray(catalogOutbox.id, old)).returning({ id: catalogOutbox.id }),
  ])
  return confirmed + untold.length
}

/** Opening stocks no object has confirmed yet, due or not. */
export async function countUnopened(db: Db): Promise<number> {
  return await db.$count(catalogOutbox, and(eq(catalogOutbox.kind, STOCK_OPENING), isNull(catalogOutbox.confirmedAt)))
}
