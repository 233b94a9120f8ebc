import { type DependencyFetch, dependencyFetch } from '@shop/http/dependency-fetch'
import type { TaxAnswer } from './domain/tax-answer.ts'
import { type FormValue, toCalculationParams, toForm } from './domain/tax-params.ts'
import type { TaxRequest } from './domain/tax-request.ts'
import { errorCodeOf, readCalculation } from './read-calculation.ts'

/** A buyer waits for it, and the shop has rates of its own. */
const TIMEOUT_MS = 2_000

/** The part of a request's time that is left for writing the order. */
const RESERVE_MS = 2_000

/** The version of the API whose answers are read here: that of the SDK which payments uses. */
export const API_VERSION = '2026-10-28.endive'

type StripeTaxOptions = {
  /** A restricted key that may write tax calculations, and nothing else. */
  secretKey: string
  /** Empty for Stripe itself. */
  apiBase: string
  send?: DependencyFetch
}

/**
 * Asks Stripe Tax, once: a calculation that is lost costs nothing, and the buyer waits.
 *
 * Without Stripe's SDK: this is one call, and the SDK adds 250 KiB to what every instance of the worker has to load.
 *
 * Source: https://docs.stripe.com/api/tax/calculations/create
 */
export function stripeCalculator({
  secretKey,
  apiBase,
  send = dependencyFetch('stripe', { timeoutMs: TIMEOUT_MS, reserveMs: RESERVE_MS }),
}: StripeTaxOptions): (request: TaxRequest) => Promise<TaxAnswer> {
  const url = `${apiBase || 'https://api.stripe.com'}/v1/tax/calculations`
  const headers = {
    authorization: `Bearer ${secretKey}`,
    'content-type': 'application/x-www-form-urlencoded',
    'stripe-version': API_VERSION,
  }
  const post = async (params: FormValue) => {
    const response = await send(url, { method: 'POST', headers, body: new URLSearchParams(toForm(params)).toString() })
    const body: unknown = await response.json()
    return { status: response.status, body }
  }
  return async (request) => {
    const params = toCalculationParams(request)
    if (params === undefined) return unavailable('amount_not_in_stripe_unit')
    // An answer that is no JSON is none.
    const answer = await post(params).catch((error: unknown) => (error instanceof Error ? error.name : 'unknown'))
    if (typeof answer === 'string') return unavailable(answer)
    if (answer.status !== 200) return refusal(answer.status, errorCodeOf(answer.body))
    const calculation = readCalculation(answer.body, request)
    return calculation === undefined ? unavailable('unreadable_answer') : { kind: 'calculated', ...calculation }
  }
}

const unavailable = (reason: string): TaxAnswer => ({ kind: 'unavailable', reason })

/** A refusal of something else than the address is a mistake of the shop's settings, which a buyer cannot correct. */
function refusal(status: number, code: string | undefined): TaxAnswer {
  if (code === 'customer_tax_location_invalid') return { kind: 'address_refused' }
  return unavailable(code === undefined ? String(status) : `${status} ${code}`)
}
