import { type AdjustmentConflict, fail, ok, type StockBelowHeld, type StockLevel } from '@shop/contracts'
import { type Adjustment, type Decision, move, unchanged } from './books.ts'

/** What the books say of one adjustment key. */
export type AdjustmentRecord = { level: StockLevel; known: Adjustment | undefined }

/** Adds units (or takes them away, never below what is held). The same key and delta again change nothing. */
export function decideAdjust(
  record: AdjustmentRecord,
  request: { delta: number; reason: string; key: string },
  now: Date,
): Decision<StockLevel, StockBelowHeld | AdjustmentConflict> {
  const { delta, reason, key } = request
  return decide(record, { key, kind: 'adjust', requested: delta, delta, reason, at: now })
}

/** Sets what is on hand, held units included; refused below those. */
export function decideSetOnHand(
  record: AdjustmentRecord,
  request: { onHand: number; key: string },
  now: Date,
): Decision<StockLevel, StockBelowHeld | AdjustmentConflict> {
  const { onHand, key } = request
  const delta = onHand - record.level.onHand
  return decide(record, { key, kind: 'set', requested: onHand, delta, reason: 'set', at: now })
}

/**
 * Adds the opening stock of a new product.
 *
 * @param record.wasSet true when somebody has set the level before the opening got here: what he set holds, and the
 *   opening is only noted
 */
export function decideOpen(
  record: AdjustmentRecord & { wasSet: boolean },
  request: { quantity: number; key: string },
  now: Date,
): Decision<StockLevel, StockBelowHeld | AdjustmentConflict> {
  const { quantity, key } = request
  const delta = record.wasSet ? 0 : quantity
  return decide(record, { key, kind: 'open', requested: quantity, delta, reason: 'opening', at: now })
}

function decide(
  { level, known }: AdjustmentRecord,
  adjustment: Adjustment,
): Decision<StockLevel, StockBelowHeld | AdjustmentConflict> {
  if (known !== undefined) {
    const same = known.kind === adjustment.kind && known.requested === adjustment.requested
    return unchanged(same ? ok(level) : fail({ code: 'adjustment_conflict', key: adjustment.key }))
  }
  if (level.available + adjustment.delta < 0) return unchanged(fail({ code: 'stock_below_held', held: level.held }))
  if (adjustment.delta === 0) return { answer: ok(level), change: { adjustment } }
  const next = move(level, { onHand: adjustment.delta })
  return { answer: ok(next), change: { level: next, adjustment } }
}
