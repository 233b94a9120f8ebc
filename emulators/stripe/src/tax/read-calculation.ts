import type Stripe from 'stripe'
import { ApiError, invalidRequest } from '../api/errors.ts'
import type { Form } from '../api/form.ts'
import { Params } from '../api/params.ts'

export type Behavior = 'exclusive' | 'inclusive'

export interface TaxedItem {
  amount: number
  tax_behavior: Behavior
  tax_code: string
}

export interface CalculationSpec {
  currency: string
  items: (TaxedItem & { reference: string; quantity: number; metadata: Stripe.Metadata })[]
  shipping: TaxedItem | null
  customer: Stripe.Tax.Calculation['customer_details'] & { address: Stripe.Address }
}

const MAX_ITEMS = 100
/** General tangible goods, and shipping. */
const DEFAULT_CODE = 'txcd_99999999'
const SHIPPING_CODE = 'txcd_92010001'

/** Reads the parameters of a calculation. @throws ApiError as Stripe refuses them */
export function readCalculation(form: Form): CalculationSpec {
  const params = new Params(form, {
    accepts: ['currency', 'line_items', 'shipping_cost', 'customer_details'],
    unsupported: ['customer', 'ship_from_details', 'tax_date'],
  })
  const currency = params.requiredString('currency').toLowerCase()
  params.require('line_items', 'customer_details')
  const shipping = params.hash('shipping_cost')
  return {
    currency,
    items: readItems(params.raw('line_items')),
    shipping: shipping === undefined ? null : readShipping(shipping),
    customer: readCustomer(params.hash('customer_details') ?? {}),
  }
}

function readItems(sent: unknown): CalculationSpec['items'] {
  if (!Array.isArray(sent) || sent.length === 0) throw invalidRequest('Invalid array', { param: 'line_items' })
  if (sent.length > MAX_ITEMS) {
    throw invalidRequest(`You can pass up to ${MAX_ITEMS} line items.`, { param: 'line_items' })
  }
  const items = sent.map((item, index) => readItem(item, index))
  const references = new Set(items.map(({ reference }) => reference))
  if (references.size === items.length) return items
  throw invalidRequest('Line item references must be unique.', { param: 'line_items' })
}

function readItem(item: Form, index: number): CalculationSpec['items'][number] {
  const params = new Params(item, {
    accepts: ['amount', 'quantity', 'reference', 'tax_behavior', 'tax_code', 'metadata'],
    unsupported: ['product', 'performance_location'],
  })
  return {
    ...readTaxed(params, DEFAULT_CODE),
    reference: params.string('reference') ?? `L${index + 1}`,
    quantity: params.integer('quantity') ?? 1,
    metadata: params.metadata({}),
  }
}

function readShipping(form: Form): TaxedItem {
  const accepted = { accepts: ['amount', 'tax_behavior', 'tax_code'], unsupported: ['shipping_rate'] }
  return readTaxed(new Params(form, accepted), SHIPPING_CODE)
}

function readTaxed(params: Params, defaultCode: string): TaxedItem {
  const amount = params.requiredInteger('amount')
  if (amount < 0) throw invalidRequest('Invalid non-negative integer', { param: 'amount' })
  const tax_code = params.string('tax_code') ?? defaultCode
  if (!/^txcd_\d{8}$/.test(tax_code)) {
    throw invalidRequest(`Invalid tax code: ${tax_code}`, { code: 'resource_missing', param: 'tax_code' })
  }
  return { amount, tax_behavior: params.oneOf('tax_behavior', ['exclusive', 'inclusive']) ?? 'exclusive', tax_code }
}

function readCustomer(form: Form): CalculationSpec['customer'] {
  const params = new Params(form, {
    accepts: ['address', 'address_source', 'tax_ids', 'taxability_override'],
    unsupported: ['ip_address'],
  })
  params.require('address', 'address_source')
  return {
    address: readAddress(params.hash('address') ?? {}),
    address_source: params.oneOf('address_source', ['billing', 'shipping']) ?? null,
    ip_address: null,
    tax_ids: readTaxIds(params.raw('tax_ids')),
    taxability_override: params.oneOf('taxability_override', ['customer_exempt', 'none', 'reverse_charge']) ?? 'none',
  }
}

/** Stripe needs the postal code in the US, a province or a postal code in Canada, and elsewhere the country only. */
function readAddress(form: Form): Stripe.Address {
  const params = new Params(form, { accepts: ['city', 'country', 'line1', 'line2', 'postal_code', 'state'] })
  const part = (name: string) => params.clearable(name) ?? null
  const country = params.requiredString('country')
  const [postal_code, state] = [part('postal_code'), part('state')]
  const isKnown =
    /^[A-Z]{2}$/.test(country) &&
    (country !== 'US' || /^\d{5}(-\d{4})?$/.test(postal_code ?? '')) &&
    (country !== 'CA' || postal_code !== null || state !== null)
  if (isKnown) return { city: part('city'), country, line1: part('line1'), line2: part('line2'), postal_code, state }
  const message = "We could not determine the customer's tax location based on the provided customer address."
  const details = { code: 'customer_tax_location_invalid', param: 'customer_details[address]' }
  throw new ApiError(400, { type: 'invalid_request_error', message, ...details })
}

function readTaxIds(sent: unknown): Stripe.Tax.Calculation.CustomerDetails.TaxId[] {
  if (sent === undefined || sent === '') return []
  if (!Array.isArray(sent)) throw invalidRequest('Invalid array', { param: 'customer_details[tax_ids]' })
  return sent.map((one: Form) => {
    const params = new Params(one, { accepts: ['type', 'value'] })
    return { type: params.requiredString('type'), value: params.requiredString('value') }
  })
}
