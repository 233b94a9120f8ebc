import { type DependencyFetch, dependencyFetch } from '@shop/http/dependency-fetch'
import { stripeHost } from '@shop/http/stripe-host'
import { toStripeAmount } from '@shop/kernel/stripe-amount'
import Stripe from 'stripe'
import type { TaxAnswer } from './domain/tax-answer.ts'
import type { TaxRequest } from './domain/tax-request.ts'
import { readCalculation } from './read-calculation.ts'

/** A buyer waits for it, and the shop has rates of its own. */
const TIMEOUT_MS = 2_000

/** The part of a request's time that is left for writing the order. */
const RESERVE_MS = 2_000

const EXPAND = ['line_items.data.tax_breakdown', 'shipping_cost.tax_breakdown']

/** @param secretKey a restricted key that may write tax calculations and nothing else @param apiBase see `stripeHost` */
type StripeTaxOptions = { secretKey: string; apiBase: string; send?: DependencyFetch }

/**
 * Asks Stripe Tax, once: a calculation that is lost costs nothing, and the buyer waits.
 *
 * Source: https://docs.stripe.com/api/tax/calculations/create
 */
export function stripeCalculator({
  secretKey,
  apiBase,
  send = dependencyFetch('stripe', { timeoutMs: TIMEOUT_MS, reserveMs: RESERVE_MS }),
}: StripeTaxOptions): (request: TaxRequest) => Promise<TaxAnswer> {
  const stripe = new Stripe(secretKey, {
    httpClient: Stripe.createFetchHttpClient(send),
    timeout: TIMEOUT_MS,
    maxNetworkRetries: 0,
    telemetry: false,
    ...stripeHost(apiBase),
  })
  return async (request) => {
    const params = toParams(request)
    if (params === undefined) return unavailable('amount_not_in_stripe_unit')
    try {
      const calculation = readCalculation(await stripe.tax.calculations.create(params), request)
      return calculation === undefined ? unavailable('unreadable_answer') : { kind: 'calculated', ...calculation }
    } catch (error) {
      return answerOf(error)
    }
  }
}

const unavailable = (reason: string): TaxAnswer => ({ kind: 'unavailable', reason })

/** A refusal of something else than the address is a mistake of the shop's settings, which a buyer cannot correct. */
function answerOf(error: unknown): TaxAnswer {
  if (!(error instanceof Stripe.errors.StripeError)) throw error
  if (error.code === 'customer_tax_location_invalid') return { kind: 'address_refused' }
  return unavailable([error.statusCode, error.code ?? error.type].filter(Boolean).join(' '))
}

/** @returns undefined for an amount that Stripe cannot express */
function toParams(request: TaxRequest): Stripe.Tax.CalculationCreateParams | undefined {
  const { currency, address, vatId } = request
  const amounts = [...request.lines.map(({ amount }) => amount), request.shipping].map((minor) =>
    toStripeAmount({ minor, currency }),
  )
  const known = amounts.flatMap((amount) => (amount.ok ? [amount.value] : []))
  if (known.length < amounts.length) return undefined
  const shipping = known.at(-1) ?? 0
  const tax_behavior = request.pricesIncludeTax ? 'inclusive' : 'exclusive'
  const { line1, line2, city, region, postal_code, country } = address
  const place = { line1, country, line2, city, state: region, postal_code }
  const given = Object.fromEntries(Object.entries(place).filter(([, part]) => part !== undefined))
  return {
    currency: currency.toLowerCase(),
    line_items: request.lines.map(({ position, quantity, taxCode }, index) => ({
      amount: known[index] ?? 0,
      quantity,
      reference: String(position),
      tax_behavior,
      ...(taxCode === null ? {} : { tax_code: taxCode }),
    })),
    ...(shipping === 0 ? {} : { shipping_cost: { amount: shipping, tax_behavior } }),
    customer_details: {
      address: { ...given, country },
      address_source: request.addressSource,
      ...(vatId === null ? {} : { tax_ids: [{ type: 'eu_vat', value: vatId }] }),
    },
    expand: EXPAND,
  }
}
