import type { Result } from '@shop/kernel/result'
import type { StockLevel } from './level.ts'
import type { LowStock } from './low-stock.ts'
import type { Movement } from './movement.ts'

/** Units reserved for one order until `expiresAt`. A hold that became a sale is no longer a hold. */
export type Hold = {
  holdId: string
  /** 0 when the release arrived before the hold. */
  quantity: number
  expiresAt: Date
  state: 'live' | 'released' | 'expired'
  endedAt: Date | null
}

/**
 * The outcome of a hold whose order was paid. Decided once and kept for good, so that a repeated commit gets the same
 * answer, however late.
 */
export type Sale = {
  holdId: string
  quantity: number
  /** `refused`: the hold was gone and too few units were available. `returned`: sold, then reversed. */
  outcome: 'sold' | 'returned' | 'refused'
  /** Units available at the decision (`refused`) or after it. */
  available: number
  at: Date
}

/** What a decision writes. Absent parts stay as they are. */
export type StockChange = {
  level?: StockLevel
  hold?: Hold
  sale?: Sale
  movement?: Movement
  low?: LowStock
}

/** An answer and what to write with it. A refusal may write too: a refused sale is recorded. */
export type Decision<T, F> = { answer: Result<T, F>; change: StockChange }

/** The level after a request; `repeated` is true when an earlier call had the same effect. */
export type StockApplied = { level: StockLevel; repeated: boolean }

/** A decision that writes nothing. */
export function unchanged<T, F>(answer: Result<T, F>): Decision<T, F> {
  return { answer, change: {} }
}
