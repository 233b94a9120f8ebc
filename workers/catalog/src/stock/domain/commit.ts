import type { HoldConflict, HoldFailure, HoldGone } from '@shop/contracts/catalog/failures'
import type { InventoryPolicy } from '@shop/contracts/catalog/rpc'
import { fail, ok } from '@shop/kernel/result'
import { decideRelease, endOf, type HoldRecord } from './hold.ts'
import { changeLevel, type StockLevel } from './level.ts'
import type { Movement } from './movement.ts'
import { type Decision, type Sale, type StockApplied, unchanged } from './stock-change.ts'

export type CommitRequest = { holdId: string; quantity: number }
/** `quantity` is what is left of the hold, or of its sale; 0 or more. */
export type ShrinkRequest = { holdId: string; quantity: number }

/**
 * Sells held units. Repeating a commit succeeds and sells nothing more. Fewer units than are held are those of an order that was
 * made smaller: the others are available again.
 */
export function decideCommit(
  record: HoldRecord,
  request: CommitRequest,
  now: Date,
): Decision<StockApplied, HoldGone | HoldConflict> {
  const { variantId, level, hold, sale } = record
  const { holdId, quantity } = request
  const ended = endOf(record)
  if (ended === 'committed' && sale?.quantity === quantity) return unchanged(ok({ level, repeated: true }))
  if (ended === 'committed') return unchanged(otherQuantity(variantId, holdId))
  if (ended !== undefined) return unchanged(fail({ code: 'hold_gone', variantId, holdId, reason: ended }))
  if (hold === undefined) return unchanged(fail({ code: 'hold_gone', variantId, holdId, reason: 'never_held' }))
  if (hold.quantity < quantity) return unchanged(otherQuantity(variantId, holdId))
  return sell(changeLevel(level, { onHand: -quantity, held: -hold.quantity }), request, now)
}

/**
 * Sells units of an expired hold from what is available now. A refusal is final: deciding it again could sell units to an
 * order that an earlier run of the same payment has cancelled.
 */
export function decideLateCommit(
  record: HoldRecord & { policy: InventoryPolicy },
  request: CommitRequest,
  now: Date,
): Decision<StockApplied, HoldFailure> {
  const { variantId, level, hold, sale, policy } = record
  const { holdId, quantity } = request
  if (sale?.outcome === 'refused') {
    return unchanged(fail({ code: 'out_of_stock', variantId, requested: sale.quantity, available: sale.available }))
  }
  const ended = endOf(record)
  if (ended === 'released') return unchanged(fail({ code: 'hold_conflict', variantId, holdId, reason: 'released' }))
  if (ended === 'committed') {
    return unchanged(sale?.quantity === quantity ? ok({ level, repeated: true }) : otherQuantity(variantId, holdId))
  }
  if (hold?.state === 'live') {
    if (hold.quantity < quantity) return unchanged(otherQuantity(variantId, holdId))
    return sell(changeLevel(level, { onHand: -quantity, held: -hold.quantity }), request, now)
  }
  if (quantity > level.available && policy === 'deny') return refuse(record, request, now)
  return sell(changeLevel(level, { onHand: -quantity }, policy), request, now)
}

/** Reverses a sale. An id that was never sold, or was returned already, has nothing to return. */
export function decideReturn(
  record: HoldRecord,
  { holdId }: { holdId: string },
  now: Date,
): Decision<StockLevel, never> {
  const { variantId, level, sale } = record
  if (sale?.outcome !== 'sold') return unchanged(ok(level))
  const next = changeLevel(level, { onHand: sale.quantity })
  const movement = movementTo(next, {
    key: `${holdId}:${variantId}:undo`,
    reason: 'undo',
    requested: sale.quantity,
    delta: sale.quantity,
    at: now,
  })
  return { answer: ok(next), change: { level: next, sale: { ...sale, outcome: 'returned' }, movement } }
}

/**
 * Makes a hold, or a sale of it, smaller. One that is as small already, or has ended, stays as it is: so requests may be repeated,
 * and of several the smallest counts, in whatever order they arrive.
 */
export function decideShrink(record: HoldRecord, request: ShrinkRequest, now: Date): Decision<StockLevel, never> {
  const { variantId, level, hold, sale } = record
  const { holdId, quantity } = request
  if (sale?.outcome === 'sold' && sale.quantity > quantity) {
    if (quantity === 0) return decideReturn(record, request, now)
    const returned = sale.quantity - quantity
    const next = changeLevel(level, { onHand: returned })
    const movement = movementTo(next, {
      ...{ key: `${holdId}:${variantId}:shrink:${quantity}`, reason: 'undo', at: now },
      ...{ requested: returned, delta: returned },
    })
    return { answer: ok(next), change: { level: next, sale: { ...sale, quantity }, movement } }
  }
  if (sale !== undefined || hold?.state !== 'live' || hold.quantity <= quantity) return unchanged(ok(level))
  if (quantity === 0) return decideRelease(record, request, now)
  const next = changeLevel(level, { held: quantity - hold.quantity })
  return { answer: ok(next), change: { level: next, hold: { ...hold, quantity } } }
}

function sell(level: StockLevel, { holdId, quantity }: CommitRequest, now: Date): Decision<StockApplied, never> {
  const sale: Sale = { holdId, quantity, outcome: 'sold', available: level.available, at: now }
  const key = `commit:${holdId}`
  const movement = movementTo(level, { key, reason: 'commit', requested: quantity, delta: -quantity, at: now })
  return { answer: ok({ level, repeated: false }), change: { level, sale, movement } }
}

function refuse(
  { variantId, level: { available } }: HoldRecord,
  { holdId, quantity }: CommitRequest,
  now: Date,
): Decision<StockApplied, HoldFailure> {
  return {
    answer: fail({ code: 'out_of_stock', variantId, requested: quantity, available }),
    change: { sale: { holdId, quantity, outcome: 'refused', available, at: now } },
  }
}

function movementTo(
  { onHand, held }: StockLevel,
  movement: Pick<Movement, 'key' | 'reason' | 'requested' | 'delta' | 'at'>,
): Movement {
  return { ...movement, onHand, held, note: null, actor: null }
}

function otherQuantity(variantId: number, holdId: string) {
  return fail({ code: 'hold_conflict', variantId, holdId, reason: 'other_quantity' })
}
