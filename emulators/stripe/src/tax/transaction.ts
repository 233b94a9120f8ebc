import type Stripe from 'stripe'
import { found, type Work } from '../api/endpoint.ts'
import { invalidRequest, noSuch } from '../api/errors.ts'
import { token } from '../store/ids.ts'
import type { TaxCalculation, TaxTransaction } from '../store/objects.ts'

type Spec = { reference: string; metadata: Stripe.Metadata }

/** Records the taxes of a calculation. Each calculation is recorded once. */
export function recordCalculation(work: Work, calculationId: string, { reference, metadata }: Spec): TaxTransaction {
  const calculation = loadCalculation(work, calculationId, 'calculation', 400)
  checkReference(work, reference)
  if (work.store.all('tax.transaction').some(({ calculation: recorded }) => recorded === calculationId)) {
    const message = `A transaction was already created from the calculation '${calculationId}'.`
    throw invalidRequest(message, { code: 'resource_already_exists', param: 'calculation' })
  }
  const { currency, customer, customer_details, ship_from_details, shipping_cost, tax_date } = calculation
  const id = `tax_1${token(23)}`
  const transaction: TaxTransaction = {
    ...{ id, object: 'tax.transaction', created: work.now, currency, customer, customer_details },
    line_items: listOf(id, calculation.line_items.data.map(toTransactionLine)),
    ...{ livemode: false, metadata, posted_at: work.now, reference, reversal: null, ship_from_details },
    shipping_cost: shipping_cost && withoutBreakdown(shipping_cost),
    ...{ tax_date, type: 'transaction', calculation: calculationId },
  }
  work.store.insert('tax.transaction', transaction)
  return transaction
}

/** The calculation with this id. An expired one is gone. */
export function loadCalculation(work: Work, id: string, param: string, status: 400 | 404): TaxCalculation {
  const calculation = work.store.find('tax.calculation', id)
  const isExpired = (calculation?.expires_at ?? 0) <= work.now
  return found(isExpired ? undefined : calculation, noSuch('tax calculation', id, param, status))
}

/** @throws ApiError for a reference that another transaction or reversal has */
export function checkReference({ store }: Work, reference: string): void {
  if (store.all('tax.transaction').every((transaction) => transaction.reference !== reference)) return
  const message = `A transaction with the reference '${reference}' already exists.`
  throw invalidRequest(message, { code: 'resource_already_exists', param: 'reference' })
}

export const listOf = (id: string, data: Stripe.Tax.TransactionLineItem[]): TaxTransaction['line_items'] => {
  return { object: 'list', data, has_more: false, url: `/v1/tax/transactions/${id}/line_items` }
}

function toTransactionLine(line: Stripe.Tax.CalculationLineItem): Stripe.Tax.TransactionLineItem {
  const { amount, amount_tax, livemode, metadata, product, quantity, reference, tax_behavior, tax_code } = line
  return {
    ...{ id: `tax_li_${token(14)}`, object: 'tax.transaction_line_item', amount, amount_tax, livemode, metadata },
    ...{ product, quantity, reference, reversal: null, tax_behavior, tax_code, type: 'transaction' },
  }
}

function withoutBreakdown({ amount, amount_tax, tax_behavior, tax_code }: Stripe.Tax.Calculation.ShippingCost) {
  return { amount, amount_tax, tax_behavior, tax_code }
}
