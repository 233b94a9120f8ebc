import type { GiftCardNotApplied, GiftCardNotFound } from '@shop/contracts/orders/gift-card-failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import { type AppliedGiftCard, applyGiftCards, type SpendableCard } from '../../gift-cards/domain/apply-gift-cards.ts'
import type { GiftCard } from '../../gift-cards/domain/gift-card.ts'
import { giftCardPrice } from '../../gift-cards/domain/gift-card-price.ts'
import { MAX_GIFT_CARDS } from '../../gift-cards/domain/gift-card-ref.ts'
import { notApplied, spendableCards } from '../../gift-cards/domain/spendable-cards.ts'
import type { PricedPurchase, Purchase } from '../../pricing/domain/purchase.ts'
import type { Cart } from './cart.ts'

type Ids = NonNullable<Cart['giftCardIds']>

/** The cards of a cart after some were added, each once. */
export function addGiftCards(ids: Ids, cards: readonly SpendableCard[]): Result<Ids, GiftCardNotApplied> {
  const added = cards.filter(({ id }) => !ids.includes(id))
  const [first] = added
  if (first !== undefined && ids.length + added.length > MAX_GIFT_CARDS) return fail(notApplied(first, 'too_many'))
  return ok([...ids, ...added.map(({ id }) => id)])
}

export function removeGiftCard(ids: Ids, giftCardId: string): Result<Ids, GiftCardNotFound> {
  const left = ids.filter((id) => id !== giftCardId)
  return left.length === ids.length ? fail({ code: 'gift_card_not_found' }) : ok(left)
}

/** What the cards of a cart pay of it now, and those that cannot pay. */
export type CartCards = { giftCards: AppliedGiftCard[]; unusable: GiftCardNotApplied[] }

/** @param cards those of the cart, as they are now */
export function applyToCart(
  { currency }: Pick<Cart, 'currency'>,
  cards: readonly GiftCard[],
  { purchase, lines, now }: { purchase: PricedPurchase; lines: Purchase['lines']; now: Date },
): CartCards {
  const decided = cards.map((card) => spendableCards([{ ref: { id: card.id }, card }], { currency, now }))
  const unusable = decided.flatMap((one) =>
    one.ok || one.failure.code !== 'gift_card_not_applied' ? [] : [one.failure],
  )
  const usable = decided.flatMap((one) => (one.ok ? one.value : []))
  const bill = { currency, total: purchase.total, giftCardPrice: giftCardPrice(purchase, { lines }) }
  const idle = unusable.flatMap(({ giftCardId, lastFour }) => {
    const card = cards.find(({ id }) => id === giftCardId)
    return card === undefined ? [] : [{ id: card.id, lastFour, amount: 0 }]
  })
  return { giftCards: [...applyGiftCards(bill, usable), ...idle], unusable }
}
