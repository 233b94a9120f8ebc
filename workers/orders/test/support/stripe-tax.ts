import type { TaxAnswer } from '../../src/stripe-tax/domain/tax-answer.ts'
import type { TaxRequest } from '../../src/stripe-tax/domain/tax-request.ts'
import { USD } from './pricing/carts.ts'

/** Two lines of 10.00 and 5.00 USD and shipping of 4.00 USD to California. */
export const aTaxRequest = (over: Partial<TaxRequest> = {}): TaxRequest => ({
  scope: 'account:user_1',
  currency: USD,
  address: { line1: '1 Main Street', city: 'Los Angeles', region: 'CA', postal_code: '90001', country: 'US' },
  addressSource: 'shipping',
  pricesIncludeTax: false,
  lines: [
    { position: 0, amount: 1_000, quantity: 2, taxCode: null },
    { position: 1, amount: 500, quantity: 1, taxCode: 'txcd_30011000' },
  ],
  shipping: 400,
  vatId: null,
  ...over,
})

/** A part of the tax of a line, as Stripe answers it. */
export const stripePart = (amount: number, over: object = {}) => ({
  amount,
  jurisdiction: { country: 'US', state: 'CA', level: 'state', display_name: 'California' },
  sourcing: 'destination',
  tax_rate_details: { display_name: 'Sales Tax', percentage_decimal: '10.0', tax_type: 'sales_tax' },
  taxability_reason: 'standard_rated',
  taxable_amount: 10 * amount,
  ...over,
})

export const stripeLine = (reference: string, amount: number, over: object = {}) => ({
  ...{ id: `tax_li_${reference}`, object: 'tax.calculation_line_item', reference, amount, amount_tax: amount / 10 },
  tax_breakdown: [stripePart(amount / 10)],
  ...over,
})

/** Stripe's answer to {@link aTaxRequest}: 10 % of everything. */
export const aStripeCalculation = (over: object = {}) => ({
  ...{ id: 'taxcalc_1', object: 'tax.calculation', currency: 'usd' },
  line_items: { object: 'list', has_more: false, data: [stripeLine('0', 1_000), stripeLine('1', 500)] },
  shipping_cost: { amount: 400, amount_tax: 40, tax_breakdown: [stripePart(40)] },
  ...over,
})

export const TEN_PERCENT_TAX = { rateId: 'stripe:US-CA-sales_tax-0.1', name: 'Sales Tax', rate: '0.1' }

/** What is read of it. */
export const aTaxAnswer = (over: object = {}): TaxAnswer & { kind: 'calculated' } => ({
  ...{ kind: 'calculated', calculationId: 'taxcalc_1', isReversed: false },
  lines: new Map([
    [0, [{ ...TEN_PERCENT_TAX, amount: 100 }]],
    [1, [{ ...TEN_PERCENT_TAX, amount: 50 }]],
  ]),
  shipping: [{ ...TEN_PERCENT_TAX, amount: 40 }],
  ...over,
})
