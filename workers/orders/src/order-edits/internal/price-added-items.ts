import type { Quote, QuoteFailure } from '@shop/contracts/catalog/rpc'
import type { MaxPerOrderExceeded, MixedCurrencies, OrderTotalTooLarge } from '@shop/contracts/orders/failures'
import { ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrdersDeps } from '../../deps.ts'
import { NO_UNITS } from '../../fulfillment/domain/units.ts'
import type { Order, OrderLine } from '../../orders/domain/order.ts'
import { rulesQueryOf } from '../../orders/domain/rules-query-of.ts'
import { deliveryOf } from '../../orders/domain/tax-place.ts'
import { checkQuantities } from '../../pricing/domain/check-quantities.ts'
import { toOrderPurchase, toPricedLines } from '../../pricing/domain/price-order.ts'
import { pricePurchase } from '../../pricing/domain/price-purchase.ts'
import type { PricingRules } from '../../pricing/domain/purchase.ts'
import type { EditMade, PricedItems } from '../domain/edit-step.ts'
import type { WantedEdit } from '../domain/order-edit.ts'
import { addressesAfter, type EditPlan, linesAfter } from '../domain/plan-edit.ts'

export type PriceAddedDeps = Pick<OrdersDeps, 'catalog' | 'rules' | 'origin' | 'taxRounding' | 'newLineId'>
export type PriceFailure =
  | QuoteFailure
  | MixedCurrencies
  | OrderTotalTooLarge
  | MaxPerOrderExceeded
  | ServiceUnavailable

/** The lines to add, with the quotes that gave their prices. */
export type AddedLines = PricedItems & { quotes: Quote[] }

/**
 * Prices the items that an edit adds: at current prices in the order's currency, with current tax rates at its address, and without
 * promotions. The order's tax exemption and its rule on included tax stay.
 */
export async function priceAddedItems(
  deps: PriceAddedDeps,
  order: Order,
  { shrunk, added }: EditPlan,
  { wanted, made }: { wanted: WantedEdit; made: EditMade },
): Promise<Result<AddedLines, PriceFailure>> {
  if (added.length === 0) return ok({ items: added, lines: [], quotes: [] })
  const addresses = addressesAfter(order, wanted)
  const query = rulesQueryOf({ ...addresses, codes: [], now: made.at, customerKey: null, userId: order.userId })
  const refs = added.map(({ variantId }) => ({ variantId }))
  const [quotes, rules] = await Promise.all([
    deps.catalog.quote({ refs, currency: order.currency }),
    deps.rules.find(query),
  ])
  if (!quotes.ok) return quotes
  const purchase = toOrderPurchase(added, quotes.value, {
    ...{ origin: deps.origin, rounding: deps.taxRounding, rules: termsOf(order, rules), now: made.at },
    ...{ ...deliveryOf(addresses), codes: [], shippingOptionId: null, vatId: null },
    ...{ requires: { address: false, shipping: false }, expected: {}, giftCards: [] },
  })
  if (!purchase.ok) return purchase
  const lines = toPricedLines(pricePurchase(purchase.value), quotes.value).map(
    (line): OrderLine => ({ ...line, id: deps.newLineId(), units: NO_UNITS, holdId: made.editId }),
  )
  const quantities = checkQuantities([...linesAfter(order, shrunk), ...lines], quotes.value)
  return quantities.ok ? ok({ items: added, lines, quotes: quotes.value }) : quantities
}

/** The order's terms: an exempt buyer pays no tax on added items, and prices include tax as in the order. */
function termsOf({ taxExemption, pricesIncludeTax }: Order, rules: PricingRules): PricingRules {
  const { tax } = rules
  const isExempt = taxExemption !== null
  const country = isExempt ? tax.country : { ...tax.country, pricesIncludeTax }
  return { ...rules, candidates: [], tax: { ...tax, country, isExempt } }
}
