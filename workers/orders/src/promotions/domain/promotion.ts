import type { CurrencyCode } from '@shop/kernel/currencies'

export type PromotionType = 'percentage' | 'fixed_amount' | 'free_shipping' | 'buy_x_get_y' | 'tiered'

/** An amount in minor units. Of a list of them, the one in the cart's currency counts. */
export type AmountIn = { currency: CurrencyCode; amount: number }

/** Fractions of a hundred are decimal texts from '0' to '100', such as '12.5'. Quantities are 1 or more. */
export type Promotion = {
  id: string
  name: string
  /** As it was made; compared by its `codeKey`. Null for an automatic one. */
  code: string | null
  type: PromotionType
  /** Of `percentage`: percent. */
  value: string | null
  /** Of `fixed_amount`. */
  amounts: readonly AmountIn[]
  /** Of `tiered`: the highest percentage whose minimums are met. Without minimums it is always met. */
  tiers: readonly PromotionTier[]
  /** Of `buy_x_get_y`: units that are paid in full. Empty lists: any product. */
  buy: (ProductSelection & { quantity: number }) | null
  /** Of `buy_x_get_y`: units that are discounted, the cheapest first; a unit counts once. Empty lists: any product. */
  get: (ProductSelection & { quantity: number; percentOff: string }) | null
  /** The only lines that it sees. Empty lists: every line. */
  appliesTo: ProductSelection & { categoryIds: readonly number[] }
  conditions: PromotionConditions
  /** Lower ones are applied first. */
  priority: number
  stackable: boolean
}

export type ProductSelection = { productIds: readonly number[]; collectionIds: readonly number[] }

export type PromotionTier = { minQuantity: number | null; minSubtotal: readonly AmountIn[] | null; value: string }

/** Minimums count the lines that the promotion applies to, at their prices before any discount. Empty lists: no condition. */
export type PromotionConditions = {
  minSubtotal: readonly AmountIn[]
  minQuantity: number | null
  countries: readonly string[]
  groupIds: readonly string[]
  isFirstOrder: boolean
}

/**
 * Why a promotion gives nothing.
 *
 * - `nothing_applies`: no line matches, or the ones before have left nothing
 * - `no_shipping`: it gives free shipping, and no option is chosen, or nothing is shipped
 * - `excluded_by_another`: the buyer gets more without it, or has it already by another code
 */
export type CodeRefusal =
  | 'below_minimum_subtotal'
  | 'below_minimum_quantity'
  | 'nothing_applies'
  | 'no_shipping'
  | 'country_not_included'
  | 'customer_not_included'
  | 'not_first_order'
  | 'currency_not_included'
  | 'excluded_by_another'
