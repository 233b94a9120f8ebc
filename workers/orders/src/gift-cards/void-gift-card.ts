import type { GiftCardNotFound } from '@shop/contracts/orders/gift-card-failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import type { OrdersDeps } from '../deps.ts'
import type { GiftCard } from './domain/gift-card.ts'

/**
 * Voids a card and removes its balance. Voiding it again removes what refunds have added since; with a balance of 0 it changes nothing.
 */
export async function voidGiftCard(
  { giftCards, now, wakeConsumers }: Pick<OrdersDeps, 'giftCards' | 'now' | 'wakeConsumers'>,
  caller: Caller,
  { id }: { id: string },
): Promise<Result<GiftCard, AccessFailure | GiftCardNotFound>> {
  const staff = requireScope(caller, 'gift_cards:write')
  if (!staff.ok) return staff
  return untilSaved<Result<GiftCard, GiftCardNotFound>>(async () => {
    const found = await giftCards.find(id)
    if (found === undefined) return fail({ code: 'gift_card_not_found' })
    const { card } = found
    if (card.voidedAt !== null && card.balance === 0) return ok(card)
    const at = now()
    if (!(await giftCards.void(card, at))) return undefined
    await wakeConsumers(['gift_card.ended'])
    return ok({ ...card, balance: 0, voidedAt: card.voidedAt ?? at, updatedAt: at, version: card.version + 1 })
  })
}
