import type Stripe from 'stripe'
import { token } from '../store/ids.ts'
import type { TaxCalculation } from '../store/objects.ts'
import { amountsOf, type PlaceTax, taxesAt } from './rates.ts'
import type { CalculationSpec, TaxedItem } from './read-calculation.ts'

type Breakdown = Stripe.Tax.CalculationLineItem.TaxBreakdown
type Reason = Breakdown['taxability_reason']
/** The taxes of a calculation's address, and why its customer pays none. */
type Terms = { taxes: readonly PlaceTax[]; address: Stripe.Address; waiver: Reason | undefined }

/** https://docs.stripe.com/api/tax/transactions/create_from_calculation */
const EXPIRES_AFTER = 90 * 86_400
/** The tax code of what is never taxed. */
const NONTAXABLE = 'txcd_00000000'

/** A new calculation with all members that `expand` can ask for, not yet stored. */
export function newCalculation({ currency, items, shipping, customer }: CalculationSpec, now: number): TaxCalculation {
  const terms = termsOf(customer)
  const lines = items.map((item) => taxedLine(item, terms))
  const shipping_cost = shipping && { ...shipping, ...taxed(shipping, terms) }
  const parts = [...lines, ...(shipping_cost === null ? [] : [shipping_cost])]
  const taxOf = (behavior: string) =>
    parts.filter(({ tax_behavior }) => tax_behavior === behavior).reduce((sum, { amount_tax }) => sum + amount_tax, 0)
  const exclusive = taxOf('exclusive')
  const id = `taxcalc_1${token(23)}`
  return {
    id,
    object: 'tax.calculation',
    amount_total: parts.reduce((sum, { amount }) => sum + amount, exclusive),
    created: now,
    currency,
    customer: null,
    customer_details: customer,
    expires_at: now + EXPIRES_AFTER,
    line_items: { object: 'list', data: lines, has_more: false, url: `/v1/tax/calculations/${id}/line_items` },
    livemode: false,
    ship_from_details: null,
    shipping_cost,
    tax_amount_exclusive: exclusive,
    tax_amount_inclusive: taxOf('inclusive'),
    tax_breakdown: summary(parts, terms),
    tax_date: now,
  }
}

/** Businesses of the EU owe VAT themselves. The account's own head office is outside the EU. */
function termsOf({ address, tax_ids, taxability_override: override }: CalculationSpec['customer']): Terms {
  const taxes = taxesAt(address)
  const isReversed = taxes.some(({ tax_type }) => tax_type === 'vat') && tax_ids.some(({ type }) => type === 'eu_vat')
  const waiver = override === 'none' ? (isReversed ? 'reverse_charge' : undefined) : override
  return { taxes, address, waiver }
}

function taxedLine(item: CalculationSpec['items'][number], terms: Terms): Stripe.Tax.CalculationLineItem {
  const shown = { livemode: false, performance_location: null, product: null }
  return { id: `tax_li_${token(14)}`, object: 'tax.calculation_line_item', ...shown, ...item, ...taxed(item, terms) }
}

/** The tax of a line or of shipping, with its reasons. */
function taxed({ amount, tax_behavior, tax_code }: TaxedItem, { taxes, address, waiver }: Terms) {
  const reason: Reason | undefined = tax_code === NONTAXABLE ? 'product_exempt' : waiver
  const country = String(address.country)
  if (reason !== undefined || taxes.length === 0) {
    const jurisdiction = { country, display_name: country, level: 'country', state: null } as const
    const none = { amount: 0, taxable_amount: 0, tax_rate_details: null, sourcing: 'destination' } as const
    return { amount_tax: 0, tax_breakdown: [{ ...none, jurisdiction, taxability_reason: reason ?? 'not_collecting' }] }
  }
  const inclusive = tax_behavior === 'inclusive'
  const amounts = amountsOf(taxes, amount, inclusive)
  const amount_tax = amounts.reduce((sum, part) => sum + part, 0)
  const tax_breakdown = taxes.map((tax, index): Breakdown => {
    const { level, authority, display_name, tax_type, percentage } = tax
    const state = level === 'country' ? null : address.state
    return {
      amount: amounts[index] ?? 0,
      jurisdiction: { country, display_name: authority, level, state },
      sourcing: 'destination',
      tax_rate_details: { display_name, percentage_decimal: percentage, tax_type },
      taxability_reason: 'standard_rated',
      taxable_amount: inclusive ? amount - amount_tax : amount,
    }
  })
  return { amount_tax, tax_breakdown }
}

type Part = { tax_behavior: string; tax_breakdown?: Breakdown[] | null }

/** The sum of each tax over all parts. */
function summary(parts: Part[], { address }: Terms): Stripe.Tax.Calculation.TaxBreakdown[] {
  const sums = new Map<string, Stripe.Tax.Calculation.TaxBreakdown>()
  for (const { tax_behavior, tax_breakdown } of parts) {
    for (const { amount, taxable_amount, jurisdiction, tax_rate_details: rate, taxability_reason } of tax_breakdown ??
      []) {
      const percentage_decimal = rate?.percentage_decimal ?? '0.0'
      const { country } = address
      const { state } = jurisdiction
      const tax_type = rate?.tax_type ?? null
      const name = JSON.stringify([state, tax_type, percentage_decimal, taxability_reason, tax_behavior])
      const before = sums.get(name) ?? { amount: 0, taxable_amount: 0 }
      const rate_type = rate === null ? null : 'percentage'
      sums.set(name, {
        amount: before.amount + amount,
        inclusive: tax_behavior === 'inclusive',
        tax_rate_details: { country, flat_amount: null, percentage_decimal, rate_type, state, tax_type },
        taxability_reason,
        taxable_amount: before.taxable_amount + taxable_amount,
      })
    }
  }
  return [...sums.values()]
}
