import type { Quote } from '@shop/contracts/catalog/rpc'
import type { OrderTotalTooLarge } from '@shop/contracts/orders/failures'
import { MAX_MINOR, toMajor } from '@shop/kernel/money'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrdersDeps } from '../../deps.ts'
import type { GiftCard } from '../../gift-cards/domain/gift-card.ts'
import { taxPlaceOf } from '../../orders/domain/tax-place.ts'
import { calculateTaxes, type TaxDeps } from '../../stripe-tax/calculate-taxes.ts'
import type { Cart } from '../domain/cart.ts'
import { type CartAnswer, cartAnswer, lastAnswerOf, purchaseOf } from '../domain/cart-answer.ts'
import type { ItemChange } from '../domain/items/offer.ts'
import { type CartAccess, mayChange } from '../domain/may-use.ts'
import { differs } from '../domain/save-answer.ts'
import { type Market, type MarketDeps, readMarket } from './read-market.ts'

export type AnswerDeps = MarketDeps & TaxDeps & Pick<OrdersDeps, 'carts' | 'giftCards' | 'origin' | 'taxRounding'>
export type AnswerFailure = ServiceUnavailable | OrderTotalTooLarge

type Answered = {
  cart: Cart
  access: CartAccess
  /** What a write has changed. */
  changes?: readonly ItemChange[]
  /** What was read for the write that this answers. */
  market?: Market
}

/** Prices a cart as it is now. Its object keeps the total and the codes of the answer, if they differ from the last ones. */
export async function answerCart(deps: AnswerDeps, answered: Answered): Promise<Result<CartAnswer, AnswerFailure>> {
  const answer = await priceAnswer(deps, answered)
  if (answer.ok) await keepAnswer(deps, answer.value, answered.access)
  return answer
}

/** The answer alone, which nobody has seen yet. */
export async function priceAnswer(
  deps: Omit<AnswerDeps, 'carts'>,
  { cart, changes = [], market }: Omit<Answered, 'access'>,
): Promise<Result<CartAnswer, AnswerFailure>> {
  const [current, giftCards] = await Promise.all([completeMarket(deps, cart, market), cardsOf(deps, cart)])
  if (!current.ok) return current
  const { rules, quotes } = current.value
  const { origin, taxRounding: rounding } = deps
  const terms = { rules, quotes, origin, rounding, now: deps.now() }
  const taxes = await calculateTaxes(deps, purchaseOf(cart, terms), { place: taxPlaceOf(cart), scope: cart.id })
  // An address that is not found is a message to the buyer: the tax is not known yet.
  if (!taxes.ok && taxes.failure.code !== 'address_incomplete') return fail(taxes.failure)
  const answer = cartAnswer(cart, { ...terms, giftCards, taxes: taxes.ok ? taxes.value : 'unknown' }, changes)
  // Nobody could pay it, and it could not be shown exactly.
  if (answer.purchase.subtotal > MAX_MINOR || answer.purchase.total > MAX_MINOR) {
    const { currency } = cart
    return fail({ code: 'order_total_too_large', maximum: toMajor(MAX_MINOR, currency), currency })
  }
  return ok(answer)
}

/** The gift cards of a cart, as they are now. A cart without any costs no round trip. */
async function cardsOf({ giftCards }: Pick<OrdersDeps, 'giftCards'>, { giftCardIds = [] }: Cart): Promise<GiftCard[]> {
  if (giftCardIds.length === 0) return []
  const found = await giftCards.findNamed(giftCardIds)
  return giftCardIds.flatMap((id) => found.get(id) ?? [])
}

/** Staff reading a cart changes nothing: only what its buyer saw counts. */
async function keepAnswer({ carts }: Pick<OrdersDeps, 'carts'>, answer: CartAnswer, access: CartAccess): Promise<void> {
  const { cart } = answer
  const lastAnswer = lastAnswerOf(answer)
  if (cart.status !== 'open' || !mayChange(cart, access) || !differs(cart.lastAnswer, lastAnswer)) return
  await carts.saveAnswer(cart.id, { version: cart.version, answer: lastAnswer })
}

/** The quotes of the cart's variants that are for sale: another request may have added some since the market was read. */
async function completeMarket(deps: MarketDeps, cart: Cart, known: Market | undefined) {
  const refs = cart.items.map(({ variantId }) => ({ variantId }))
  const found = new Set(known?.quotes.flatMap((quote) => (quote.ok ? [quote.value.variantId] : [])))
  const missing = refs.filter(({ variantId }) => !found.has(variantId))
  const read = await readMarket(deps, cart, missing)
  if (!read.ok) return read
  const isSame = String(read.value.collectionIds) === String(known?.collectionIds)
  const all = known === undefined || isSame ? read : await readMarket(deps, cart, refs)
  if (!all.ok) return all
  const quotes = [...(isSame ? (known?.quotes ?? []) : []), ...all.value.quotes]
  return ok({ rules: all.value.rules, quotes: quotes.flatMap((quote): Quote[] => (quote.ok ? [quote.value] : [])) })
}
