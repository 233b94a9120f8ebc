import type { Destination } from '@shop/addresses/destination'
import type { Quote } from '@shop/contracts/catalog/rpc'
import type { CodeNotAppliedReason } from '@shop/contracts/orders/failures'
import type { GiftCardNotApplied } from '@shop/contracts/orders/gift-card-failures'
import type { AppliedGiftCard } from '../../gift-cards/domain/apply-gift-cards.ts'
import type { GiftCard } from '../../gift-cards/domain/gift-card.ts'
import { deliveryOf } from '../../orders/domain/tax-place.ts'
import { appliedCodes } from '../../pricing/domain/check-expected.ts'
import { pricePurchase } from '../../pricing/domain/price-purchase.ts'
import type { TaxRounding } from '../../pricing/domain/pricing.ts'
import {
  type CalculatedTaxes,
  NO_TAXES,
  type PricedPurchase,
  type PricingRules,
  type Purchase,
} from '../../pricing/domain/purchase.ts'
import type { Cart, LastAnswer } from './cart.ts'
import { applyToCart } from './gift-cards.ts'
import { applyOffers, type ItemChange, isOutOfStock, itemsBeyondMaximum, offerOf } from './items/offer.ts'

/** What a buyer has to know about a cart. */
export type CartMessage =
  | ItemChange
  | { code: 'out_of_stock'; itemId: string }
  | { code: 'not_for_sale'; itemId: string }
  /** Other variants of its product are all that one order may have. */
  | { code: 'max_per_order_exceeded'; itemId: string }
  /** The chosen option is not one of those for the address and the items of now. */
  | { code: 'shipping_option_not_offered'; optionId: string }
  | { code: 'code_not_applied'; promotionCode: string; reason: CodeNotAppliedReason }
  | { code: 'gift_card_not_applied'; giftCardId: string; lastFour: string; reason: GiftCardNotApplied['reason'] }
  /** Its address of delivery is not a structured one, or is not found: shipping or tax is not known. */
  | { code: 'address_incomplete' }

/** A cart with its prices of now. Items that are not for sale have none. */
export type CartAnswer = {
  cart: Cart
  purchase: PricedPurchase
  /** What each of its gift cards pays of the total. */
  giftCards: AppliedGiftCard[]
  messages: CartMessage[]
}

type Market = {
  /** Of the variants that are for sale. */
  quotes: readonly Quote[]
  rules: PricingRules
  origin: Destination
  rounding: TaxRounding
  now: Date
}

/** `taxes`: those of Stripe Tax; undefined where the own rates apply, `unknown` where the address is not found. */
type TaxedMarket = Market & {
  taxes?: CalculatedTaxes | 'unknown' | undefined
  /** Those of the cart, as they are now. */
  giftCards?: readonly GiftCard[] | undefined
}

/** The cart as something to price: the items that are for sale. */
export function purchaseOf(cart: Cart, { quotes, rules, origin, rounding, now }: Market): Purchase {
  const quoteOf = new Map(quotes.map((quote) => [quote.variantId, quote]))
  const lines = cart.items.flatMap(({ id, variantId, quantity }) => {
    const quote = quoteOf.get(variantId)
    return quote === undefined ? [] : [{ id, quantity, quote }]
  })
  const { currency, shippingOptionId, codes, vatId } = cart
  return { lines, currency, shippingOptionId, codes, vatId, rules, origin, rounding, now, ...deliveryOf(cart) }
}

/**
 * Prices a cart and says what is special about it.
 *
 * @param changes what the write that this answers has changed. What a read finds changed stays as it is until the next write,
 *   so each read shows it
 */
export function cartAnswer(cart: Cart, market: TaxedMarket, changes: readonly ItemChange[] = []): CartAnswer {
  const { quotes } = market
  const quoteOf = new Map(quotes.map((quote) => [quote.variantId, quote]))
  const place = deliveryOf(cart)
  const calculatedTaxes = market.taxes === 'unknown' ? NO_TAXES : market.taxes
  const wanted = purchaseOf(cart, market)
  const purchase = pricePurchase({ ...wanted, calculatedTaxes })
  const { giftCards, unusable } = applyToCart(cart, market.giftCards ?? [], { ...wanted, purchase })
  const { shippingOptionId } = cart
  const offers = quotes.map(offerOf)
  const adapted = applyOffers(cart.items, offers)
  const { option, needsShipping } = purchase
  const isUnoffered = shippingOptionId !== null && option === null && needsShipping && place.isDeliverable
  const isUnstructured = cart.shippingAddress !== null && !place.isDeliverable && needsShipping
  const incomplete = isUnstructured || market.taxes === 'unknown'
  const messages: CartMessage[] = [
    ...changes,
    ...adapted.changes,
    ...cart.items.flatMap((item) => stateOf(item, quoteOf.get(item.variantId))),
    ...itemsBeyondMaximum(adapted.items, offers).map(({ id: itemId }) => {
      return { code: 'max_per_order_exceeded', itemId } as const
    }),
    ...(isUnoffered ? [{ code: 'shipping_option_not_offered', optionId: shippingOptionId } as const] : []),
    ...purchase.refusedCodes.map(({ code, reason }) => {
      return { code: 'code_not_applied', promotionCode: code, reason } as const
    }),
    ...unusable,
    ...(incomplete ? [{ code: 'address_incomplete' } as const] : []),
  ]
  return { cart, purchase, giftCards, messages }
}

function stateOf({ id: itemId }: { id: string }, quote: Quote | undefined): CartMessage[] {
  if (quote === undefined) return [{ code: 'not_for_sale', itemId }]
  return isOutOfStock(offerOf(quote)) ? [{ code: 'out_of_stock', itemId }] : []
}

/** What its buyer sees in an answer, by which a later total is recognized as another one. */
export function lastAnswerOf({ cart: { currency }, purchase }: CartAnswer): LastAnswer {
  return { total: purchase.total, currency, codes: appliedCodes(purchase) }
}
