import type { CurrencyCode } from '@shop/kernel'

/** A product with its one variant: what is sold, priced and stocked. */
export type Product = {
  id: number
  variantId: number
  name: string
  description: string
  category: string | null
  imageUrl: string | null
  price: number
  currency: CurrencyCode
  /** Units that can be sold now, as last projected from the stock object. Nothing decides from it. */
  available: number
  /** From how few available units on stock is low; for staff. */
  lowStockThreshold: number | null
  createdAt: Date
  updatedAt: Date
}

export type ProductFields = Pick<
  Product,
  'name' | 'description' | 'category' | 'imageUrl' | 'price' | 'currency' | 'lowStockThreshold'
>

/** What an order needs to know of a product at the moment it is placed. Price in minor units. */
export type Quote = {
  productId: number
  variantId: number
  name: string
  category: string | null
  imageUrl: string | null
  price: number
  currency: CurrencyCode
}

/** The stock of a variant as its object sees it. `sequence` counts the changes, so that an older view never wins. */
export type StockLevel = { onHand: number; held: number; available: number; sequence: number }

/** Why staff move stock. */
export const ADJUSTMENT_REASONS = ['receive', 'correct', 'damage', 'return'] as const
export type AdjustmentReason = (typeof ADJUSTMENT_REASONS)[number]

/** Why what is on hand has moved: by staff, or `commit` for a sale and `undo` for one that was taken back. */
export const MOVEMENT_REASONS = [...ADJUSTMENT_REASONS, 'opening', 'set', 'commit', 'undo'] as const
export type MovementReason = (typeof MOVEMENT_REASONS)[number]

/** One line of a variant's ledger, which is never changed. */
export type Movement = {
  /** Names the movement among those of its variant; a sale's holds the order's id. */
  key: string
  reason: MovementReason
  /** What was asked for: a difference, or the level that was set. */
  requested: number
  delta: number
  /** On hand and held after it. */
  onHand: number
  held: number
  note: string | null
  /** The user who moved it; null when the shop did. */
  actor: string | null
  at: Date
}

/** A movement with its place in the ledger; places grow with time. */
export type StockLedgerEntry = Movement & { entry: number }

/**
 * What a stock object knows of a hold id. `sold`, `returned` (sold, then taken back) and `refused` (its hold was gone and
 * the units could not be had again) are kept for good; `released` and `expired` become `unknown` after 48 hours.
 */
export type HoldState = 'live' | 'released' | 'expired' | 'sold' | 'returned' | 'refused' | 'unknown'

/** `quantity` is 0 for what was never held; `expiresAt` is of a live hold, else null. */
export type FoundHold = {
  variantId: number
  holdId: string
  state: HoldState
  quantity: number
  expiresAt: Date | null
}
