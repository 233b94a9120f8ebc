import type { MovementReason, StockLedgerEntry } from '@shop/contracts'
import type { Hold, Sale } from '../domain/stock/books.ts'

export type HoldRow = {
  hold_id: string
  quantity: number
  expires_at: number
  state: Hold['state']
  ended_at: number | null
}
export type SaleRow = { hold_id: string; quantity: number; outcome: Sale['outcome']; available: number; at: number }
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

export function toHold(row: HoldRow): Hold {
  return {
    holdId: row.hold_id,
    quantity: row.quantity,
    expiresAt: new Date(row.expires_at),
    state: row.state,
    endedAt: toInstant(row.ended_at),
  }
}

export function toSale({ hold_id, quantity, outcome, available, at }: SaleRow): Sale {
  return { holdId: hold_id, quantity, outcome, available, at: new Date(at) }
}

export function toEntry({ on_hand, at, ...row }: LedgerRow): StockLedgerEntry {
  return { ...row, onHand: on_hand, at: new Date(at) }
}

export const toInstant = (milliseconds: number | null) => (milliseconds === null ? null : new Date(milliseconds))
