import type { StockLevel } from '../domain/level.ts'
import type { LowStock } from '../domain/low-stock.ts'
import type { MovementReason, StockLedgerEntry } from '../domain/movement.ts'
import type { Projection } from '../domain/projection.ts'
import type { Hold, Sale } from '../domain/stock-change.ts'

/** `on_hand` is never below `held`: `oversold` is to be taken off it. */
type LevelRow = { on_hand: number; held: number; sequence: number; oversold: number }
type ProjectionRow = { due_at: number | null; failures: number }
export type HoldRow = {
  hold_id: string
  quantity: number
  expires_at: number
  state: Hold['state']
  ended_at: number | null
}
type SaleRow = { hold_id: string; quantity: number; outcome: Sale['outcome']; available: number; at: number }
export type LedgerRow = {
  entry: number
  key: string
  reason: MovementReason
  requested: number
  delta: number
  on_hand: number
  held: number
  note: string | null
  actor: string | null
  at: number
}
export type LowStockRow = { sequence: number; available: number; threshold: number; at: number }

export function toLevel({ on_hand, held, sequence, oversold }: LevelRow): StockLevel {
  const onHand = on_hand - oversold
  return { onHand, held, available: onHand - held, sequence }
}

export function toProjection({ due_at, failures }: ProjectionRow): Projection {
  return { dueAt: toInstant(due_at), failures }
}

export function toHold({ hold_id, quantity, expires_at, state, ended_at }: HoldRow): Hold {
  return { holdId: hold_id, quantity, expiresAt: new Date(expires_at), state, endedAt: toInstant(ended_at) }
}

export function toSale({ hold_id, quantity, outcome, available, at }: SaleRow): Sale {
  return { holdId: hold_id, quantity, outcome, available, at: new Date(at) }
}

export function toEntry({ on_hand, at, ...row }: LedgerRow): StockLedgerEntry {
  return { ...row, onHand: on_hand, at: new Date(at) }
}

export function toLowStock({ at, ...row }: LowStockRow): LowStock {
  return { ...row, at: new Date(at) }
}

export const toInstant = (milliseconds: number | null) => (milliseconds === null ? null : new Date(milliseconds))
