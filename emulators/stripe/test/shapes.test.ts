import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import Stripe from 'stripe'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type {
  Charge,
  Customer,
  Dispute,
  PaymentIntent,
  PaymentMethod,
  Refund,
  SetupIntent,
} from '../src/store/objects.ts'
import { CARD_ONLY, header, SECRET_KEY, startEmulator } from './support.ts'

const RESOURCES = join(dirname(createRequire(import.meta.url).resolve('stripe')), '../esm/resources')

/** The fields of an object in the stripe package's types, which are generated from Stripe's OpenAPI description. */
function fieldsOf(file: string, name: string): { required: string[]; all: string[] } {
  const source = readFileSync(join(RESOURCES, `${file}.d.ts`), 'utf8')
  const [, body] = new RegExp(`^export interface ${name} \\{\\n(.*?)^\\}`, 'ms').exec(source) ?? []
  const fields = [...String(body).matchAll(/^ {4}(\w+)(\??): /gm)]
  if (fields.length === 0) throw new Error(`No fields of ${name} in ${file}.d.ts`)
  return {
    required: fields.filter(([, , optional]) => optional === '').map(([, field]) => String(field)),
    all: fields.map(([, field]) => String(field)),
  }
}

function expectShape(object: object, file: string, name: string): void {
  const { required, all } = fieldsOf(file, name)
  const keys = Object.keys(JSON.parse(JSON.stringify(object)))
  expect(required.filter((field) => !keys.includes(field))).toEqual([])
  expect(keys.filter((key) => !all.includes(key))).toEqual([])
}

const payment = { amount: 5000, currency: 'usd', confirm: true, ...CARD_ONLY } as const

