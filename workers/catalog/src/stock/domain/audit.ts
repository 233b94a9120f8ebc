import type { StockTerms } from '@shop/contracts/catalog/rpc'
import type { StockLevel } from './level.ts'

/** The stock of a variant as Postgres lists it. */
export type ListedStock = {
  variantId: number
  productId: number
  sku: string | null
  available: number
  terms: StockTerms
}

/** The totals a stock object computes from its own storage. */
export type StockAudit = {
  level: StockLevel
  /** The sum of all movements. */
  moved: number
  /** The sum of all live holds. */
  held: number
  /** True while a change of the object is still to be projected to the listing. */
  isListingDue: boolean
  /** True when the object has no stock, though it has listed some before. */
  isLost: boolean
}

/**
 * - `listing`: Postgres lists another figure than is available, or a sequence that no later level could replace. The
 *   object is right.
 * - `lost`: the object has no record of stock that it has listed before.
 * - `books`: the object's level is not the sum of its ledger or of its holds.
 */
export type InventoryMismatch = 'listing' | 'lost' | 'books'

/** Compares the listing, read a moment ago, with the object as it is now. A projection that is still due is no mismatch. */
export function mismatchOf(
  listed: ListedStock,
  { level, moved, held, isListingDue, isLost }: StockAudit,
): InventoryMismatch | undefined {
  if (isLost) return 'lost'
  if (moved !== level.onHand || held !== level.held) return 'books'
  const isAhead = listed.terms.sequence > level.sequence
  return isAhead || (listed.available !== level.available && !isListingDue) ? 'listing' : undefined
}

/** True when writing the level would change the listing. A lost object has nothing to list. */
export function differsFromListing(
  listed: ListedStock,
  { level: { available, sequence }, isLost }: Pick<StockAudit, 'level' | 'isLost'>,
): boolean {
  return !isLost && (listed.available !== available || listed.terms.sequence !== sequence)
}
