import type { Destination } from '@shop/addresses/destination'
import type { Quote } from '@shop/contracts/catalog/rpc'
import type { CodeNotAppliedReason } from '@shop/contracts/orders/failures'
import { appliedCodes } from '../../pricing/domain/check-expected.ts'
import { pricePurchase } from '../../pricing/domain/price-purchase.ts'
import type { TaxRounding } from '../../pricing/domain/pricing.ts'
import type { PricedPurchase, PricingRules } from '../../pricing/domain/purchase.ts'
import type { Cart, LastAnswer } from './cart.ts'
import { destinationOfCart } from './destination.ts'
import { applyOffers, type ItemChange, isOutOfStock, offerOf } from './items/offer.ts'

/** What a buyer has to know about a cart. */
export type CartMessage =
  | ItemChange
  | { code: 'out_of_stock'; itemId: string }
  | { code: 'not_for_sale'; itemId: string }
  | { code: 'code_not_applied'; promotionCode: string; reason: CodeNotAppliedReason }
  /** Its address of delivery is not a structured one, so neither shipping nor tax is known. */
  | { code: 'address_incomplete' }

/** A cart with its prices of now. Items that are not for sale have none. */
export type CartAnswer = { cart: Cart; purchase: PricedPurchase; messages: CartMessage[] }

type Market = {
  /** Of the variants that are for sale. */
  quotes: readonly Quote[]
  rules: PricingRules
  origin: Destination
  rounding: TaxRounding
  now: Date
}

/**
 * Prices a cart and says what is special about it.
 *
 * @param changes what the write that this answers has changed. What a read finds changed stays as it is until the next write,
 *   so each read shows it
 */
export function cartAnswer(cart: Cart, market: Market, changes: readonly ItemChange[] = []): CartAnswer {
  const { quotes, ...terms } = market
  const quoteOf = new Map(quotes.map((quote) => [quote.variantId, quote]))
  const lines = cart.items.flatMap(({ id, variantId, quantity }) => {
    const quote = quoteOf.get(variantId)
    return quote === undefined ? [] : [{ id, quantity, quote }]
  })
  const { currency, shippingOptionId, codes, vatId } = cart
  const place = destinationOfCart(cart)
  const purchase = pricePurchase({ lines, currency, ...place, shippingOptionId, codes, vatId, ...terms })
  const found = applyOffers(cart.items, quotes.map(offerOf)).changes
  const incomplete = cart.shippingAddress !== null && !place.isDeliverable && purchase.needsShipping
  const messages: CartMessage[] = [
    ...changes,
    ...found,
    ...cart.items.flatMap((item) => stateOf(item, quoteOf.get(item.variantId))),
    ...purchase.refusedCodes.map(({ code, reason }) => {
      return { code: 'code_not_applied', promotionCode: code, reason } as const
    }),
    ...(incomplete ? [{ code: 'address_incomplete' } as const] : []),
  ]
  return { cart, purchase, messages }
}

function stateOf({ id: itemId }: { id: string }, quote: Quote | undefined): CartMessage[] {
  if (quote === undefined) return [{ code: 'not_for_sale', itemId }]
  return isOutOfStock(offerOf(quote)) ? [{ code: 'out_of_stock', itemId }] : []
}

/** What its buyer sees in an answer, by which a later total is recognized as another one. */
export function lastAnswerOf({ cart: { currency }, purchase }: CartAnswer): LastAnswer {
  return { total: purchase.total, currency, codes: appliedCodes(purchase) }
}
