/** Reasons staff give for an adjustment. */
export const ADJUSTMENT_REASONS = ['receive', 'correct', 'damage', 'return'] as const
export type AdjustmentReason = (typeof ADJUSTMENT_REASONS)[number]

/**
 * Reasons of a movement: those of staff, `opening` for the opening stock, `set` for an update of the product, `commit` for
 * a sale and `undo` for a sale that was reversed.
 */
export const MOVEMENT_REASONS = [...ADJUSTMENT_REASONS, 'opening', 'set', 'commit', 'undo'] as const
export type MovementReason = (typeof MOVEMENT_REASONS)[number]

/** A change of the units on hand: one immutable line of a variant's ledger. */
export type Movement = {
  /** Unique within the variant; the key of a sale contains the order id. */
  key: string
  reason: MovementReason
  /** What was asked for: the difference, or the available units that were set. */
  requested: number
  delta: number
  /** On hand and held after the movement. */
  onHand: number
  held: number
  note: string | null
  /** The user who made the movement; null for the shop itself. */
  actor: string | null
  at: Date
}

/** A movement with its position in the ledger; positions grow with time. */
export type StockLedgerEntry = Movement & { entry: number }
