import { currency } from '@shop/kernel/currencies'
import { Unavailable } from '@shop/kernel/unavailable'
import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import type { TaxRequest } from '../../../src/stripe-tax/domain/tax-request.ts'
import { API_VERSION, stripeCalculator } from '../../../src/stripe-tax/stripe-calculator.ts'
import { aStripeCalculation, aTaxAnswer, aTaxRequest } from '../../support/stripe-tax.ts'

type Sent = { url: string; body: URLSearchParams; authorization: string | null }

/** Asks a Stripe that answers in this way. */
async function ask(answer: () => Response | Promise<Response>, request: TaxRequest = aTaxRequest()) {
  const sent: Sent[] = []
  const calculate = stripeCalculator({
    secretKey: 'rk_test_tax',
    apiBase: 'http://stripe.test:1234',
    send: async (url, init) => {
      const authorization = new Headers(init?.headers).get('authorization')
      sent.push({ url: String(url), body: new URLSearchParams(String(init?.body)), authorization })
      return answer()
    },
  })
  return { answer: await calculate(request), sent }
}

const calculated = () => Response.json(aStripeCalculation())
const refusing = (status: number, error: object) => () => Response.json({ error }, { status })
const INVALID = { type: 'invalid_request_error', message: 'No' }

describe('Stripe Tax', () => {
  it('is asked in the version of the API that payments uses', () => {
    expect(API_VERSION).toBe(Stripe.API_VERSION)
  })

  it('is asked about lines, shipping and the address, with a key of its own', async () => {
    const { answer, sent } = await ask(calculated)
    expect(answer).toEqual(aTaxAnswer())
    expect(sent).toHaveLength(1)
    const [{ url, body, authorization } = { url: '', body: new URLSearchParams(), authorization: '' }] = sent
    expect([url, authorization]).toEqual(['http://stripe.test:1234/v1/tax/calculations', 'Bearer rk_test_tax'])
    expect(Object.fromEntries(body)).toEqual({
      currency: 'usd',
      'line_items[0][amount]': '1000',
      'line_items[0][quantity]': '2',
      'line_items[0][reference]': '0',
      'line_items[0][tax_behavior]': 'exclusive',
      'line_items[1][amount]': '500',
      'line_items[1][quantity]': '1',
      'line_items[1][reference]': '1',
      'line_items[1][tax_behavior]': 'exclusive',
      'line_items[1][tax_code]': 'txcd_30011000',
      'shipping_cost[amount]': '400',
      'shipping_cost[tax_behavior]': 'exclusive',
      'customer_details[address][line1]': '1 Main Street',
      'customer_details[address][city]': 'Los Angeles',
      'customer_details[address][state]': 'CA',
      'customer_details[address][postal_code]': '90001',
      'customer_details[address][country]': 'US',
      'customer_details[address_source]': 'shipping',
      'expand[0]': 'line_items.data.tax_breakdown',
      'expand[1]': 'shipping_cost.tax_breakdown',
    })
  })

  it('is told the VAT id, and whether prices include tax', async () => {
    const { sent } = await ask(calculated, aTaxRequest({ vatId: 'DE136695976', pricesIncludeTax: true, shipping: 0 }))
    const body = Object.fromEntries(sent[0]?.body ?? [])
    expect(body).toMatchObject({
      'line_items[0][tax_behavior]': 'inclusive',
      'customer_details[tax_ids][0][type]': 'eu_vat',
      'customer_details[tax_ids][0][value]': 'DE136695976',
    })
    expect(Object.keys(body).some((name) => name.startsWith('shipping_cost'))).toBe(false)
  })

  it('counts some currencies in another unit', async () => {
    const { sent } = await ask(calculated, aTaxRequest({ currency: currency('MGA'), shipping: 0 }))
    expect(sent[0]?.body.get('line_items[0][amount]')).toBe('10')
  })

  it('refuses an address that it does not find', async () => {
    const error = { ...INVALID, code: 'customer_tax_location_invalid' }
    expect((await ask(refusing(400, error))).answer).toEqual({ kind: 'address_refused' })
  })

  it.each([
    ['does not answer', () => Promise.reject(new Unavailable('stripe')), /^Unavailable$/],
    ['answers with an error', refusing(500, { type: 'api_error', message: 'No' }), /^500$/],
    ['has too many calls', refusing(429, { ...INVALID, code: 'rate_limit' }), /^429 rate_limit/],
    ['does not accept the key', refusing(401, INVALID), /^401$/],
    ['refuses the key’s permission', refusing(403, INVALID), /^403$/],
    [
      'refuses something else than the address',
      refusing(400, { ...INVALID, code: 'tax_inactive' }),
      /^400 tax_inactive/,
    ],
    ['answers no JSON', () => new Response('<html>', { status: 200 }), /^SyntaxError$/],
    ['answers an error without JSON', () => new Response('<html>', { status: 502 }), /^SyntaxError$/],
    ['answers something else', () => Response.json({ object: 'list', data: [] }), /unreadable_answer/],
  ])('is away when it %s, and is asked once', async (_, answer, reason) => {
    const asked = await ask(answer)
    expect(asked.answer).toEqual({ kind: 'unavailable', reason: expect.stringMatching(reason) })
    expect(asked.sent).toHaveLength(1)
  })

  it('is not asked about an amount that it cannot express', async () => {
    const lines = [{ position: 0, amount: 1_001, quantity: 1, taxCode: null }]
    const { answer, sent } = await ask(calculated, aTaxRequest({ currency: currency('KWD'), lines }))
    expect([answer, sent]).toEqual([{ kind: 'unavailable', reason: 'amount_not_in_stripe_unit' }, []])
  })
})
