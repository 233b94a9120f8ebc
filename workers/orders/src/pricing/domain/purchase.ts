import type { Destination } from '@shop/addresses/destination'
import type { Quote } from '@shop/contracts/catalog/rpc'
import type { CodeNotAppliedReason } from '@shop/contracts/orders/failures'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { UserId } from '@shop/kernel/ids'
import type { PromotionCandidates, RunningQuery } from '../../promotions/domain/running-promotions.ts'
import type { OfferedOption, ZoneWithOptions } from '../../shipping/domain/options-for.ts'
import type { TaxOfCountry, TaxTerms, VatId } from '../../tax/domain/tax-terms.ts'
import type { GivenTaxes, PricedCart, TaxRounding } from './pricing.ts'

/** What staff have set that decides about prices, as far as it matters to one buyer and one destination. */
export type PricingRules = PromotionCandidates & { zones: readonly ZoneWithOptions[]; tax: TaxOfCountry }

/** Whose rules. `country` of the destination; null while it is unknown, which needs no rules of shipping and tax. */
export type RulesQuery = Omit<RunningQuery, 'currency'> & { country: string | null; userId: UserId | null }

export type PurchaseLine = {
  /** Its own among the lines. */
  id: string
  /** 1 or more. */
  quantity: number
  quote: Pick<
    Quote,
    | 'productId'
    | 'variantId'
    | 'price'
    | 'type'
    | 'taxCategory'
    | 'shippingClass'
    | 'weightGrams'
    | 'categoryIds'
    | 'collectionIds'
  >
}

/** A cart or an order before it has prices. */
export type Purchase = {
  lines: readonly PurchaseLine[]
  /** That of all quotes. */
  currency: CurrencyCode
  /** Where the shop sells from. */
  origin: Destination
  /** Null while it is unknown: then nothing is taxed, and nothing can be shipped. */
  destination: Destination | null
  /** Whether shipping options can be offered: a billing address is a place for tax, and for nothing else. */
  isDeliverable: boolean
  shippingOptionId: string | null
  /** As they were entered. */
  codes: readonly string[]
  vatId: VatId | null
  rules: PricingRules
  rounding: TaxRounding
  /** What a tax service has calculated. Then the shop's own rates do not count, and the service decides about reverse charge. */
  calculatedTaxes?: CalculatedTaxes | undefined
  now: Date
}

/** By the ids of the lines. `isReversed`: the buyer owes the tax themselves, so none is charged. */
export type CalculatedTaxes = GivenTaxes & { calculationId: string | null; isReversed: boolean }

/** Of a purchase that is not taxed yet, and of one that costs nothing. */
export const NO_TAXES: CalculatedTaxes = { lines: new Map(), shipping: [], calculationId: null, isReversed: false }

export type PricedPurchase = PricedCart & {
  needsShipping: boolean
  /** The options for this destination, with their prices. */
  options: OfferedOption[]
  /** The chosen one, as long as it is offered. */
  option: OfferedOption | null
  exemption: TaxTerms['exemption']
  /** Of the tax service; null where the shop's own rates apply, or nothing has a price. */
  taxCalculationId: string | null
  refusedCodes: { code: string; reason: CodeNotAppliedReason }[]
}
