import type { OrderRequest } from '../../src/orders/domain/order-request.ts'
import type { OrderTerms, PricedOrder } from '../../src/pricing/domain/price-order.ts'
import type { PricedPart } from '../../src/pricing/domain/pricing.ts'
import type { PricingRules } from '../../src/pricing/domain/purchase.ts'
import { DEFAULT_TAX_COUNTRY } from '../../src/tax/domain/tax-country.ts'

/** Of a shop without promotions, shipping and tax. */
export const NO_RULES: PricingRules = {
  ...{ candidates: [], groupIds: [], isFirstOrder: true, zones: [] },
  tax: { rates: [], country: DEFAULT_TAX_COUNTRY, isExempt: false },
}

export const SPRINGFIELD = { country: 'US', regions: ['IL'], postalCode: '62701' }

/** Of an order without an address in such a shop, which asks for nothing. */
export const orderTerms = (over: Partial<OrderTerms> = {}): OrderTerms => ({
  ...{ origin: SPRINGFIELD, destination: null, isDeliverable: false, shippingOptionId: null, codes: [], vatId: null },
  ...{ rules: NO_RULES, rounding: 'line', requires: { address: false, shipping: false }, expected: {} },
  giftCards: [],
  now: new Date('2026-11-23T10:00:00.000Z'),
  ...over,
})

/** A line without discounts and tax. */
export const plainPart = (subtotal: number): PricedPart => {
  return { subtotal, discount: 0, tax: 0, total: subtotal, adjustments: [], taxLines: [] }
}

/** The totals of such lines, without shipping. */
export const plainTotals = (subtotal: number): Omit<PricedOrder, 'lines' | 'currency' | 'giftCards'> => ({
  ...{ subtotal, discountTotal: 0, shippingTotal: 0, taxTotal: 0, total: subtotal, pricesIncludeTax: false },
  ...{ adjustments: [], taxLines: [], shipping: null, taxExemption: null },
  ...{ taxProvider: 'rates', taxCalculationId: null },
})

/** Two units of product 1, without more. */
export const anOrderRequest = (over: Partial<OrderRequest> = {}): OrderRequest => ({
  items: [{ productId: 1, quantity: 2 }],
  ...{ shippingAddress: null, billingAddress: null, email: null, note: null, codes: [], shippingOptionId: null },
  ...{ giftCards: [], vatId: null, cartId: null, address: '10.0.0.1' },
  ...over,
})
