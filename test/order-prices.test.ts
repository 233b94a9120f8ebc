import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { ProductBody } from '@shop/testing/product-body'
import { moneyKept } from '@shop/testing/stripe-js'
import pMap from 'p-map'
import { describe, expect, it } from 'vitest'
import { usePlatform } from './support/use-platform.ts'

const stage = usePlatform({ holdSeconds: 4, holdGraceSeconds: 1 })

const asStaff = async (method: string, path: string, body?: object) => {
  const reply = await stage.shop.request(method, path, { token: stage.admin.token, ...(body && { body }) })
  if (reply.status >= 300) throw new Error(`${method} ${path} answered ${reply.status}: ${JSON.stringify(reply.body)}`)
  return reply.body
}
const newCode = () => `CODE-${crypto.randomUUID()}`.slice(0, 20)
const addPromotion = async (over: object) =>
  (await asStaff('POST', '/api/promotions', { name: 'Sale', type: 'percentage', value: 10, ...over })).promotion

const aProduct = (over: object = {}) =>
  stage.shop.addProduct(stage.admin, { price: 12.5, stock_quantity: 1_000, ...over })
const place = (product: ProductBody, over: object = {}, token = stage.customer.token) =>
  stage.shop.request('POST', '/api/orders', {
    token,
    body: { items: [{ product_id: product.id, quantity: 2 }], ...over },
  })
/** By a guest of a new e-mail address, at a network address of its own. */
const placeAsGuest = (product: ProductBody, over: object = {}) =>
  stage.shop.request('POST', '/api/orders', {
    headers: { 'cf-connecting-ip': anAddress() },
    body: {
      items: [{ product_id: product.id, quantity: 1 }],
      email: `${crypto.randomUUID()}@example.com`,
      ...over,
    },
  })
let addresses = 0
const anAddress = () => {
  addresses += 1
  return `10.77.${Math.floor(addresses / 250)}.${(addresses % 250) + 1}`
}

const sumOf = (amounts: number[]) => Math.round(amounts.reduce((sum, amount) => sum + amount, 0) * 100) / 100

function addsUp(order: OrderBody) {
  const parts = [...order.items, ...(order.shipping === null ? [] : [order.shipping])]
  expect(sumOf(parts.map(({ total }) => total))).toBe(order.total_amount)
  expect(sumOf(parts.map(({ discount }) => discount))).toBe(order.discount_total)
  expect(sumOf(parts.map(({ tax }) => tax))).toBe(order.tax_total)
  expect(sumOf(order.items.map(({ subtotal }) => subtotal))).toBe(order.subtotal)
  expect(sumOf(order.adjustments.map(({ amount }) => amount))).toBe(order.discount_total)
  expect(sumOf(order.tax_lines.map(({ amount }) => amount))).toBe(order.tax_total)
}

describe('an order with a code, shipping and tax', () => {
  it('has every amount explained, costs what was expected, and is charged exactly that', async () => {
    const { zone } = await asStaff('POST', '/api/shipping/zones', { name: 'Austria', areas: [{ country: 'AT' }] })
    const { option } = await asStaff('POST', '/api/shipping/options', {
      ...{ zone_id: zone.id, name: 'Parcel', estimate: '2 to 4 days', pricing: 'flat' },
      prices: [{ currency: 'USD', amount: 4.99 }],
    })
    await asStaff('POST', '/api/tax/rates', { name: 'USt', country: 'AT', rate: '0.2' })
    const code = newCode()
    const promotion = await addPromotion({ code })
    const product = await aProduct({ price: 9.99 })
    const address = { line1: 'Stephansplatz 1', city: 'Wien', postal_code: '1010', country: 'AT' }
    const details = { shipping_address: address, shipping_option_id: option.id, codes: [` ${code.toLowerCase()} `] }
    // 19.98 - 2.00 = 17.98, and 4.99 of shipping; 3.60 and 1.00 of tax.
    const refused = await place(product, { ...details, expected_total: 27.56 })
    expect(refused).toMatchObject({ status: 409, body: { code: 'total_changed', total_amount: 27.57, codes: [code] } })
    const { body } = await place(product, { ...details, expected_total: 27.57 })
    const { order } = body
    expect(order).toMatchObject({
      ...{ subtotal: 19.98, discount_total: 2, shipping_total: 4.99, tax_total: 4.6, total_amount: 27.57 },
      adjustments: [{ promotion_id: promotion.id, code, type: 'percentage', amount: 2 }],
      tax_lines: [{ name: 'USt', rate: '0.2', amount: 4.6 }],
      shipping: { shipping_option_id: option.id, name: 'Parcel', estimate: '2 to 4 days', total: 5.99 },
      items: [{ unit_price: 9.99, subtotal: 19.98, discount: 2, tax: 3.6, total: 21.58 }],
    })
    addsUp(order)
    expect(await stage.shop.getOrder(stage.customer, order.id)).toEqual(order)
    expect((await stage.shop.pay(stage.customer, order, 'pm_card_visa')).status).toBe(201)
    expect(moneyKept(stage.platform.stripe, order)).toBe(2_757)
  })

  it('includes the tax where prices of the country do', async () => {
    await asStaff('PUT', '/api/tax/countries/DE', { prices_include_tax: true })
    await asStaff('POST', '/api/tax/rates', { name: 'MwSt', country: 'DE', rate: '0.19' })
    const address = { line1: 'Unter den Linden 1', city: 'Berlin', postal_code: '10117', country: 'DE' }
    const { order } = (await place(await aProduct({ price: 11.9 }), { shipping_address: address })).body
    expect(order).toMatchObject({ prices_include_tax: true, subtotal: 23.8, tax_total: 3.8, total_amount: 23.8 })
  })
})

