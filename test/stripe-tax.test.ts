import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { ProductBody } from '@shop/testing/product-body'
import { moneyKept } from '@shop/testing/stripe-js'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { useFreshCustomer, usePlatform } from './support/use-platform.ts'

const CALCULATIONS = '/v1/tax/calculations'
const TRANSACTIONS = '/v1/tax/transactions/create_from_calculation'
const SWEEP_WITHIN_MS = 20_000

const stage = usePlatform({ taxProvider: 'stripe' })
useFreshCustomer(stage)
afterEach(() => stage.platform.stripe.faults.clear())

const LOS_ANGELES = { line1: '1 Main Street', city: 'Los Angeles', region: 'CA', postal_code: '90001', country: 'US' }
const BERLIN = { line1: 'Unter den Linden 1', city: 'Berlin', postal_code: '10117', country: 'DE' }

const asStaff = async (method: string, path: string, body: object) => {
  const reply = await stage.shop.request(method, path, { token: stage.admin.token, body })
  if (reply.status >= 300) throw new Error(`${method} ${path} answered ${reply.status}: ${JSON.stringify(reply.body)}`)
  return reply.body
}
const aProduct = (price = 10) => stage.shop.addProduct(stage.admin, { price, stock_quantity: 1_000 })
const place = (product: ProductBody, over: object = {}) =>
  stage.shop.request('POST', '/api/orders', {
    token: stage.customer.token,
    body: { items: [{ product_id: product.id, quantity: 2 }], shipping_address: LOS_ANGELES, ...over },
  })
const calculations = () => stage.platform.stripe.counts.byEndpoint()[`POST ${CALCULATIONS}`] ?? 0
const recorded = () => stage.platform.stripe.taxTransactions()
type Recorded = ReturnType<typeof recorded>[number]
const recordedOf = (...references: string[]) => recorded().filter(({ reference }) => references.includes(reference))

/** Sweeps until the transaction is there that `find` selects. */
async function recordedOnce(find: (transaction: Recorded) => boolean): Promise<Recorded> {
  const look = async () => {
    await stage.platform.sweep()
    return recorded().find(find)
  }
  const found = await eventually(look, (one) => one !== undefined, SWEEP_WITHIN_MS)
  if (found === undefined) throw new Error('Not recorded')
  return found
}

const withReference = (reference: string) => (transaction: Recorded) => transaction.reference === reference

const sumOf = (amounts: number[]) => Math.round(amounts.reduce((sum, amount) => sum + amount, 0) * 100) / 100

function addsUp(order: OrderBody) {
  const parts = [...order.items, ...(order.shipping === null ? [] : [order.shipping])]
  expect(sumOf(parts.map(({ total }) => total))).toBe(order.total_amount)
  expect(sumOf(parts.map(({ tax }) => tax))).toBe(order.tax_total)
  expect(sumOf(order.tax_lines.map(({ amount }) => amount))).toBe(order.tax_total)
}

async function aPaidOrder() {
  const { order } = (await place(await aProduct())).body as { order: OrderBody }
  const paid = await stage.shop.pay(stage.customer, order, 'pm_card_visa')
  expect(paid.status).toBe(201)
  return { order, payment: paid.body.payment as { id: string } }
}

describe('an order taxed by Stripe', () => {
  it('has every amount explained, and is charged exactly that', async () => {
    const { zone } = await asStaff('POST', '/api/shipping/zones', { name: 'USA', areas: [{ country: 'US' }] })
    const { option } = await asStaff('POST', '/api/shipping/options', {
      ...{ zone_id: zone.id, name: 'Parcel', estimate: '2 to 4 days', pricing: 'flat' },
      prices: [{ currency: 'USD', amount: 4.99 }],
    })
    const code = `TAX-${crypto.randomUUID()}`.slice(0, 20)
    await asStaff('POST', '/api/promotions', { name: 'Sale', type: 'percentage', value: 10, code })
    const details = { shipping_option_id: option.id, codes: [code] }
    const { order } = (await place(await aProduct(9.99), details)).body as { order: OrderBody }
    // 19.98 - 2.00 = 17.98, and 4.99 of shipping; of each 6 % and 1.25 %.
    expect(order).toMatchObject({
      ...{
        tax_provider: 'stripe',
        subtotal: 19.98,
        discount_total: 2,
        shipping_total: 4.99,
        tax_total: 1.66,
        total_amount: 24.63,
      },
      tax_lines: [{ tax_rate_id: 'stripe:US-CA-sales_tax-0.0725', name: 'Sales Tax', rate: '0.0725', amount: 1.66 }],
    })
    addsUp(order)
    expect(await stage.shop.getOrder(stage.customer, order.id)).toEqual(order)
    expect((await stage.shop.pay(stage.customer, order, 'pm_card_visa')).status).toBe(201)
    expect(moneyKept(stage.platform.stripe, order)).toBe(2_463)
  })

  it('includes the tax where prices of the country do', async () => {
    await asStaff('PUT', '/api/tax/countries/DE', { prices_include_tax: true })
    const { order } = (await place(await aProduct(11.9), { shipping_address: BERLIN })).body
    expect(order).toMatchObject({ prices_include_tax: true, subtotal: 23.8, tax_total: 3.8, total_amount: 23.8 })
  })

  it('is asked about once, however often it is refused before it is written', async () => {
    const product = await aProduct()
    const before = calculations()
    const refused = await place(product, { expected_total: 20 })
    expect(refused).toMatchObject({ status: 409, body: { code: 'total_changed', total_amount: 21.45 } })
    expect((await place(product, { expected_total: 21.45 })).status).toBe(201)
    expect(calculations() - before).toBe(1)
    expect((await place(product)).status).toBe(201)
    expect(calculations() - before).toBe(2)
  })

  it('is refused where Stripe does not find its address', async () => {
    const error = { status: 400, code: 'customer_tax_location_invalid' }
    stage.platform.stripe.faults.add({ kind: 'status', ...error, match: { path: CALCULATIONS } })
    expect(await place(await aProduct())).toMatchObject({ status: 422, body: { code: 'address_incomplete' } })
  })
})

