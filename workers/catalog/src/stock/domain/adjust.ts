import type { AdjustmentConflict, StockBelowHeld, StockChanged } from '@shop/contracts/catalog/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import { changeLevel, type StockLevel } from './level.ts'
import type { AdjustmentReason, Movement } from './movement.ts'
import { type Decision, unchanged } from './stock-change.ts'

/** The level, and the movement that was made with the adjustment's key before. */
export type AdjustmentRecord = { level: StockLevel; known: Movement | undefined }

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
export type OpenRequest = { quantity: number; key: string }

/** The key of the opening movement of a variant. */
export const openingKey = (variantId: number) => `opening:${variantId}`

/** The movement as it was first made; `repeated` is true when an earlier call made it. */
export type Adjusted = { movement: Movement; repeated: boolean }

export type AdjustFailure = StockBelowHeld | AdjustmentConflict
type NewMovement = Pick<Movement, 'key' | 'reason' | 'requested' | 'delta'> & Pick<AdjustRequest, 'note' | 'actor'>

/** Adds or removes units, never below what is held. Repeating an adjustment changes nothing. */
export function decideAdjust(
  record: AdjustmentRecord,
  request: AdjustRequest,
  now: Date,
): Decision<Adjusted, AdjustFailure> {
  return decide(record, { ...request, requested: request.delta }, now)
}

/**
 * Whether setting the stock changes it. A figure that is available already changes nothing, and neither does one that the
 * writer left as they saw it, whatever was sold since. Refused when other units are available than the writer saw.
 */
export function wouldSet(
  { available: present }: Pick<StockLevel, 'available'>,
  { available, expected }: WantedStock,
): Result<boolean, StockChanged> {
  if (available === present || available === expected) return ok(false)
  const isStale = expected !== undefined && expected !== present
  return isStale ? fail({ code: 'stock_changed', stockQuantity: present }) : ok(true)
}

/** Sets the units that can be bought; those on hand become as many more as are held. See {@link wouldSet}. */
export function decideSetAvailable(
  record: AdjustmentRecord,
  { key, actor, ...wanted }: SetAvailableRequest,
  now: Date,
): Decision<StockLevel, AdjustFailure | StockChanged> {
  const { level, known } = record
  const sets = known === undefined ? wouldSet(level, wanted) : ok(true)
  if (!sets.ok) return unchanged(sets)
  if (!sets.value) return unchanged(ok(level))
  const { available: requested } = wanted
  const delta = requested - level.available
  return levelOf(record, decide(record, { key, reason: 'set', requested, delta, actor }, now))
}

/**
 * Adds the opening stock of a new product.
 *
 * @param record.wasSet true when staff have set the level before the opening arrived: their level stands, and the opening
 *   is recorded with a delta of 0
 */
export function decideOpen(
  record: AdjustmentRecord & { wasSet: boolean },
  { quantity, key }: OpenRequest,
  now: Date,
): Decision<StockLevel, AdjustFailure> {
  const delta = record.wasSet ? 0 : quantity
  return levelOf(record, decide(record, { key, reason: 'opening', requested: quantity, delta }, now))
}

function decide({ level, known }: AdjustmentRecord, request: NewMovement, at: Date): Decision<Adjusted, AdjustFailure> {
  const { key, reason, requested, delta, note = null, actor = null } = request
  if (known !== undefined) {
    return unchanged(
      isSame(known, request) ? ok({ movement: known, repeated: true }) : fail({ code: 'adjustment_conflict', key }),
    )
  }
  const { held, onHand } = level
  if (level.available + delta < 0) return unchanged(fail({ code: 'stock_below_held', held, onHand }))
  const next = delta === 0 ? level : changeLevel(level, { onHand: delta })
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
