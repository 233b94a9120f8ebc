import type { AdjustmentConflict, StockBelowHeld, StockChanged } from '@shop/contracts/catalog/failures'
import type { InventoryPolicy } from '@shop/contracts/catalog/rpc'
import { fail, ok, type Result } from '@shop/kernel/result'
import { changeLevel, type StockLevel } from './level.ts'
import type { AdjustmentReason, Movement } from './movement.ts'
import { type Decision, unchanged } from './stock-change.ts'

/** The level, the movement that was made with the adjustment's key before, and whether stock may be below zero. */
export type AdjustmentRecord = { level: StockLevel; known: Movement | undefined; policy: InventoryPolicy }

/** `actor` is the user who asks; absent for the shop itself. */
export type AdjustRequest = {
  delta: number
  reason: AdjustmentReason
  note?: string | undefined
  actor?: string | undefined
  key: string
}
/** `available` is how many units can be bought from then on; `expected` is what the writer saw, if they say so. */
export type WantedStock = { available: number; expected?: number | undefined }
export type SetAvailableRequest = WantedStock & { actor?: string | undefined; key: string }

/** The movement as it was first made; `repeated` is true when an earlier call made it. */
export type Adjusted = { movement: Movement; repeated: boolean }

/** Stock goes below zero by sales and adjustments only; it cannot be set so. */
export type StockBelowZero = { code: 'stock_below_zero' }
export type AdjustFailure = StockBelowHeld | AdjustmentConflict
type NewMovement = Pick<Movement, 'key' | 'reason' | 'requested' | 'delta'> & Pick<AdjustRequest, 'note' | 'actor'>

/** Adds or removes units, never below what is held unless the policy allows it. Repeating an adjustment changes nothing. */
export function decideAdjust(
  record: AdjustmentRecord,
  request: AdjustRequest,
  now: Date,
): Decision<Adjusted, AdjustFailure> {
  return decide(record, { ...request, requested: request.delta }, now)
}

/**
 * Whether setting the stock changes it. A figure that is available already changes nothing, and neither does one that the
 * writer left as they saw it, whatever was sold since. Refused when other units are available than the writer saw, and
 * below zero: there nothing can be set, only left.
 */
export function wouldSet(
  { available: present }: Pick<StockLevel, 'available'>,
  { available, expected }: WantedStock,
  policy: InventoryPolicy,
): Result<boolean, StockChanged | StockBelowZero> {
  if (available < 0 && policy === 'deny') return fail({ code: 'stock_below_zero' })
  if (available === present || available === expected) return ok(false)
  if (expected !== undefined && expected !== present) return fail({ code: 'stock_changed', stockQuantity: present })
  return available < 0 ? fail({ code: 'stock_below_zero' }) : ok(true)
}

/** Sets the units that can be bought; those on hand become as many more as are held. See {@link wouldSet}. */
export function decideSetAvailable(
  record: AdjustmentRecord,
  { key, actor, ...wanted }: SetAvailableRequest,
  now: Date,
): Decision<StockLevel, AdjustFailure | StockChanged | StockBelowZero> {
  const { level, known, policy } = record
  const sets = known === undefined ? wouldSet(level, wanted, policy) : ok(true)
  if (!sets.ok) return unchanged(sets)
  if (!sets.value) return unchanged(ok(level))
  const { available: requested } = wanted
  const delta = requested - level.available
  return levelOf(record, decide(record, { key, reason: 'set', requested, delta, actor }, now))
}

function decide(
  { level, known, policy }: AdjustmentRecord,
  request: NewMovement,
  at: Date,
): Decision<Adjusted, AdjustFailure> {
  const { key, reason, requested, delta, note = null, actor = null } = request
  if (known !== undefined) {
    return unchanged(
      isSame(known, request) ? ok({ movement: known, repeated: true }) : fail({ code: 'adjustment_conflict', key }),
    )
  }
  const { held, onHand } = level
  // Units that arrive are never refused, even where they do not make up for all that was sold.
  const isBelowHeld = delta < 0 && level.available + delta < 0
  if (isBelowHeld && policy === 'deny') return unchanged(fail({ code: 'stock_below_held', held, onHand }))
  const next = delta === 0 ? level : changeLevel(level, { onHand: delta }, policy)
  const movement: Movement = { key, reason, requested, delta, onHand: next.onHand, held, note, actor, at }
  const change = delta === 0 ? { movement } : { level: next, movement }
  return { answer: ok({ movement, repeated: false }), change }
}

/** The key contains the caller already, so only the request is compared. */
function isSame(known: Movement, { reason, requested, note }: NewMovement): boolean {
  return known.reason === reason && known.requested === requested && known.note === (note ?? null)
}

function levelOf(
  { level }: AdjustmentRecord,
  { answer, change }: Decision<Adjusted, AdjustFailure>,
): Decision<StockLevel, AdjustFailure> {
  return { answer: answer.ok ? ok(change.level ?? level) : answer, change }
}
