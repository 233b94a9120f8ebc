import type { GiftCardId } from '@shop/kernel/ids'

/** A card that paid an order. `left`: what it paid and was not refunded, in minor units. */
export type SpentCard = { id: GiftCardId; left: number }
export type Credit = { id: GiftCardId; amount: number }

/**
 * Divides a refund among the cards that paid. The card that was used last is refunded first.
 *
 * @param amount minor units
 * @param spent in reverse order of use
 * @throws RangeError when the amount exceeds what the cards paid
 */
export function planCredit(amount: number, spent: readonly SpentCard[]): Credit[] {
  const credits: Credit[] = []
  let left = amount
  for (const card of spent) {
    const part = Math.min(left, card.left)
    left -= part
    if (part > 0) credits.push({ id: card.id, amount: part })
  }
  if (left > 0) throw new RangeError('The refund exceeds what gift cards paid')
  return credits
}
