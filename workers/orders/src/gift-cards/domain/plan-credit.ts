import type { GiftCardId } from '@shop/kernel/ids'

/** What a card paid of an order and has not got back, in minor units. */
export type SpentCard = { id: GiftCardId; left: number }
export type Credit = { id: GiftCardId; amount: number }

/**
 * Divides a refund among the cards that paid: the one spent last gets back first. One that has expired can be spent again; one that
 * staff ended keeps the money until they give the customer another card.
 *
 * @param spent the one spent last first
 * @throws RangeError when it is more than they paid
 */
export function planCredit(amount: number, spent: readonly SpentCard[]): Credit[] {
  const credits: Credit[] = []
  let left = amount
  for (const card of spent) {
    const part = Math.min(left, card.left)
    left -= part
    if (part > 0) credits.push({ id: card.id, amount: part })
  }
  if (left > 0) throw new RangeError('A refund gives back more than gift cards paid')
  return credits
}
