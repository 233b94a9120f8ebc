import { type CurrencyCode, currency } from '@shop/kernel/currencies'
import { priceCart } from '../../../src/pricing/domain/price-cart.ts'
import type { AppliedTax, PricedCart, Pricing, PricingLine } from '../../../src/pricing/domain/pricing.ts'
import type { AmountIn, Promotion } from '../../../src/promotions/domain/promotion.ts'

export const USD = currency('USD')
export const JPY = currency('JPY')
export const KWD = currency('KWD')
export const HUF = currency('HUF')

/** Amounts in USD, in cents. */
export const inUsd = (amount: number): AmountIn[] => [{ currency: USD, amount }]

/** A line of a product with one variant of the same number; its id is 'line_1' for product 1. */
export function aLine(productId: number, unitPrice: number, over: Partial<PricingLine> = {}): PricingLine {
  const id = `line_${productId}`
  const groups = { categoryIds: [], collectionIds: [] }
  return { id, productId, variantId: productId, ...groups, quantity: 1, unitPrice, isShipped: true, taxes: [], ...over }
}

/** Lines of one unit each, of products 1, 2, 3 and so on. */
export function linesOf(...unitPrices: number[]): PricingLine[] {
  return unitPrices.map((unitPrice, index) => aLine(index + 1, unitPrice))
}

export function aTax(rate: string, over: Partial<AppliedTax> = {}): AppliedTax {
  return { id: `taxrate_${rate}`, name: `Tax of ${rate}`, rate, isCompound: false, ...over }
}

/** An automatic promotion on everything, without conditions, that stacks. */
export function aPromotion(over: Partial<Promotion>): Promotion {
  return {
    id: 'promo_1',
    name: 'Promotion',
    code: null,
    type: 'percentage',
    value: null,
    amounts: [],
    tiers: [],
    buy: null,
    get: null,
    appliesTo: { productIds: [], categoryIds: [], collectionIds: [] },
    conditions: NO_CONDITIONS,
    priority: 0,
    stackable: true,
    ...over,
  }
}

export const NO_CONDITIONS: Promotion['conditions'] = {
  minSubtotal: [],
  minQuantity: null,
  countries: [],
  groupIds: [],
  isFirstOrder: false,
}

/** 10 % off everything, by the code TEN. */
export const TEN_PERCENT = aPromotion({ id: 'promo_ten', code: 'TEN', value: '10' })

export const FREE_SHIPPING = aPromotion({ id: 'promo_free', code: 'FREE', type: 'free_shipping' })

export const shippingFor = (price: number): Pricing['shipping'] => ({ optionId: 'shopt_1', name: 'Parcel', price })

/** What a cart costs; in USD, without tax, shipping and promotions by default. */
export function price(lines: readonly PricingLine[], over: Partial<Pricing> = {}): PricedCart {
  const buyer = { country: 'US', groupIds: [], isFirstOrder: false }
  return priceCart({
    ...{ currency: USD, lines, shipping: null, pricesIncludeTax: false, rounding: 'line', promotions: [], buyer },
    ...over,
  })
}

/** What promotions take off each line. */
export function discounts(lines: readonly PricingLine[], promotions: readonly Promotion[], code: CurrencyCode = USD) {
  return price(lines, { promotions, currency: code }).lines.map(({ discount }) => discount)
}

/** Why promotions that were given by code give nothing. */
export function refusals(cart: PricedCart) {
  return cart.refused.map(({ promotionId, reason }) => [promotionId, reason])
}
