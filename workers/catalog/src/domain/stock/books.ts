import type { Movement, StockLevel } from '@shop/contracts'
import type { Result } from '@shop/kernel'
import type { LowStock } from './low-stock.ts'

/** Units set aside for one order until `expiresAt`. A hold that became a sale is no longer a hold. */
export type Hold = {
  holdId: string
  /** 0 when the release came before the hold did. */
  quantity: number
  expiresAt: Date
  state: 'live' | 'released' | 'expired'
  endedAt: Date | null
}

/**
 * What became of a hold when its order was paid. Decided once and kept for good, so that a commit which runs again,
 * however late, gets the answer it got before.
 */
export type Sale = {
  holdId: string
  quantity: number
  /** `refused`: the hold was gone and the units could not be had again. `returned`: sold, then taken back. */
  outcome: 'sold' | 'returned' | 'refused'
  /** What was left when a sale was refused; else what was left after it. */
  available: number
  at: Date
}

/** What a decision has to be written down as. Parts that are absent stay as they are. */
export type StockChange = {
  level?: StockLevel
  hold?: Hold
  sale?: Sale
  movement?: Movement
  low?: LowStock
}

/** What to write and what to answer. A refusal may have something to write, too: a refused sale is remembered. */
export type Decision<T, F> = { answer: Result<T, F>; change: StockChange }

/** `repeated` is true when an earlier call had done it already. */
export type Done = { level: StockLevel; repeated: boolean }

export const EMPTY_STOCK: StockLevel = { onHand: 0, held: 0, available: 0, sequence: 0 }

/**
 * The level after a movement, one step further in the sequence.
 *
 * @throws RangeError when it would break the invariant (0 <= held <= on hand): the decision before it was wrong
 */
export function move(level: StockLevel, by: { onHand?: number; held?: number }): StockLevel {
  const onHand = level.onHand + (by.onHand ?? 0)
  const held = level.held + (by.held ?? 0)
  if (!Number.isSafeInteger(onHand) || held < 0 || held > onHand) {
    throw new RangeError(`Stock would be ${onHand} on hand with ${held} held`)
  }
  return { onHand, held, available: onHand - held, sequence: level.sequence + 1 }
}

export function unchanged<T, F>(answer: Result<T, F>): Decision<T, F> {
  return { answer, change: {} }
}
