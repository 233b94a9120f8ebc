import type { StockLevel } from '@shop/contracts'

/** What Postgres lists of a variant. */
export type ListedStock = { variantId: number; productId: number; available: number; sequence: number }

/** What a stock object finds when it adds up its own books. */
export type StockAudit = {
  level: StockLevel
  /** The sum of all movements. */
  moved: number
  /** The sum of all live holds. */
  held: number
  /** The object is about to list what it has changed. */
  isListingDue: boolean
}

/**
 * What is wrong with a variant's stock:
 * - `listing`: another figure is listed than can be sold, or one that no later level of the object could replace. The
 *   object is right.
 * - `lost`: the object knows nothing of stock that it has reported before.
 * - `books`: the object's level is not what its movements or its holds add up to.
 */
export type StockFault = 'listing' | 'lost' | 'books'

/**
 * Compares what was listed a moment ago with what the object says now. A change that is on its way to the listing is no
 * fault, and neither is an opening stock the object has not heard of yet.
 */
export function faultIn(listed: ListedStock, { level, moved, held, isListingDue }: StockAudit): StockFault | undefined {
  if (level.sequence === 0) return listed.sequence === 0 ? undefined : 'lost'
  if (moved !== level.onHand || held !== level.held) return 'books'
  const isAhead = listed.sequence > level.sequence
  return isAhead || (listed.available !== level.available && !isListingDue) ? 'listing' : undefined
}

/** Whether writing the level would change what is listed; an object that knows nothing has nothing to list. */
export function isListedOtherwise(listed: ListedStock, { available, sequence }: StockLevel): boolean {
  return sequence > 0 && (listed.available !== available || listed.sequence !== sequence)
}
