import type { CurrencyCode } from '@shop/kernel/currencies'
import type { Id } from '@shop/kernel/ids'
import type { ZoneId } from './zone.ts'

export type OptionId = Id<'shippingOption'>

export const PRICINGS = ['flat', 'per_item', 'by_weight', 'by_subtotal'] as const
export type PricingKind = (typeof PRICINGS)[number]

/** What one row of a price list costs, in minor units. It applies from its `from` until that of the next row. */
export type BandPrice = {
  currency: CurrencyCode
  amount: number
  /** Grams where the price is by weight, minor units where it is by subtotal, else 0. */
  from: number
}

/** A way to deliver to a zone, with its price. */
export type ShippingOption = {
  id: OptionId
  zoneId: ZoneId
  name: string
  /** What customers read, such as `2 to 4 days`. */
  estimate: string | null
  /** The customer collects it. */
  isPickup: boolean
  pricing: PricingKind
  /** Not offered in a currency without a row, nor below the first row. */
  prices: readonly BandPrice[]
  /** Subtotals, in minor units, from which it is free. */
  freeFrom: readonly { currency: CurrencyCode; amount: number }[]
  /** Not offered above this weight; null for any weight. */
  maxWeightGrams: number | null
  /** Not offered with an item of these. */
  excludedShippingClasses: readonly string[]
  createdAt: Date
  updatedAt: Date
  version: number
}

export type OptionFields = Omit<ShippingOption, 'id' | 'zoneId' | 'createdAt' | 'updatedAt' | 'version'>
