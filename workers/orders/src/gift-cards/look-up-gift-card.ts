import type { GiftCardNotFound } from '@shop/contracts/orders/gift-card-failures'
import type { RateLimited } from '@shop/kernel/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import { type GiftCard, hasEnded } from './domain/gift-card.ts'
import { type ReadCardsDeps, readNamedCards } from './read-named-cards.ts'

/**
 * Finds a card by its code. Unknown, expired and voided codes all answer `gift_card_not_found` and take the same work, so that guessing
 * reveals nothing.
 *
 * @param request.address the client's network address, by which attempts are limited
 */
export async function lookUpGiftCard(
  deps: ReadCardsDeps,
  { code, address }: { code: string; address: string },
): Promise<Result<GiftCard, GiftCardNotFound | RateLimited>> {
  const named = await readNamedCards(deps, { giftCards: [{ code }], address })
  if (!named.ok) return named
  const card = named.value[0]?.card
  return card === undefined || hasEnded(card, deps.now()) ? fail({ code: 'gift_card_not_found' }) : ok(card)
}