describe('a code that does not apply', () => {
  it('refuses the order with its reason, and leaves nothing', async () => {
    const [product, code] = [await aProduct({ stock_quantity: 2 }), newCode()]
    await addPromotion({ code, conditions: { min_subtotal: [{ currency: 'USD', amount: 100 }] } })
    const refused = await place(product, { codes: [code] })
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'code_not_applied', promotion_code: code, reason: 'below_minimum_subtotal' },
    })
    expect(await place(product, { codes: ['NO-SUCH-CODE'] })).toMatchObject({
      status: 409,
      body: { reason: 'unknown' },
    })
    expect((await place(product)).status).toBe(201)
  })
})

describe('a promotion with a limit', () => {
  /** Forty at a time: what more would wait for is the machine of the test. */
  const outcomesOf = async (count: number, one: (index: number) => ReturnType<typeof place>) => {
    const replies = await pMap(Array.from({ length: count }).keys(), one, { concurrency: 40 })
    return replies.map(({ status, body }) => (status === 201 ? `${body.order.discount_total}` : body.code)).sort()
  }
  const times = (count: number, outcome: string) => Array.from({ length: count }, () => outcome)

  it('is used exactly as often as it may be when many buyers race (vendurehq/vendure#4660)', async () => {
    const [product, code] = [await aProduct(), newCode()]
    await addPromotion({ code, usage_limit: 50 })
    const outcomes = await outcomesOf(200, () => placeAsGuest(product, { codes: [code] }))
    expect(outcomes).toEqual([...times(50, '1.25'), ...times(150, 'code_not_applied')])
  })

  it('is used once by each customer, however they spell their address', async () => {
    const [product, code] = [await aProduct(), newCode()]
    await addPromotion({ code, usage_limit_per_customer: 1 })
    const name = crypto.randomUUID()
    const spellings = [`${name}@example.com`, `${name.toUpperCase()}@example.com`, ` ${name}@EXAMPLE.com `]
    const outcomes = await outcomesOf(3, (index) => placeAsGuest(product, { codes: [code], email: spellings[index] }))
    expect(outcomes).toEqual(['1.25', ...times(2, 'code_not_applied')])
  })

  it('for first orders is used by one of two that are placed at once', async () => {
    const [product, email] = [await aProduct(), `${crypto.randomUUID()}@example.com`]
    await addPromotion({ conditions: { first_order: true }, applies_to: { products: [product.id] } })
    const outcomes = await outcomesOf(2, () => placeAsGuest(product, { email }))
    expect(outcomes).toEqual(['0', '1.25'])
  })

  it('takes off no more than its budget', async () => {
    const [product, code] = [await aProduct(), newCode()]
    await addPromotion({ code, budget: { currency: 'USD', amount: 4 } })
    const outcomes = await outcomesOf(10, () => placeAsGuest(product, { codes: [code] }))
    expect(outcomes).toEqual([...times(3, '1.25'), ...times(7, 'code_not_applied')])
  })

  it('and no code is left out of the orders that come too late, which cost more (shopperlabs/shopper#510)', async () => {
    const product = await aProduct()
    await addPromotion({ usage_limit: 4, applies_to: { products: [product.id] } })
    const outcomes = await outcomesOf(12, () => placeAsGuest(product))
    expect(outcomes).toEqual([...times(8, '0'), ...times(4, '1.25')])
  })

  it('can be used again when its order expires unpaid', async () => {
    const [product, code] = [await aProduct(), newCode()]
    await addPromotion({ code, usage_limit: 1 })
    expect((await place(product, { codes: [code] })).status).toBe(201)
    expect((await place(product, { codes: [code] })).body).toMatchObject({ reason: 'used_up' })
    const again = () => stage.platform.sweep().then(() => place(product, { codes: [code] }))
    expect((await eventually(again, ({ status }) => status === 201, 20_000)).body.order.discount_total).toBe(2.5)
  })

  it('can be used again when its order is cancelled unpaid, and not when it was paid', async () => {
    const [product, code] = [await aProduct(), newCode()]
    await addPromotion({ code, usage_limit: 1 })
    const { order } = (await place(product, { codes: [code] })).body
    const path = `/api/orders/${order.id}/status`
    await stage.shop.request('PATCH', path, { token: stage.customer.token, body: { status: 'cancelled' } })
    const second = (await place(product, { codes: [code] })).body.order
    await stage.shop.pay(stage.customer, second, 'pm_card_visa')
    await stage.shop.orderBecomes(stage.customer, second.id, 'processing', 'paid')
    await asStaff('PATCH', `/api/orders/${second.id}/status`, { status: 'cancelled' })
    expect((await place(product, { codes: [code] })).body).toMatchObject({ reason: 'used_up' })
  })
})

describe('a single-use code', () => {
  it('goes to one of many orders that race for it (OpenMage/magento-lts#1408)', async () => {
    const product = await aProduct()
    const promotion = await addPromotion({ single_use_codes: true })
    const { codes } = await asStaff('POST', `/api/promotions/${promotion.id}/codes`, { count: 1 })
    const raced = await Promise.all(
      Array.from({ length: 10 }, () => placeAsGuest(product, { codes: [codes[0]?.code] })),
    )
    expect(raced.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 409)])
  })
})
