import { fail, ok } from '@shop/kernel/result'
import type { Promotion, PromotionType } from '../promotion.ts'
import { type Basket, discountAmount, isAmong, type PromotionEvaluation } from './basket.ts'
import { takeCheapestUnits } from './buy-x-get-y.ts'
import { unmetCondition } from './conditions.ts'
import { takeFixedAmount, takePercentage, takeShipping, takeTier } from './effects.ts'

/**
 * Decides what one promotion gives on what is left of a basket, as if no other came after it.
 *
 * @returns a discount above 0, of at most what is left of each line and of shipping; or why it gives nothing
 */
export function evaluatePromotion(promotion: Promotion, basket: Basket): PromotionEvaluation {
  const included = { ...basket, lines: basket.lines.filter(({ line }) => isAmong(promotion.appliesTo, line)) }
  const unmet = unmetCondition(promotion.conditions, included)
  if (unmet !== undefined) return fail({ code: unmet })
  const evaluation = EFFECTS[promotion.type](promotion, included)
  if (evaluation.ok && discountAmount(evaluation.value) === 0n) return fail({ code: 'nothing_applies' })
  return evaluation
}

const EFFECTS: Record<PromotionType, (promotion: Promotion, basket: Basket) => PromotionEvaluation> = {
  percentage: ({ value }, basket) => ok(takePercentage(value ?? '0', basket)),
  fixed_amount: takeFixedAmount,
  free_shipping: (_, basket) => takeShipping(basket),
  buy_x_get_y: takeCheapestUnits,
  tiered: takeTier,
}
