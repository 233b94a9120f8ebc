import type Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { header, refusal, sdk, startEmulator } from './support.ts'

type Params = Stripe.Tax.CalculationCreateParams

const EXPAND = ['line_items.data.tax_breakdown', 'shipping_cost.tax_breakdown']

const params = (country: string, over: Partial<Params> = {}, state?: string): Params => ({
  currency: 'usd',
  line_items: [{ amount: 1_000, reference: 'L1', quantity: 2 }],
  customer_details: {
    address: { line1: '1 Main Street', country, postal_code: '94080', ...(state && { state }) },
    address_source: 'shipping',
  },
  ...over,
})

const calculate = async (...sent: Parameters<typeof params>) =>
  (await startEmulator()).stripe.tax.calculations.create({ ...params(...sent), expand: EXPAND })

describe('a tax calculation', () => {
  it.each([
    ['DE', undefined, [['vat', '19.0', 190]]],
    ['FR', undefined, [['vat', '20.0', 200]]],
    [
      'US',
      'CA',
      [
        ['sales_tax', '6.0', 60],
        ['sales_tax', '1.25', 13],
      ],
    ],
    [
      'CA',
      'QC',
      [
        ['gst', '5.0', 50],
        ['qst', '9.975', 100],
      ],
    ],
  ])('charges the taxes of %s %s', async (country, state, taxes) => {
    const { line_items } = await calculate(country, {}, state)
    const [line] = line_items?.data ?? []
    const shown = line?.tax_breakdown?.map(({ amount, tax_rate_details: rate }) => {
      return [rate?.tax_type, rate?.percentage_decimal, amount]
    })
    expect(shown).toEqual(taxes)
    expect(line).toMatchObject({
      amount: 1_000,
      amount_tax: taxes.reduce((sum, [, , amount]) => sum + Number(amount), 0),
    })
  })

  it('adds tax to prices, or finds it in them', async () => {
    const lines = (tax_behavior: 'inclusive' | 'exclusive') => ({
      line_items: [{ amount: 1_190, reference: 'L1', tax_behavior }],
      shipping_cost: { amount: 595, tax_behavior },
    })
    expect(await calculate('DE', lines('inclusive'))).toMatchObject({
      ...{ amount_total: 1_785, tax_amount_inclusive: 285, tax_amount_exclusive: 0 },
      shipping_cost: { amount: 595, amount_tax: 95, tax_breakdown: [{ amount: 95, taxable_amount: 500 }] },
      tax_breakdown: [{ amount: 285, inclusive: true, taxable_amount: 1_500 }],
    })
    expect(await calculate('DE', lines('exclusive'))).toMatchObject({
      ...{ amount_total: 2_124, tax_amount_inclusive: 0, tax_amount_exclusive: 339 },
    })
  })

  it.each([
    ['where the account is not registered', 'JP', {}, 'not_collecting'],
    ['of what is never taxed', 'DE', { line_items: [{ amount: 1, tax_code: 'txcd_00000000' }] }, 'product_exempt'],
  ])('charges nothing %s', async (_, country, over, taxability_reason) => {
    const { line_items, tax_amount_exclusive } = await calculate(country, over)
    expect(tax_amount_exclusive).toBe(0)
    expect(line_items?.data[0]?.tax_breakdown).toMatchObject([{ amount: 0, taxability_reason, tax_rate_details: null }])
  })

  it('leaves VAT to a business of the EU', async () => {
    const { customer_details } = params('DE')
    const tax_ids = [{ type: 'eu_vat', value: 'DE136695976' } as const]
    const { line_items } = await calculate('DE', { customer_details: { ...customer_details, tax_ids } })
    expect(line_items?.data[0]).toMatchObject({
      ...{ amount_tax: 0, tax_breakdown: [{ taxability_reason: 'reverse_charge' }] },
    })
  })

  it('shows lines and breakdowns only when they are expanded, and is gone after 90 days', async () => {
    const { stripe, server } = await startEmulator()
    const created = await stripe.tax.calculations.create(params('DE', { shipping_cost: { amount: 1 } }))
    expect(created).not.toHaveProperty('line_items')
    expect(created.shipping_cost).not.toHaveProperty('tax_breakdown')
    const id = String(created.id)
    const expanded = (path: string) => stripe.tax.calculations.retrieve(id, { expand: [path] })
    const { line_items: lines } = await expanded('line_items')
    const { line_items: detailed } = await expanded('line_items.data.tax_breakdown')
    expect(lines?.data[0]).not.toHaveProperty('tax_breakdown')
    expect(detailed?.data[0]?.tax_breakdown).toHaveLength(1)
    server.advanceClock(90 * 86_400_000)
    expect(await refusal(stripe.tax.calculations.retrieve(id))).toMatchObject({ statusCode: 404 })
  })

  it.each([
    [
      'an address in the US without a postal code',
      {
        customer_details: {
          address: { country: 'US', line1: '1 Main Street' },
          address_source: 'shipping',
        },
      },
      'customer_tax_location_invalid',
    ],
    ['no lines', { line_items: [] }, 'parameter_missing'],
    [
      'lines with one reference',
      {
        line_items: [
          { amount: 1, reference: 'L1' },
          { amount: 2, reference: 'L1' },
        ],
      },
      undefined,
    ],
    ['an unknown tax code', { line_items: [{ amount: 1, tax_code: 'books' }] }, 'resource_missing'],
    ['a negative amount', { line_items: [{ amount: -1 }] }, undefined],
  ] as [string, Partial<Params>, string | undefined][])('is refused for %s', async (_, over, code) => {
    const { stripe } = await startEmulator()
    const refused = await refusal(stripe.tax.calculations.create(params('DE', over)))
    expect(refused).toMatchObject({ statusCode: 400, type: 'StripeInvalidRequestError' })
    expect(refused.code).toBe(code)
  })
})

