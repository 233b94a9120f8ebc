import type { CurrencyCode } from '@shop/kernel/currencies'

export type PromotionType = 'percentage' | 'fixed_amount' | 'free_shipping' | 'buy_x_get_y' | 'tiered'

/** An amount in minor units. Of a list of them, the one in the cart's currency counts. */
export type AmountIn = { currency: CurrencyCode; amount: number }

/** Percentages are decimal texts above '0' and up to '100', such as '12.5'. Quantities are 1 or more. */
export type Promotion = {
  id: string
  name: string
  /** As it was made; compared without case and surrounding blanks. Null for an automatic one. */
  code: string | null
  type: PromotionType
  /** Of `percentage`: percent. */
  value: string | null
  /** Of `fixed_amount`. */
  amounts: readonly AmountIn[]
  /** Of `tiered`: the highest one that is met gives its percentage. */
  tiers: readonly Tier[]
  /** Of `buy_x_get_y`: units that are paid in full. Empty lists: any product. */
  buy: (Products & { quantity: number }) | null
  /** Of `buy_x_get_y`: units that are discounted, the cheapest first; a unit counts once. Empty lists: any product. */
  get: (Products & { quantity: number; percentOff: string }) | null
  /** Empty lists: everything. */
  appliesTo: Products & { categoryIds: readonly number[] }
  conditions: Conditions
  priority: number
  stackable: boolean
}

export type Products = { productIds: readonly number[]; collectionIds: readonly number[] }

export type Tier = { minQuantity: number | null; minSubtotal: readonly AmountIn[] | null; value: string }

/** Empty lists: no condition. */
export type Conditions = {
  minSubtotal: readonly AmountIn[]
  minQuantity: number | null
  countries: readonly string[]
  groupIds: readonly string[]
  isFirstOrder: boolean
}
