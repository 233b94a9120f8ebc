import type { CurrencyCode } from '@shop/kernel/currencies'
import type { CodeRefusal, Promotion, PromotionType } from '../../promotions/domain/promotion.ts'

/** What a cart or an order is priced from. All amounts are minor units, 0 or more. */
export type Pricing = {
  currency: CurrencyCode
  /** Each has an id of its own. */
  lines: readonly PricingLine[]
  /** Null until an option is chosen, or where nothing is shipped. Its price is taxed as its items, pro rata. */
  shipping: { optionId: string; name: string; price: number } | null
  /** Whether unit prices and the price of shipping include tax. */
  pricesIncludeTax: boolean
  rounding: TaxRounding
  /** Taxes that were computed elsewhere, in place of those of the lines. */
  givenTaxes?: GivenTaxes | undefined
  /** Promotions that may apply: automatic ones and those of the entered codes. Their conditions are decided here. */
  promotions: readonly Promotion[]
  buyer: PricingBuyer
}

/**
 * Amounts of tax by line, and of shipping; a line without any is not taxed. Of prices that include tax they are a part, so that
 * none exceeds what is left of its line after discounts.
 */
export type GivenTaxes = { lines: ReadonlyMap<string, readonly TaxLine[]>; shipping: readonly TaxLine[] }

/** Where tax is rounded: on each line by itself, or on all lines with the same taxes together. */
export type TaxRounding = 'line' | 'order'

/** `country` is ISO 3166 alpha-2 in upper case; null while unknown. */
export type PricingBuyer = { country: string | null; groupIds: readonly string[]; isFirstOrder: boolean }

/** What is bought. `categoryIds` with those above them; `collectionIds` of the collections that promotions name. */
export type PricingLine = {
  id: string
  productId: number
  variantId: number
  categoryIds: readonly number[]
  collectionIds: readonly number[]
  quantity: number
  unitPrice: number
  /** False for what is digital. Shipping is taxed as the lines that are shipped, or as all lines where none is. */
  isShipped: boolean
  /** Nothing is taken off a gift card: it is money. Absent for false. */
  isGiftCard?: boolean | undefined
  /** Those that apply at the destination, in order. */
  taxes: readonly AppliedTax[]
}

/** `rate` is a decimal fraction: '0.19'. A compound one taxes the taxes before it, too. */
export type AppliedTax = { id: string; name: string; rate: string; isCompound: boolean }

export type PricedCart = {
  currency: CurrencyCode
  pricesIncludeTax: boolean
  /** In the order in which they were entered. */
  lines: PricedCartLine[]
  shipping: PricedShipping | null
  /** total = subtotal - discountTotal + shippingTotal + (pricesIncludeTax ? 0 : taxTotal) */
  subtotal: number
  /** Of lines and shipping. */
  discountTotal: number
  /** The price of shipping before its discount. */
  shippingTotal: number
  taxTotal: number
  total: number
  /** One for each promotion that gives something, in the order in which they were applied. */
  adjustments: { promotionId: string; code: string | null; name: string; type: PromotionType; amount: number }[]
  /** The sums of each rate. */
  taxLines: TaxLine[]
  /** Promotions that were given by code and give nothing. */
  refused: { promotionId: string; code: string | null; reason: CodeRefusal }[]
}

/** What every priced part has. total = subtotal - discount + (pricesIncludeTax ? 0 : tax) */
export type PricedPart = {
  subtotal: number
  discount: number
  tax: number
  total: number
  adjustments: { promotionId: string; amount: number }[]
  /** One for each rate, also where its amount is 0. */
  taxLines: TaxLine[]
}

/** subtotal = unitPrice × quantity */
export type PricedCartLine = PricedPart & { id: string; unitPrice: number; quantity: number }

/** subtotal = the price of the option */
export type PricedShipping = PricedPart & { optionId: string; name: string }

export type TaxLine = { rateId: string; name: string; rate: string; amount: number }
