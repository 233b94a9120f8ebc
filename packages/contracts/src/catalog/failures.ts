import type { AccessFailure } from '../caller.ts'
import type { InvalidAmount } from '../money.ts'
import type { InvalidCursor } from '../pagination.ts'

export type ProductNotFound = { code: 'product_not_found'; productId: number }
/** `available` is what is left for this caller to take. */
export type OutOfStock = { code: 'out_of_stock'; variantId: number; requested: number; available: number }
/** The id was used before for another quantity, or its hold has ended: a bug or a very late retry, never a success. */
export type HoldConflict = {
  code: 'hold_conflict'
  variantId: number
  holdId: string
  reason: 'other_quantity' | 'released' | 'committed' | 'expired'
}
export type HoldGone = {
  code: 'hold_gone'
  variantId: number
  holdId: string
  reason: 'never_held' | 'released' | 'expired'
}
export type StockBelowHeld = { code: 'stock_below_held'; held: number; onHand: number }
export type AdjustmentConflict = { code: 'adjustment_conflict'; key: string }

export type HoldFailure = OutOfStock | HoldConflict
export type CatalogFailure =
  | AccessFailure
  | InvalidAmount
  | InvalidCursor
  | ProductNotFound
  | HoldFailure
  | HoldGone
  | StockBelowHeld
  | AdjustmentConflict