describe('while Stripe Tax is away', () => {
  it.each([
    ['answers with an error', { kind: 'status', status: 503 }],
    ['has too many calls', { kind: 'status', status: 429 }],
    ['does not answer', { kind: 'hang' }],
  ] as const)('because it %s, an order has the tax of the shop’s own rates', async (_, fault) => {
    const name = `Own ${crypto.randomUUID()}`
    await asStaff('POST', '/api/tax/rates', { name, country: 'FR', rate: '0.2' })
    stage.platform.stripe.faults.add({ ...fault, match: { path: CALCULATIONS } })
    const paris = { line1: '1 Rue de Rivoli', city: 'Paris', postal_code: '75001', country: 'FR' }
    const placed = await place(await aProduct(), { shipping_address: paris })
    expect(placed).toMatchObject({
      status: 201,
      body: { order: { tax_provider: 'rates', tax_lines: [{ name, amount: 4 }], total_amount: 24 } },
    })
  })
})

describe('the tax report at Stripe', () => {
  it('has a paid order once, also when the webhook repeats', async () => {
    const { order } = await aPaidOrder()
    const transaction = await recordedOnce(withReference(order.id))
    expect(transaction).toMatchObject({
      type: 'transaction',
      reference: order.id,
      line_items: { data: [{ amount_tax: 145 }] },
    })
    for (const event of stage.platform.stripe.events()) {
      if (event.type === 'payment_intent.succeeded') stage.platform.stripe.webhooks.redeliver(event.id)
    }
    await eventually(
      async () => stage.platform.stripe.webhooks.pending().length,
      (left) => left === 0,
      SWEEP_WITHIN_MS,
    )
    await stage.platform.sweep()
    expect(recordedOf(order.id)).toHaveLength(1)
  })

  it('has no order that was not paid, and none with a tax of the shop’s own rates', async () => {
    const { order } = (await place(await aProduct())).body
    stage.platform.stripe.faults.add({ kind: 'status', status: 500, match: { path: CALCULATIONS } })
    const own = (await place(await aProduct())).body.order
    await stage.shop.pay(stage.customer, own, 'pm_card_visa')
    await stage.platform.sweep()
    expect(recordedOf(order.id, own.id)).toEqual([])
  })

  it('takes back a part for a refund of a part, and the rest for another', async () => {
    const { order, payment } = await aPaidOrder()
    const refund = async (amount: number) => {
      const path = `/api/payments/${payment.id}/refund`
      const { body } = await stage.shop.request('POST', path, {
        token: stage.admin.token,
        body: { amount, reason: 'damaged' },
        headers: { 'idempotency-key': crypto.randomUUID() },
      })
      return body.refund.id as string
    }
    const refunds = [await refund(10), await refund(11.45)]
    for (const id of refunds) await recordedOnce(withReference(id))
    await stage.platform.sweep()
    const reversals = recordedOf(...refunds)
    expect(reversals).toMatchObject([{ type: 'reversal' }, { type: 'reversal' }])
    const taxes = [...recordedOf(order.id), ...reversals].flatMap(({ line_items }) =>
      line_items.data.map(({ amount_tax }) => amount_tax),
    )
    expect(taxes.reduce((sum, tax) => sum + tax, 0)).toBe(0)
  })

  it('takes back all, once, when a paid order is cancelled', async () => {
    const { order } = await aPaidOrder()
    await asStaff('PATCH', `/api/orders/${order.id}/status`, { status: 'cancelled' })
    const sale = await recordedOnce(withReference(order.id))
    const isOfSale = ({ reversal }: Recorded) => reversal?.original_transaction === sale.id
    const reversal = await recordedOnce(isOfSale)
    await stage.platform.sweep()
    expect(recorded().filter(isOfSale)).toHaveLength(1)
    expect(reversal).toMatchObject({ line_items: { data: [{ amount: -2_000, amount_tax: -145 }] } })
  })

  it('has a paid order later, if Stripe Tax was away', async () => {
    stage.platform.stripe.faults.add({ kind: 'status', status: 500, match: { path: TRANSACTIONS }, times: 10 })
    const { order } = await aPaidOrder()
    expect((await stage.shop.getOrder(stage.customer, order.id)).payment_status).toBe('paid')
    await stage.platform.sweep()
    expect(recordedOf(order.id)).toEqual([])
    stage.platform.stripe.faults.clear()
    const due = sql`update payments.tax_records set next_attempt_at = now() where state = 'pending'`
    await stage.platform.database.as('payments').execute(due)
    expect(await recordedOnce(withReference(order.id))).toMatchObject({ reference: order.id })
  })
})
