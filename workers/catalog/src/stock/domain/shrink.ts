import { ok } from '@shop/kernel/result'
import { decideReturn } from './commit.ts'
import { decideRelease, type HoldRecord } from './hold.ts'
import { changeLevel, type StockLevel } from './level.ts'
import type { Movement } from './movement.ts'
import { type Decision, unchanged } from './stock-change.ts'

/** `quantity` is what is left of the hold, or of its sale; 0 or more. */
export type ShrinkRequest = { holdId: string; quantity: number }

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
    const movement: Movement = {
      ...{ key: `${holdId}:${variantId}:shrink:${quantity}`, reason: 'undo', requested: returned, delta: returned },
      ...{ onHand: next.onHand, held: next.held, note: null, actor: null, at: now },
    }
    return { answer: ok(next), change: { level: next, sale: { ...sale, quantity }, movement } }
  }
  if (sale !== undefined || hold?.state !== 'live' || hold.quantity <= quantity) return unchanged(ok(level))
  if (quantity === 0) return decideRelease(record, request, now)
  const next = changeLevel(level, { held: quantity - hold.quantity })
  return { answer: ok(next), change: { level: next, hold: { ...hold, quantity } } }
}
