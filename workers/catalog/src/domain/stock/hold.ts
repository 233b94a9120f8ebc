import type { FoundHold, HoldConflict, HoldFailure, HoldGone, StockLevel } from '@shop/contracts'
import { fail, ok } from '@shop/kernel'
import { type Decision, type Done, type Hold, move, type Sale, type StockChange, unchanged } from './books.ts'

/** What the books say of one hold id; holds past their time have been expired before. */
export type HoldRecord = { variantId: number; level: StockLevel; hold: Hold | undefined; sale: Sale | undefined }

/** Takes units off sale. The same hold again, while it lives, succeeds and takes nothing more. */
export function decideHold(
  record: HoldRecord,
  request: { holdId: string; quantity: number; expiresAt: Date },
  now: Date,
): Decision<Done, HoldFailure> {
  const { variantId, level, hold } = record
  const { holdId, quantity, expiresAt } = request
  const spent = spentReason(record)
  if (spent !== undefined) return unchanged(fail({ code: 'hold_conflict', variantId, holdId, reason: spent }))
  if (hold !== undefined) {
    if (hold.quantity === quantity) return unchanged(ok({ level, repeated: true }))
    return unchanged(fail({ code: 'hold_conflict', variantId, holdId, reason: 'other_quantity' }))
  }
  if (expiresAt <= now) return unchanged(fail({ code: 'hold_conflict', variantId, holdId, reason: 'expired' }))
  if (quantity > level.available) {
    return unchanged(fail({ code: 'out_of_stock', variantId, requested: quantity, available: level.available }))
  }
  const next = move(level, { held: quantity })
  return {
    answer: ok({ level: next, repeated: false }),
    change: { level: next, hold: { holdId, quantity, expiresAt, state: 'live', endedAt: null } },
  }
}

/** Moves the end of a live hold, never to an earlier time. The units of a sale are kept anyway. */
export function decideExtend(
  record: HoldRecord,
  request: { holdId: string; expiresAt: Date },
): Decision<StockLevel, HoldGone> {
  const { variantId, level, hold } = record
  const { holdId, expiresAt } = request
  const spent = spentReason(record)
  if (spent === 'committed') return unchanged(ok(level))
  if (spent !== undefined) return unchanged(fail({ code: 'hold_gone', variantId, holdId, reason: spent }))
  if (hold === undefined) return unchanged(fail({ code: 'hold_gone', variantId, holdId, reason: 'never_held' }))
  if (expiresAt <= hold.expiresAt) return unchanged(ok(level))
  return { answer: ok(level), change: { hold: { ...hold, expiresAt } } }
}

/**
 * Puts the units back on sale. An id never seen is noted as released: the release may have overtaken its hold, which
 * must not succeed afterwards. A sale stays a sale.
 */
export function decideRelease(record: HoldRecord, request: { holdId: string }, now: Date): Decision<StockLevel, never> {
  const { level, hold, sale } = record
  const { holdId } = request
  if (sale !== undefined || hold?.state === 'released') return unchanged(ok(level))
  if (hold === undefined) {
    const tombstone: Hold = { holdId, quantity: 0, expiresAt: now, state: 'released', endedAt: now }
    return { answer: ok(level), change: { hold: tombstone } }
  }
  const released: Hold = { ...hold, state: 'released', endedAt: now }
  if (hold.state === 'expired') return { answer: ok(level), change: { hold: released } }
  const next = move(level, { held: -hold.quantity })
  return { answer: ok(next), change: { level: next, hold: released } }
}

/** Ends a live hold whose time is over. */
export function expire(level: StockLevel, hold: Hold): StockChange {
  return {
    level: move(level, { held: -hold.quantity }),
    hold: { ...hold, state: 'expired', endedAt: hold.expiresAt },
  }
}

/** What became of an id, for whoever compares orders with the stock. */
export function stateOf({ hold, sale }: Pick<HoldRecord, 'hold' | 'sale'>): Omit<FoundHold, 'variantId' | 'holdId'> {
  if (sale !== undefined) return { state: sale.outcome, quantity: sale.quantity, expiresAt: null }
  if (hold === undefined) return { state: 'unknown', quantity: 0, expiresAt: null }
  return { state: hold.state, quantity: hold.quantity, expiresAt: hold.state === 'live' ? hold.expiresAt : null }
}

/** Why an id cannot hold anything any more; undefined when it is fresh or its hold lives. */
export function spentReason({ hold, sale }: HoldRecord): Exclude<HoldConflict['reason'], 'other_quantity'> | undefined {
  if (sale?.outcome === 'sold') return 'committed'
  if (sale?.outcome === 'returned') return 'released'
  if (sale?.outcome === 'refused') return 'expired'
  return hold === undefined || hold.state === 'live' ? undefined : hold.state
}
