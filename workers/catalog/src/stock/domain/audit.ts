import type { StockLevel } from './level.ts'

/** The stock of a variant as Postgres lists it. */
export type ListedStock = { variantId: number; productId: number; available: number; sequence: number }

/** The totals a stock object computes from its own storage. */
export type StockAudit = {
  level: StockLevel
  /** The sum of all movements. */
  moved: number
  /** The sum of all live holds. */
  held: number
  /** True while a change of the object is still to be projected to the listing. */
  isListingDue: boolean
}

/**
 * - `listing`: Postgres lists another figure than is available, or a sequence that no later level could replace. The
 *   object is right.
 * - `lost`: the object has no record of stock that it has projected before.
 * - `books`: the object's level is not the sum of its ledger or of its holds.
 */
export type InventoryMismatch = 'listing' | 'lost' | 'books'

/**
 * Compares the listing, read a moment ago, with the object as it is now. A projection that is still due is no mismatch,
 * nor is an opening stock that has not reached the object yet.
 */
export function mismatchOf(
  listed: ListedStock,
  { level, moved, held, isListingDue }: StockAudit,
): InventoryMismatch | undefined {
  if (level.sequence === 0) return listed.sequence === 0 ? undefined : 'lost'
  if (moved !== level.onHand || held !== level.held) return 'books'
  const isAhead = listed.sequence > level.sequence
  return isAhead || (listed.available !== level.available && !isListingDue) ? 'listing' : undefined
}

/** True when writing the level would change the listing. An object without any change has nothing to list. */
export function differsFromListing(listed: ListedStock, { available, sequence }: StockLevel): boolean {
  return sequence > 0 && (listed.available !== available || listed.sequence !== sequence)
}
