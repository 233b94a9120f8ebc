import type { InventoryPolicy } from '@shop/contracts/catalog/rpc'

/** The most units of a variant that staff can set or move at once. */
export const MAX_STOCK = 10 ** 9

/**
 * The stock of a variant as its object sees it: `available` = `onHand` − `held`, below zero only where more was sold than
 * there was. `sequence` counts the changes, so that an
 * older level never replaces a newer one.
 */
export type StockLevel = { onHand: number; held: number; available: number; sequence: number }

export const EMPTY_STOCK: StockLevel = { onHand: 0, held: 0, available: 0, sequence: 0 }

/**
 * The level after a change, with the next sequence number.
 *
 * @param policy whether the change may leave fewer than no units available. Without it a level that is below zero may
 *   only rise
 * @throws RangeError when the change would break an invariant: the decision before it was wrong
 */
export function changeLevel(
  level: StockLevel,
  by: { onHand?: number; held?: number },
  policy: InventoryPolicy = 'deny',
): StockLevel {
  const onHand = level.onHand + (by.onHand ?? 0)
  const held = level.held + (by.held ?? 0)
  const available = onHand - held
  const isOversold = available < 0 && available < level.available && policy === 'deny'
  if (![onHand, held, available].every(Number.isSafeInteger) || held < 0 || isOversold) {
    throw new RangeError(`Stock would be ${onHand} on hand with ${held} held`)
  }
  return { onHand, held, available, sequence: level.sequence + 1 }
}
