import type { GiftCardNotApplied, GiftCardNotFound } from '@shop/contracts/orders/gift-card-failures'
import type { RateLimited } from '@shop/kernel/failures'
import { ok, type Result } from '@shop/kernel/result'
import { spendableCards } from '../gift-cards/domain/spendable-cards.ts'
import { type ReadCardsDeps, readNamedCards } from '../gift-cards/read-named-cards.ts'
import { accessTo } from './internal/access-to.ts'
import {
  type CartWriteFailure,
  type CartWriteRequest,
  type WriteCartDeps,
  type WrittenAnswer,
  writeAllowed,
} from './internal/write-cart.ts'

type AddFailure = CartWriteFailure | GiftCardNotFound | GiftCardNotApplied | RateLimited

/** Adds a gift card to a cart by its code. The cart keeps the id of the card, so the code is not needed again. */
export async function addCartGiftCard(
  deps: WriteCartDeps & ReadCardsDeps,
  request: CartWriteRequest & { code: string; address: string },
): Promise<Result<WrittenAnswer, AddFailure>> {
  const allowed = await accessTo(deps, request)
  if (!allowed.ok) return allowed
  const { cartId, access } = allowed.value
  // Checked first, so that only the holder of a cart can look up codes.
  const found = await deps.carts.read(cartId, { access })
  if (!found.ok) return found
  const named = await readNamedCards(deps, { giftCards: [{ code: request.code }], address: request.address })
  if (!named.ok) return named
  const cards = spendableCards(named.value, { currency: found.value.cart.currency, now: deps.now() })
  if (!cards.ok) return cards
  return writeAllowed<never>(deps, allowed.value, request, {
    operation: 'addCartGiftCard',
    request: request.code,
    change: () => ok({ kind: 'add_gift_cards', cards: cards.value }),
  })
}
