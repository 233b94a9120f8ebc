import { toStripeAmount } from '@shop/kernel/stripe-amount'
import type { TaxRequest } from './tax-request.ts'

/** What is left out is not sent. */
export type FormValue = string | number | null | undefined | readonly FormValue[] | { [name: string]: FormValue }

/** Members that Stripe shows only if they are asked for. */
const EXPAND = ['line_items.data.tax_breakdown', 'shipping_cost.tax_breakdown']

/**
 * The parameters of Stripe's call, with amounts in its unit.
 *
 * @returns undefined for an amount that Stripe cannot express
 */
export function toCalculationParams(request: TaxRequest): FormValue {
  const { currency, address, vatId } = request
  const stripeAmount = (minor: number) => {
    const amount = toStripeAmount({ minor, currency })
    return amount.ok ? amount.value : undefined
  }
  const tax_behavior = request.pricesIncludeTax ? 'inclusive' : 'exclusive'
  const line_items = request.lines.map(({ position, amount, quantity, taxCode }) => {
    return { amount: stripeAmount(amount), quantity, reference: String(position), tax_behavior, tax_code: taxCode }
  })
  const shipping = stripeAmount(request.shipping)
  if (shipping === undefined || line_items.some(({ amount }) => amount === undefined)) return undefined
  const { line1, line2, city, region: state, postal_code, country } = address
  return {
    currency: currency.toLowerCase(),
    line_items,
    shipping_cost: shipping === 0 ? null : { amount: shipping, tax_behavior },
    customer_details: {
      address: { line1, line2, city, state, postal_code, country },
      address_source: request.addressSource,
      tax_ids: vatId === null ? null : [{ type: 'eu_vat', value: vatId }],
    },
    expand: EXPAND,
  }
}

/** Names and values as Stripe reads them: `line_items[0][amount]=1000`. */
export function toForm(value: FormValue, name = ''): [name: string, value: string][] {
  if (value === null || value === undefined) return []
  if (typeof value !== 'object') return [[name, String(value)]]
  return Object.entries(value).flatMap(([key, member]) => toForm(member, name === '' ? key : `${name}[${key}]`))
}