describe("the emulator's objects", () => {
  it('extend the types of the stripe package, with every reference as an id', () => {
    expectTypeOf<PaymentIntent>().toExtend<Stripe.PaymentIntent>()
    expectTypeOf<Charge>().toExtend<Stripe.Charge>()
    expectTypeOf<Refund>().toExtend<Stripe.Refund>()
    expectTypeOf<Dispute>().toExtend<Stripe.Dispute>()
    expectTypeOf<Customer>().toExtend<Stripe.Customer>()
    expectTypeOf<PaymentMethod>().toExtend<Stripe.PaymentMethod>()
    expectTypeOf<SetupIntent>().toExtend<Stripe.SetupIntent>()
    expectTypeOf<PaymentIntent['latest_charge']>().toEqualTypeOf<string | null>()
  })

  it('have every required field and no unknown field', async () => {
    const { stripe, server } = await startEmulator()
    const { id: customer } = await stripe.customers.create({ email: 'ada@example.com' })
    const methods = ['pm_card_visa', 'pm_card_pendingRefund', 'pm_card_refundFail', 'pm_card_createDispute']
    for (const payment_method of methods) {
      const { id } = await stripe.paymentIntents.create({ ...payment, payment_method })
      await stripe.refunds.create({ payment_intent: id, amount: 100 }).catch(() => undefined)
    }
    for (const payment_method of ['pm_usBankAccount', 'pm_card_chargeDeclined', 'pm_card_authenticationRequired']) {
      await stripe.paymentIntents.create({ ...payment, customer, payment_method }).catch(() => undefined)
    }
    const manual = { ...payment, payment_method: 'pm_card_visa', capture_method: 'manual' } as const
    await stripe.paymentIntents.capture((await stripe.paymentIntents.create(manual)).id, { amount_to_capture: 1000 })
    await stripe.paymentIntents.cancel((await stripe.paymentIntents.create(manual)).id)
    const setup = { customer, payment_method: 'pm_card_visa', confirm: true } as const
    await stripe.setupIntents.create(setup)
    await stripe.setupIntents.create({ ...setup, payment_method: 'pm_card_authenticationRequired' })
    server.advanceClock(60_000)
    const [dispute] = server.disputes()
    server.closeDispute(String(dispute?.id), 'won')

    const states = new Set(server.paymentIntents().map(({ status }) => status))
    expect([...states].sort()).toEqual([
      'canceled',
      'processing',
      'requires_action',
      'requires_payment_method',
      'succeeded',
    ])
    for (const intent of server.paymentIntents()) expectShape(intent, 'PaymentIntents', 'PaymentIntent')
    for (const charge of server.charges()) expectShape(charge, 'Charges', 'Charge')
    for (const refund of server.refunds()) expectShape(refund, 'Refunds', 'Refund')
    expect(new Set(server.refunds().map(({ status }) => status))).toEqual(new Set(['succeeded', 'failed']))
    for (const disputed of server.disputes()) expectShape(disputed, 'Disputes', 'Dispute')
    for (const { data } of [await stripe.customers.list()])
      for (const one of data) expectShape(one, 'Customers', 'Customer')
    for (const setupIntent of (await stripe.setupIntents.list()).data)
      expectShape(setupIntent, 'SetupIntents', 'SetupIntent')
    const saved = await stripe.paymentMethods.list({ customer })
    for (const method of saved.data) expectShape(method, 'PaymentMethods', 'PaymentMethod')
    for (const event of server.events()) expectShape(event, 'Events', 'EventBase')
    expectShape(await stripe.balance.retrieve(), 'Balance', 'Balance')
  })

  it('of taxes have every required field and no unknown field', async () => {
    const { stripe } = await startEmulator()
    const expand = ['line_items.data.tax_breakdown', 'shipping_cost.tax_breakdown']
    const address = { country: 'US', state: 'CA', postal_code: '94080' }
    const calculation = await stripe.tax.calculations.create({
      ...{ currency: 'usd', line_items: [{ amount: 1000, reference: 'L1' }], shipping_cost: { amount: 500 }, expand },
      customer_details: { address, address_source: 'shipping' },
    })
    expectShape(calculation, 'Tax/Calculations', 'Calculation')
    for (const line of calculation.line_items?.data ?? [])
      expectShape(line, 'Tax/CalculationLineItems', 'CalculationLineItem')
    const sale = { calculation: String(calculation.id), reference: 'sale', expand: ['line_items'] }
    const transaction = await stripe.tax.transactions.createFromCalculation(sale)
    const reversal = await stripe.tax.transactions.createReversal({
      ...{ mode: 'partial', flat_amount: -100, original_transaction: transaction.id, reference: 'back' },
      expand: ['line_items'],
    })
    for (const one of [transaction, reversal]) {
      expectShape(one, 'Tax/Transactions', 'Transaction')
      for (const line of one.line_items?.data ?? [])
        expectShape(line, 'Tax/TransactionLineItems', 'TransactionLineItem')
    }
  })

  it('appear in events of types that Stripe documents', async () => {
    const { stripe, server } = await startEmulator()
    await stripe.paymentIntents.create({ ...payment, payment_method: 'pm_card_createDispute' })
    const source = readFileSync(join(RESOURCES, 'Events.d.ts'), 'utf8')
    for (const { type, data } of server.events()) {
      expect(source).toContain(`type: '${type}';`)
      expect(data.object).toMatchObject({ object: expect.any(String) })
    }
  })
})

describe('the API version', () => {
  it("is the stripe package's own in events and answers", async () => {
    const { stripe, server } = await startEmulator()
    const created = await stripe.paymentIntents.create({ amount: 500, currency: 'usd' })
    expect(header(created, 'Stripe-Version')).toBe(Stripe.API_VERSION)
    expect(server.events()).toMatchObject([{ api_version: Stripe.API_VERSION }])
  })

  it('is refused when malformed', async () => {
    const { server } = await startEmulator()
    const headers = { Authorization: `Bearer ${SECRET_KEY}`, 'Stripe-Version': 'latest' }
    const answer = await fetch(`${server.url}/v1/balance`, { headers })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { message: 'Invalid Stripe API version: latest' } })
  })
})
