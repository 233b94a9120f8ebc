import type { CurrencyCode } from '@shop/kernel/currencies'
import type { PricingBuyer } from '../../../pricing/domain/pricing.ts'
import { sum } from '../../../pricing/domain/rational.ts'
import type { AmountIn, CodeRefusal, PromotionConditions } from '../promotion.ts'
import type { Basket, BasketLine } from './basket.ts'

/**
 * Checks the conditions of a promotion: first those of the buyer, then those of the lines.
 *
 * @param basket only the lines that the promotion applies to
 * @returns the first condition that is not met
 */
export function unmetCondition(conditions: PromotionConditions, basket: Basket): CodeRefusal | undefined {
  const ofBuyer = unmetByBuyer(conditions, basket.buyer)
  if (ofBuyer !== undefined) return ofBuyer
  if (basket.lines.length === 0) return 'nothing_applies'
  return unmetMinimum(conditions, basket)
}

/** A country that is not known yet is not among those named. */
function unmetByBuyer(conditions: PromotionConditions, buyer: PricingBuyer): CodeRefusal | undefined {
  const { countries, groupIds, isFirstOrder } = conditions
  if (countries.length > 0 && (buyer.country === null || !countries.includes(buyer.country))) {
    return 'country_not_included'
  }
  if (groupIds.length > 0 && !groupIds.some((id) => buyer.groupIds.includes(id))) return 'customer_not_included'
  if (isFirstOrder && !buyer.isFirstOrder) return 'not_first_order'
  return undefined
}

type Minimums = { minSubtotal: readonly AmountIn[] | null; minQuantity: number | null }

/** Checks minimums against the prices of the lines before any discount, so that other promotions do not matter. */
export function unmetMinimum({ minSubtotal, minQuantity }: Minimums, basket: Basket): CodeRefusal | undefined {
  if (minSubtotal !== null && minSubtotal.length > 0) {
    const minimum = amountIn(minSubtotal, basket.currency)
    if (minimum === undefined) return 'currency_not_included'
    if (subtotal(basket.lines) < minimum) return 'below_minimum_subtotal'
  }
  return minQuantity !== null && units(basket.lines) < BigInt(minQuantity) ? 'below_minimum_quantity' : undefined
}

export function amountIn(amounts: readonly AmountIn[], currency: CurrencyCode): bigint | undefined {
  const found = amounts.find((amount) => amount.currency === currency)
  return found === undefined ? undefined : BigInt(found.amount)
}

function subtotal(lines: readonly BasketLine[]): bigint {
  return sum(lines.map(({ line }) => BigInt(line.unitPrice) * BigInt(line.quantity)))
}

function units(lines: readonly BasketLine[]): bigint {
  return sum(lines.map(({ line }) => BigInt(line.quantity)))
}
