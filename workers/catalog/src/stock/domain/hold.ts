import type { HoldConflict, HoldFailure, HoldGone } from '@shop/contracts/catalog/failures'
import type { FoundHold, InventoryPolicy } from '@shop/contracts/catalog/rpc'
import { fail, ok } from '@shop/kernel/result'
import { changeLevel, type StockLevel } from './level.ts'
import { type Decision, type Hold, type Sale, type StockApplied, type StockChange, unchanged } from './stock-change.ts'

/** The records of one hold id. Holds past `expiresAt` have been expired before. */
export type HoldRecord = { variantId: number; level: StockLevel; hold: Hold | undefined; sale: Sale | undefined }

export type HoldRequest = { holdId: string; quantity: number; expiresAt: Date }
export type ExtendRequest = { holdId: string; expiresAt: Date }

/** Reserves units. Repeating a live hold succeeds and reserves nothing more. */
export function decideHold(
  record: HoldRecord & { policy: InventoryPolicy },
  request: HoldRequest,
  now: Date,
): Decision<StockApplied, HoldFailure> {
  const { variantId, level, hold, policy } = record
  const { holdId, quantity, expiresAt } = request
  const ended = endOf(record)
  if (ended !== undefined) return unchanged(fail({ code: 'hold_conflict', variantId, holdId, reason: ended }))
  if (hold !== undefined) {
    if (hold.quantity === quantity) return unchanged(ok({ level, repeated: true }))
    return unchanged(fail({ code: 'hold_conflict', variantId, holdId, reason: 'other_quantity' }))
  }
  if (expiresAt <= now) return unchanged(fail({ code: 'hold_conflict', variantId, holdId, reason: 'expired' }))
  if (quantity > level.available && policy === 'deny') {
    return unchanged(fail({ code: 'out_of_stock', variantId, requested: quantity, available: level.available }))
  }
  const next = changeLevel(level, { held: quantity }, policy)
  return {
    answer: ok({ level: next, repeated: false }),
    change: { level: next, hold: { holdId, quantity, expiresAt, state: 'live', endedAt: null } },
  }
}

/** Extends `expiresAt` of a live hold; never shortens it. A committed hold has nothing to extend and succeeds. */
export function decideExtend(record: HoldRecord, request: ExtendRequest): Decision<StockLevel, HoldGone> {
  const { variantId, level, hold } = record
  const { holdId, expiresAt } = request
  const ended = endOf(record)
  if (ended === 'committed') return unchanged(ok(level))
  if (ended !== undefined) return unchanged(fail({ code: 'hold_gone', variantId, holdId, reason: ended }))
  if (hold === undefined) return unchanged(fail({ code: 'hold_gone', variantId, holdId, reason: 'never_held' }))
  if (expiresAt <= hold.expiresAt) return unchanged(ok(level))
  return { answer: ok(level), change: { hold: { ...hold, expiresAt } } }
}

/**
 * Makes held units available again. An unknown id is recorded as released: the release may have overtaken its hold, and
 * the hold must then be refused. A sale stays a sale.
 */
export function decideRelease(
  record: HoldRecord,
  { holdId }: { holdId: string },
  now: Date,
): Decision<StockLevel, never> {
  const { level, hold, sale } = record
  if (sale !== undefined || hold?.state === 'released') return unchanged(ok(level))
  if (hold === undefined) {
    const tombstone: Hold = { holdId, quantity: 0, expiresAt: now, state: 'released', endedAt: now }
    return { answer: ok(level), change: { hold: tombstone } }
  }
  const released: Hold = { ...hold, state: 'released', endedAt: now }
  if (hold.state === 'expired') return { answer: ok(level), change: { hold: released } }
  const next = changeLevel(level, { held: -hold.quantity })
  return { answer: ok(next), change: { level: next, hold: released } }
}

/** Ends a live hold that is past `expiresAt`. */
export function expire(level: StockLevel, hold: Hold): StockChange {
  return {
    level: changeLevel(level, { held: -hold.quantity }),
    hold: { ...hold, state: 'expired', endedAt: hold.expiresAt },
  }
}

/** The state of a hold id, for comparing orders with the stock. */
export function holdStateOf({
  hold,
  sale,
}: Pick<HoldRecord, 'hold' | 'sale'>): Omit<FoundHold, 'variantId' | 'holdId'> {
  if (sale !== undefined) return { state: sale.outcome, quantity: sale.quantity, expiresAt: null }
  if (hold === undefined) return { state: 'unknown', quantity: 0, expiresAt: null }
  return { state: hold.state, quantity: hold.quantity, expiresAt: hold.state === 'live' ? hold.expiresAt : null }
}

/** How a hold id has ended, so that it can hold nothing any more; undefined when it is new or its hold is live. */
export function endOf({ hold, sale }: HoldRecord): Exclude<HoldConflict['reason'], 'other_quantity'> | undefined {
  if (sale?.outcome === 'sold') return 'committed'
  if (sale?.outcome === 'returned') return 'released'
  if (sale?.outcome === 'refused') return 'expired'
  return hold === undefined || hold.state === 'live' ? undefined : hold.state
}
