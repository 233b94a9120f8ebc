import type { GiftCardNotApplied, GiftCardNotFound } from '@shop/contracts/orders/gift-card-failures'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { SpendableCard } from './apply-gift-cards.ts'
import { type GiftCard, hasEnded } from './gift-card.ts'
import type { GiftCardRef } from './gift-card-ref.ts'

/** A card that a buyer named; `card` is undefined if there is none. */
export type NamedCard = { ref: GiftCardRef; card: GiftCard | undefined }

/**
 * The cards that can pay an order, each once. Unknown, expired and voided codes fail alike, so that guessing reveals nothing.
 */
export function spendableCards(
  named: readonly NamedCard[],
  { currency, now }: { currency: CurrencyCode; now: Date },
): Result<SpendableCard[], GiftCardNotFound | GiftCardNotApplied> {
  const cards = new Map<string, SpendableCard>()
  for (const { ref, card } of named) {
    if (card === undefined) return fail({ code: 'gift_card_not_found' })
    const { id, lastFour, balance, expiresAt } = card
    if (hasEnded(card, now)) {
      return 'code' in ref ? fail({ code: 'gift_card_not_found' }) : fail(notApplied(card, 'ended'))
    }
    if (card.currency !== currency) return fail(notApplied(card, 'other_currency'))
    if (balance === 0) return fail(notApplied(card, 'used_up'))
    cards.set(id, { id, lastFour, balance, expiresAt })
  }
  return ok([...cards.values()])
}

export const notApplied = (
  { id: giftCardId, lastFour }: Pick<GiftCard, 'id' | 'lastFour'>,
  reason: GiftCardNotApplied['reason'],
): GiftCardNotApplied => ({ code: 'gift_card_not_applied', giftCardId, lastFour, reason })