async function sold() {
  const { stripe, server } = await startEmulator()
  const calculation = await stripe.tax.calculations.create(params('DE', { shipping_cost: { amount: 500 } }))
  const sale = { calculation: String(calculation.id), reference: 'order_1' }
  const transaction = await stripe.tax.transactions.createFromCalculation(sale)
  const reverse = (reference: string, over: object, original_transaction = transaction.id) =>
    stripe.tax.transactions.createReversal({ mode: 'full', reference, original_transaction, ...over })
  return { stripe, server, sale, transaction, reverse }
}

describe('a tax transaction', () => {
  it('is made once of a calculation, and once with a reference', async () => {
    const { stripe, server, sale, transaction } = await sold()
    expect(transaction).toMatchObject({ type: 'transaction', reference: 'order_1', shipping_cost: { amount_tax: 95 } })
    const another = String((await stripe.tax.calculations.create(params('DE'))).id)
    for (const over of [{ calculation: another }, { reference: 'order_2' }, {}]) {
      const refused = await refusal(stripe.tax.transactions.createFromCalculation({ ...sale, ...over }))
      expect(refused).toMatchObject({ statusCode: 400, code: 'resource_already_exists' })
    }
    expect(server.taxTransactions()).toHaveLength(1)
    expect(await stripe.tax.transactions.retrieve(transaction.id)).toMatchObject({ id: transaction.id })
  })

  it('is answered again for its key', async () => {
    const { stripe, server } = await startEmulator()
    const calculation = String((await stripe.tax.calculations.create(params('DE'))).id)
    const create = () =>
      stripe.tax.transactions.createFromCalculation({ calculation, reference: 'order_1' }, { idempotencyKey: 'key' })
    const [first, second] = [await create(), await create()]
    expect(second.id).toBe(first.id)
    expect(header(second, 'idempotent-replayed')).toBe('true')
    expect(server.taxTransactions()).toHaveLength(1)
  })

  it('can be made with a restricted key that may do nothing else', async () => {
    const { server } = await startEmulator({ restrictedKeys: { rk_test_local: '/v1/tax/' } })
    const restricted = sdk(server, {}, 'rk_test_local')
    expect(await restricted.tax.calculations.create(params('DE'))).toMatchObject({ object: 'tax.calculation' })
    expect(await refusal(restricted.customers.create())).toMatchObject({ statusCode: 403 })
  })

  it('may fail like any other call', async () => {
    const { stripe, server } = await startEmulator()
    server.faults.add({ kind: 'status', status: 500, match: { path: '/v1/tax/calculations' }, times: 3 })
    expect((await refusal(stripe.tax.calculations.create(params('DE')))).statusCode).toBe(500)
  })
})

describe('a tax reversal', () => {
  it('of all takes back all, once', async () => {
    const { reverse, server } = await sold()
    await reverse('refund_1', {})
    const [, reversal] = server.taxTransactions()
    expect(reversal).toMatchObject({ type: 'reversal', shipping_cost: { amount: -500, amount_tax: -95 } })
    expect(reversal?.line_items.data).toMatchObject([{ amount: -1_000, amount_tax: -190, type: 'reversal' }])
    expect(await refusal(reverse('refund_2', {}))).toMatchObject({ param: 'original_transaction' })
  })

  it('of a part is divided over lines and shipping, up to what is left', async () => {
    const { reverse, server } = await sold()
    const part = (amount: number) => ({ mode: 'partial', flat_amount: -amount })
    await reverse('refund_1', part(1_000))
    const [, reversal] = server.taxTransactions()
    expect(reversal?.line_items.data).toMatchObject([{ amount: -561, amount_tax: -106 }])
    expect(reversal).toMatchObject({ shipping_cost: { amount: -280, amount_tax: -53 } })
    expect(await refusal(reverse('refund_2', part(786)))).toMatchObject({ param: 'flat_amount' })
    await reverse('refund_2', part(785))
  })

  it('of a part can be undone', async () => {
    const { reverse } = await sold()
    const { id } = await reverse('refund_1', { mode: 'partial', flat_amount: -1_785 + 1 })
    await reverse('refund_1_returned', {}, id)
    await reverse('refund_2', { mode: 'partial', flat_amount: -1_785 + 1 })
  })
})
