import { fail, ok } from '@shop/kernel/result'
import { compare, multiply, parsePercent, rational, roundHalfUp, smallest } from '../../../pricing/domain/rational.ts'
import type { CodeRefusal, Promotion, PromotionTier } from '../promotion.ts'
import { amountLeft, type Basket, type Discount, divideOver, NO_DISCOUNT, type PromotionEvaluation } from './basket.ts'
import { amountIn, unmetMinimum } from './conditions.ts'

/** Takes a percentage off what is left of the lines: rounded once, then divided over them by what is left of each. */
export function takePercentage(percent: string, basket: Basket): Discount {
  const left = amountLeft(basket.lines)
  return takeAmount(roundHalfUp(multiply(rational(left), parsePercent(percent)), basket.unit), basket)
}

/** Takes an amount off, or as much of it as is left of the lines. */
function takeAmount(amount: bigint, { lines, unit }: Basket): Discount {
  const weights = lines.map(({ left }) => left)
  return divideOver(lines, weights, smallest(amount, amountLeft(lines)), unit)
}

/** @returns `currency_not_included` when the promotion has no amount in the cart's currency */
export function takeFixedAmount({ amounts }: Promotion, basket: Basket): PromotionEvaluation {
  const amount = amountIn(amounts, basket.currency)
  if (amount === undefined) return fail({ code: 'currency_not_included' })
  return ok(takeAmount(roundHalfUp(rational(amount), basket.unit), basket))
}

export function takeShipping({ shippingLeft }: Basket): PromotionEvaluation {
  if (shippingLeft === null) return fail({ code: 'no_shipping' })
  return ok({ ...NO_DISCOUNT, shipping: shippingLeft })
}

/** The minimum to name when several tiers are out of reach: the first of these that one of them lacks. */
const NAMED_FIRST: readonly CodeRefusal[] = ['below_minimum_subtotal', 'below_minimum_quantity']

/** Takes the highest percentage whose minimums are met. */
export function takeTier({ tiers }: Promotion, basket: Basket): PromotionEvaluation {
  const checked = tiers.map((tier) => ({ tier, unmet: unmetMinimum(tier, basket) }))
  const best = highest(checked.filter(({ unmet }) => unmet === undefined).map(({ tier }) => tier))
  if (best !== undefined) return ok(takePercentage(best.value, basket))
  const named = NAMED_FIRST.find((code) => checked.some(({ unmet }) => unmet === code))
  return fail({ code: named ?? checked[0]?.unmet ?? 'nothing_applies' })
}

function highest(tiers: readonly PromotionTier[]): PromotionTier | undefined {
  return tiers.reduce<PromotionTier | undefined>(
    (best, tier) =>
      best === undefined || compare(parsePercent(tier.value), parsePercent(best.value)) > 0 ? tier : best,
    undefined,
  )
}
