import type { AdjustmentConflict, AdjustmentReason, Movement, StockBelowHeld, StockLevel } from '@shop/contracts'
import { fail, ok } from '@shop/kernel'
import { type Decision, move, unchanged } from './books.ts'

/** What the books say of one adjustment key. */
export type AdjustmentRecord = { level: StockLevel; known: Movement | undefined }

/** `actor` is the user who asks; absent when the shop does. */
export type Adjust = {
  delta: number
  reason: AdjustmentReason
  note?: string | undefined
  actor?: string | undefined
  key: string
}
export type SetOnHand = { onHand: number; actor?: string | undefined; key: string }
/** The movement as it was made first; `repeated` is true when an earlier call had made it. */
export type Adjusted = { movement: Movement; repeated: boolean }

type Refusal = StockBelowHeld | AdjustmentConflict
type Request = Pick<Movement, 'key' | 'reason' | 'requested' | 'delta'> & Pick<Adjust, 'note' | 'actor'>

/** Adds units (or takes them away, never below what is held). The same adjustment again changes nothing. */
export function decideAdjust(record: AdjustmentRecord, request: Adjust, now: Date): Decision<Adjusted, Refusal> {
  return decide(record, { ...request, requested: request.delta }, now)
}

/** Sets what is on hand, held units included; refused below those. */
export function decideSetOnHand(
  record: AdjustmentRecord,
  request: SetOnHand,
  now: Date,
): Decision<StockLevel, Refusal> {
  const { onHand, actor, key } = request
  const delta = onHand - record.level.onHand
  return levelOf(record, decide(record, { key, reason: 'set', requested: onHand, delta, actor }, now))
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
): Decision<StockLevel, Refusal> {
  const { quantity, key } = request
  const delta = record.wasSet ? 0 : quantity
  const opening = { key, reason: 'opening', requested: quantity, delta } as const
  return levelOf(record, decide(record, opening, now))
}

function decide({ level, known }: AdjustmentRecord, request: Request, at: Date): Decision<Adjusted, Refusal> {
  if (known !== undefined) {
    return unchanged(
      isSame(known, request)
        ? ok({ movement: known, repeated: true })
        : fail({ code: 'adjustment_conflict', key: request.key }),
    )
  }
  const { held, onHand } = level
  if (level.available + request.delta < 0) return unchanged(fail({ code: 'stock_below_held', held, onHand }))
  const next = request.delta === 0 ? level : move(level, { onHand: request.delta })
  const movement: Movement = {
    key: request.key,
    reason: request.reason,
    requested: request.requested,
    delta: request.delta,
    onHand: next.onHand,
    held,
    note: request.note ?? null,
    actor: request.actor ?? null,
    at,
  }
  const change = request.delta === 0 ? { movement } : { level: next, movement }
  return { answer: ok({ movement, repeated: false }), change }
}

/** The key names the caller already, so what counts is what was asked for. */
function isSame(known: Movement, { reason, requested, note }: Request): boolean {
  return known.reason === reason && known.requested === requested && known.note === (note ?? null)
}

function levelOf(
  { level }: AdjustmentRecord,
  { answer, change }: Decision<Adjusted, Refusal>,
): Decision<StockLevel, Refusal> {
  return { answer: answer.ok ? ok(change.level ?? level) : answer, change }
}
