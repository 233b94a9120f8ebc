import type { AccessFailure } from '@shop/kernel/caller'
import type { KernelFailure, ProblemTable } from '@shop/kernel/failures'
import type { InvalidAmount } from '@shop/kernel/money'
import type { InvalidCursor } from '@shop/kernel/pagination'

export type ProductNotFound = { code: 'product_not_found'; productId: number }
/** `available` is what this caller could still get. */
export type OutOfStock = { code: 'out_of_stock'; variantId: number; requested: number; available: number }
/** The id was used for another quantity, or its hold has ended: a bug or a very late retry, never a success. */
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
/** Other units are available than the writer saw. `stockQuantity` is what is available now. */
export type StockChanged = { code: 'stock_changed'; stockQuantity: number }
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
  | StockChanged
  | AdjustmentConflict

export const CATALOG_PROBLEMS = {
  product_not_found: { status: 404, title: 'Product not found' },
  out_of_stock: { status: 409, title: 'Not enough in stock' },
  stock_below_held: { status: 409, title: 'The stock would be below what open orders hold' },
  stock_changed: { status: 409, title: 'The stock has changed since it was read' },
  hold_conflict: { status: 409, title: 'The stock hold cannot be used again' },
  hold_gone: { status: 409, title: 'The stock hold has ended' },
  adjustment_conflict: { status: 409, title: 'The adjustment key was used for another adjustment' },
} as const satisfies ProblemTable<Exclude<CatalogFailure, KernelFailure>>
