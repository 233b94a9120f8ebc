/** The most units of a variant that staff can set or move at once. */
export const MAX_STOCK = 10 ** 9

/**
 * The stock of a variant as its object sees it: `available` = `onHand` − `held`. `sequence` counts the changes, so that an
 * older level never replaces a newer one.
 */
export type StockLevel = { onHand: number; held: number; available: number; sequence: number }

export const EMPTY_STOCK: StockLevel = { onHand: 0, held: 0, available: 0, sequence: 0 }

/**
 * The level after a change, with the next sequence number.
 *
 * @throws RangeError when the change would break the invariant 0 <= held <= on hand: the decision before it was wrong
 */
export function changeLevel(level: StockLevel, by: { onHand?: number; held?: number }): StockLevel {
  const onHand = level.onHand + (by.onHand ?? 0)
  const held = level.held + (by.held ?? 0)
  if (!Number.isSafeInteger(onHand) || held < 0 || held > onHand) {
    throw new RangeError(`Stock would be ${onHand} on hand with ${held} held`)
  }
  return { onHand, held, available: onHand - held, sequence: level.sequence + 1 }
}
