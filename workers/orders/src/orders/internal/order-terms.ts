import type { OrdersDeps } from '../../deps.ts'
import type { SpendableCard } from '../../gift-cards/domain/apply-gift-cards.ts'
import type { OrderTerms } from '../../pricing/domain/price-order.ts'
import type { PricingRules } from '../../pricing/domain/purchase.ts'
import type { CheckedRequest } from '../domain/order-request.ts'
import { deliveryOf } from '../domain/tax-place.ts'

export type TermsDeps = Pick<OrdersDeps, 'origin' | 'taxRounding' | 'checkoutRequires' | 'now'>

/** What decides about the prices of an order beside its items and their quotes. */
export function orderTermsOf(
  { origin, taxRounding: rounding, checkoutRequires: requires, now }: TermsDeps,
  request: CheckedRequest,
  { rules, giftCards }: { rules: PricingRules; giftCards: readonly SpendableCard[] },
): OrderTerms {
  const { shippingOptionId, codes, vatId, expectedTotalAmount, expectedCodes } = request
  return {
    ...{ origin, rounding, requires, rules, codes, giftCards, shippingOptionId, vatId },
    ...deliveryOf(request),
    expected: { totalAmount: expectedTotalAmount, codes: expectedCodes },
    now: now(),
  }
}
