import type { GiftCardNotFound } from '@shop/contracts/orders/gift-card-failures'
import type { RateLimited } from '@shop/kernel/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import { type GiftCard, hasEnded } from './domain/gift-card.ts'
import { type ReadCardsDeps, readNamedCards } from './read-named-cards.ts'

/** The card of a code, for whoever has the code. Unknown, ended and expired ones read the same, and take the same work. */
export async function lookUpGiftCard(
  deps: ReadCardsDeps,
  { code, address }: { code: string; address: string },
): Promise<Result<GiftCard, GiftCardNotFound | RateLimited>> {
  const named = await readNamedCards(deps, { giftCards: [{ code }], address })
  if (!named.ok) return named
  const card = named.value[0]?.card
  return card === undefined || hasEnded(card, deps.now()) ? fail({ code: 'gift_card_not_found' }) : ok(card)
}
