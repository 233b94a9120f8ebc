import type { OrdersDeps } from '../deps.ts'
import type { GiftCardRef } from './domain/gift-card-ref.ts'
import type { NamedCard } from './domain/spendable-cards.ts'

export type ReadCardsDeps = Pick<OrdersDeps, 'giftCards' | 'giftCardCodes'>

/** Reads the cards that a buyer named, in one round trip; in none where they named none. */
export async function readNamedCards(
  { giftCards, giftCardCodes }: ReadCardsDeps,
  refs: readonly GiftCardRef[],
): Promise<NamedCard[]> {
  if (refs.length === 0) return []
  const keyed = await Promise.all(
    refs.map(async (ref) => ({ ref, key: 'id' in ref ? ref.id : await giftCardCodes.hashOf(ref.code) })),
  )
  // What cannot be a code is looked up as well, so that it takes as long as a code that is none.
  const found = await giftCards.findNamed(keyed.map(({ key }) => key ?? ''))
  return keyed.map(({ ref, key }) => ({ ref, card: key === undefined ? undefined : found.get(key) }))
}
