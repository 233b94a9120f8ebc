import type { GiftCardNotFound } from '@shop/contracts/orders/gift-card-failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { GiftCard, GiftCardEntry } from './domain/gift-card.ts'

/** A card with all changes of its balance, oldest first. */
export async function getGiftCard(
  { giftCards }: Pick<OrdersDeps, 'giftCards'>,
  caller: Caller,
  { id }: { id: string },
): Promise<Result<{ card: GiftCard; entries: GiftCardEntry[] }, AccessFailure | GiftCardNotFound>> {
  const staff = requireScope(caller, 'gift_cards:read')
  if (!staff.ok) return staff
  const found = await giftCards.findWithEntries(id)
  return found === undefined ? fail({ code: 'gift_card_not_found' }) : ok(found)
}
