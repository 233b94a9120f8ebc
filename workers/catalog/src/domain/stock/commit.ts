import type { HoldConflict, HoldFailure, HoldGone, Movement, StockLevel } from '@shop/contracts'
import { fail, ok } from '@shop/kernel'
import { type Decision, type Done, move, type Sale, unchanged } from './books.ts'
import { type HoldRecord, spentReason } from './hold.ts'

type Commit = { holdId: string; quantity: number }

/** Sells what is held. The same commit again succeeds and sells nothing more. */
export function decideCommit(record: HoldRecord, request: Commit, now: Date): Decision<Done, HoldGone | HoldConflict> {
  const { variantId, level, hold, sale } = record
  const { holdId, quantity } = request
  const spent = spentReason(record)
  if (spent === 'committed' && sale?.quantity === quantity) return unchanged(ok({ level, repeated: true }))
  if (spent === 'committed') return unchanged(otherQuantity(variantId, holdId))
  if (spent !== undefined) return unchanged(fail({ code: 'hold_gone', variantId, holdId, reason: spent }))
  if (hold === undefined) return unchanged(fail({ code: 'hold_gone', variantId, holdId, reason: 'never_held' }))
  if (hold.quantity !== quantity) return unchanged(otherQuantity(variantId, holdId))
  return sell(move(level, { onHand: -quantity, held: -quantity }), request, now)
}

/**
 * Sells units whose hold has expired, from what is available now. A refusal is final: were it decided afresh, a second
 * run of the same payment could sell units to an order that the first run has cancelled.
 */
export function decideLateCommit(record: HoldRecord, request: Commit, now: Date): Decision<Done, HoldFailure> {
  const { variantId, level, hold, sale } = record
  const { holdId, quantity } = request
  if (sale?.outcome === 'refused') {
    return unchanged(fail({ code: 'out_of_stock', variantId, requested: sale.quantity, available: sale.available }))
  }
  const spent = spentReason(record)
  if (spent === 'released') return unchanged(fail({ code: 'hold_conflict', variantId, holdId, reason: 'released' }))
  if (spent === 'committed') {
    return unchanged(sale?.quantity === quantity ? ok({ level, repeated: true }) : otherQuantity(variantId, holdId))
  }
  if (hold?.state === 'live') {
    if (hold.quantity !== quantity) return unchanged(otherQuantity(variantId, holdId))
    return sell(move(level, { onHand: -quantity, held: -quantity }), request, now)
  }
  if (quantity <= level.available) return sell(move(level, { onHand: -quantity }), request, now)
  const refused: Sale = { holdId, quantity, outcome: 'refused', available: level.available, at: now }
  return {
    answer: fail({ code: 'out_of_stock', variantId, requested: quantity, available: level.available }),
    change: { sale: refused },
  }
}

/** Takes a sale back into stock. What was never sold, or is back already, has nothing to return. */
export function decideReturn(record: HoldRecord, request: { holdId: string }, now: Date): Decision<StockLevel, never> {
  const { variantId, level, sale } = record
  if (sale?.outcome !== 'sold') return unchanged(ok(level))
  const next = move(level, { onHand: sale.quantity })
  const movement = movementTo(next, {
    key: `${request.holdId}:${variantId}:undo`,
    reason: 'undo',
    requested: sale.quantity,
    delta: sale.quantity,
    at: now,
  })
  return { answer: ok(next), change: { level: next, sale: { ...sale, outcome: 'returned' }, movement } }
}

function sell(level: StockLevel, { holdId, quantity }: Commit, now: Date): Decision<Done, never> {
  const sale: Sale = { holdId, quantity, outcome: 'sold', available: level.available, at: now }
  const key = `commit:${holdId}`
  const movement = movementTo(level, { key, reason: 'commit', requested: quantity, delta: -quantity, at: now })
  return { answer: ok({ level, repeated: false }), change: { level, sale, movement } }
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
