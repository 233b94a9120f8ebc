import type { Quote } from '@shop/contracts/catalog/rpc'
import type { AddressIncomplete, MixedCurrencies } from '@shop/contracts/orders/failures'
import type { Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { SpendableCard } from '../../gift-cards/domain/apply-gift-cards.ts'
import {
  type PricedOrder,
  type PriceOrderFailure,
  priceOrder,
  toOrderPurchase,
} from '../../pricing/domain/price-order.ts'
import type { PricingRules } from '../../pricing/domain/purchase.ts'
import { calculateTaxes, type TaxDeps } from '../../stripe-tax/calculate-taxes.ts'
import type { CheckedRequest } from '../domain/order-request.ts'
import { taxPlaceOf } from '../domain/tax-place.ts'
import { orderTermsOf, type TermsDeps } from './order-terms.ts'

export type PriceDeps = TermsDeps & TaxDeps

type Priced = {
  request: CheckedRequest
  /** One for each item. */
  quotes: Quote[]
  rules: PricingRules
  giftCards: readonly SpendableCard[]
  customerKey: string
}

/** Prices an order. Stripe Tax calculates its taxes where the shop uses it, or else the shop's own rates do. */
export async function priceTaxedOrder(
  deps: PriceDeps,
  { request, quotes, customerKey, ...decisive }: Priced,
): Promise<Result<PricedOrder, PriceOrderFailure | MixedCurrencies | AddressIncomplete | ServiceUnavailable>> {
  const terms = orderTermsOf(deps, request, decisive)
  const purchase = toOrderPurchase(request.items, quotes, terms)
  if (!purchase.ok) return purchase
  const scope = request.cartId ?? customerKey
  const taxes = await calculateTaxes(deps, purchase.value, { place: taxPlaceOf(request), scope })
  return taxes.ok ? priceOrder({ ...purchase.value, calculatedTaxes: taxes.value }, quotes) : taxes
}
