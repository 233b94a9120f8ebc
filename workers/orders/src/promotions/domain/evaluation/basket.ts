import type { CurrencyCode } from '@shop/kernel/currencies'
import type { Result } from '@shop/kernel/result'
import { allocate } from '../../../pricing/domain/allocate.ts'
import type { PricingBuyer, PricingLine } from '../../../pricing/domain/pricing.ts'
import { sum } from '../../../pricing/domain/rational.ts'
import type { CodeRefusal, ProductSelection } from '../promotion.ts'

/** What a promotion is evaluated against: a cart, with what the promotions before have left of it. */
export type Basket = {
  currency: CurrencyCode
  buyer: PricingBuyer
  /** Equal remainders are decided by their order, so it must not depend on how the cart was filled. */
  lines: readonly BasketLine[]
  /** Null without shipping. */
  shippingLeft: bigint | null
  /** Discounts are multiples of it, in minor units. So are all amounts left. */
  unit: bigint
}

/** `left` is the line's subtotal minus the discounts so far, in minor units. */
export type BasketLine = { line: PricingLine; left: bigint }

/** What one promotion takes off, in minor units: off lines, by their ids, and off shipping. */
export type Discount = { lines: ReadonlyMap<string, bigint>; shipping: bigint }

export type PromotionRefusal = { code: CodeRefusal }

export type PromotionEvaluation = Result<Discount, PromotionRefusal>

export const NO_DISCOUNT: Discount = { lines: new Map(), shipping: 0n }

/** True for a line of one of the products, collections or categories, and for every line if none are named. */
export function isAmong(
  { productIds, collectionIds, categoryIds = [] }: ProductSelection & { categoryIds?: readonly number[] },
  line: PricingLine,
): boolean {
  if (productIds.length === 0 && collectionIds.length === 0 && categoryIds.length === 0) return true
  return (
    productIds.includes(line.productId) ||
    line.collectionIds.some((id) => collectionIds.includes(id)) ||
    line.categoryIds.some((id) => categoryIds.includes(id))
  )
}

export function amountLeft(lines: readonly BasketLine[]): bigint {
  return sum(lines.map(({ left }) => left))
}

/** Divides a discount over lines by `weights`, one for each line. */
export function divideOver(
  lines: readonly BasketLine[],
  weights: readonly bigint[],
  amount: bigint,
  unit: bigint,
): Discount {
  const parts = allocate(amount, weights, unit)
  return { lines: new Map(lines.map(({ line }, index) => [line.id, parts[index] ?? 0n])), shipping: 0n }
}

export function discountAmount({ lines, shipping }: Discount): bigint {
  return sum(lines.values()) + shipping
}

/** What a discount leaves of a basket. */
export function without(basket: Basket, { lines, shipping }: Discount): Basket {
  return {
    ...basket,
    lines: basket.lines.map(({ line, left }) => ({ line, left: left - (lines.get(line.id) ?? 0n) })),
    shippingLeft: basket.shippingLeft === null ? null : basket.shippingLeft - shipping,
  }
}
