import { eventually } from '@shop/testing/eventually'
import { describe, expect, it } from 'vitest'
import { catalogCallsOf } from './support/catalog-calls.ts'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()
const { unique, list, read, readAt, create, update } = catalogCallsOf(stage)

describe('a product', () => {
  it('is created with the fields given and defaults for the rest', async () => {
    const created = await create({ name: 'Kettle', price: 49.9 })
    expect(created.status).toBe(201)
    expect(created.body.product).toMatchObject({
      name: 'Kettle',
      description: '',
      price: 49.9,
      currency: 'USD',
      category: null,
      image_url: null,
      stock_quantity: 0,
    })
    expect(await read(created.body.product.id)).toEqual(created.body.product)
  })

  it('keeps every field as sent', async () => {
    const fields = {
      name: 'Čajník "Ω" 茶壺 👩‍🍳',
      description: 'Line one\nline two\t<b>not bold</b>',
      price: 1.005,
      currency: 'KWD',
      category: 'kitchen & more',
      image_url: 'https://images.example.com/a.jpg?x=1&y=%20',
      stock_quantity: 1_000_000_000,
    }
    const { product } = (await create(fields)).body
    expect(await read(product.id)).toMatchObject(fields)
  })

  it('is changed field by field', async () => {
    const product = await stage.shop.addProduct(stage.admin, {
      name: 'Old',
      category: 'a',
      image_url: 'https://x.example/',
    })
    const changed = await update(product.id, { name: 'New', category: null })
    expect(changed.status).toBe(200)
    expect(changed.body.product).toMatchObject({ name: 'New', category: null, price: 12.5, stock_quantity: 10 })
    expect(changed.body.product.image_url).toBe('https://x.example/')
    expect(Date.parse(changed.body.product.updated_at)).toBeGreaterThanOrEqual(Date.parse(product.updated_at))
    expect(await read(product.id)).toEqual(changed.body.product)
  })

  it('that is deleted disappears for customers, is kept for staff and cannot be ordered', async () => {
    const { shop, admin, customer } = stage
    const category = unique()
    const product = await shop.addProduct(admin, { category })
    const path = `/api/products/${product.id}`
    expect((await shop.request('DELETE', path, { token: admin.token })).status).toBe(200)
    expect((await readAt(path)).body.product).toMatchObject({ status: 'archived', version: 2 })
    await eventually(
      async () => (await shop.request('GET', path)).status,
      (status) => status === 404,
      1_000,
    )
    expect((await shop.request('DELETE', path, { token: admin.token })).status).toBe(404)
    expect((await update(product.id, { name: 'Back' })).status).toBe(404)
    expect((await list({ category })).body.products).toEqual([])
    const refused = await shop.placeOrder(customer, [[product, 1]])
    expect([refused.status, refused.body.code]).toEqual([404, 'product_not_found'])
  })

  it.each(['0', '-1', '1.5', 'abc', '9007199254740993', '99999999999999999999', '1e3', "1'--"])(
    'is not found by the malformed id %s',
    async (id) => {
      const read = await stage.shop.request('GET', `/api/products/${encodeURIComponent(id)}`)
      expect([404, 422]).toContain(read.status)
    },
  )
})

describe('a price', () => {
  it.each([
    ['finer than cents', { price: 10.001 }],
    ['finer than yen', { price: 10.5, currency: 'JPY' }],
    ['finer than fils', { price: 1.0001, currency: 'KWD' }],
    ['negative', { price: -0.01 }],
    ['above the largest amount', { price: 10_000_000_000_000 }],
    ['text', { price: '10' }],
    ['nothing', { price: null }],
    ['in no currency', { price: 1, currency: 'XXQ' }],
  ])('that is %s is refused', async (_, fields) => {
    const refused = await create({ name: 'Mug', ...fields })
    expect(refused.status).toBe(422)
    expect(refused.body.errors?.map(({ field }) => field)).toEqual([expect.stringMatching(/^(price|currency)$/)])
  })

  it.each(['1e400', '-1e400'])('written as %s is refused', async (price) => {
    const refused = await stage.shop.request('POST', '/api/products', {
      token: stage.admin.token,
      rawBody: `{"name":"Mug","price":${price}}`,
      headers: { 'content-type': 'application/json' },
    })
    expect(refused.status).toBe(422)
  })

  it.each([
    [0, 'USD'],
    [9_999_999_999_999.99, 'USD'],
    [999_999_999_999_999, 'JPY'],
    [999_999_999_999.999, 'KWD'],
  ])('of %d %s is kept exactly', async (price, currency) => {
    const { product } = (await create({ name: 'Mug', price, currency: currency.toLowerCase() })).body
    expect(await read(product.id)).toMatchObject({ price, currency })
  })

  it('does not change when a currency with fewer decimals is refused', async () => {
    const product = await stage.shop.addProduct(stage.admin, { price: 12.5 })
    expect((await update(product.id, { currency: 'JPY' })).status).toBe(422)
    expect(await read(product.id)).toMatchObject({ price: 12.5, currency: 'USD' })
  })
})

describe('stock', () => {
  it.each([-1, 1.5, 1_000_000_001, '5', null])('of %j units is refused', async (stock_quantity) => {
    const product = await stage.shop.addProduct(stage.admin)
    expect((await create({ name: 'Mug', price: 1, stock_quantity })).status).toBe(422)
    expect((await update(product.id, { stock_quantity })).status).toBe(422)
  })

  it('is written with the meaning in which it is read: what can be bought, beside what is held', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { stock_quantity: 10 })
    await shop.placeOrder(customer, [[product, 4]])
    const set = await update(product.id, { stock_quantity: 20 })
    expect([set.status, set.body.product.stock_quantity]).toEqual([200, 20])
    expect((await read(product.id)).stock_quantity).toBe(20)
    const { inventory } = (await readAt(`/api/inventory/${product.id}`)).body
    expect(inventory).toMatchObject({ available: 20, on_hand: 24, held: 4 })
    const none = await update(product.id, { stock_quantity: 0 })
    expect([none.status, none.body.product.stock_quantity]).toEqual([200, 0])
    expect((await readAt(`/api/inventory/${product.id}`)).body.inventory).toMatchObject({ on_hand: 4, held: 4 })
  })

  it('stays as it is when a form is saved unchanged after a sale, and a changed one is refused', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { stock_quantity: 10 })
    const { order } = (await shop.placeOrder(customer, [[product, 4]])).body
    expect((await shop.pay(customer, order, 'pm_card_visa')).status).toBe(201)
    const form = { name: 'Cup', price: 13, stock_quantity: 10, expected_stock_quantity: 10 }
    const saved = await update(product.id, form)
    expect([saved.status, saved.body.product]).toMatchObject([200, { name: 'Cup', price: 13, stock_quantity: 6 }])
    const refused = await update(product.id, { ...form, name: 'Not this', stock_quantity: 12 })
    expect([refused.status, refused.body]).toMatchObject([409, { code: 'stock_changed', stock_quantity: 6 }])
    expect(await read(product.id)).toMatchObject({ name: 'Cup', stock_quantity: 6 })
    await shop.orderBecomes(customer, order.id, 'processing', 'paid')
    expect((await readAt(`/api/inventory/${product.id}`)).body.inventory).toMatchObject({ available: 6, on_hand: 6 })
  })

  it('gains the units of a repeated request once, also when some were sold in between', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { stock_quantity: 10 })
    const form = { stock_quantity: 15, expected_stock_quantity: 10 }
    for (const _ of ['first', 'again']) expect((await update(product.id, form)).status).toBe(200)
    await shop.placeOrder(customer, [[product, 4]])
    expect((await update(product.id, form)).body.code).toBe('stock_changed')
    expect((await readAt(`/api/inventory/${product.id}`)).body.inventory).toMatchObject({ available: 11, on_hand: 15 })
  })

  it('is unchanged when another field changes', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { stock_quantity: 10 })
    await shop.placeOrder(customer, [[product, 4]])
    await shop.stockBecomes(product.id, 6)
    expect((await update(product.id, { name: 'Renamed' })).body.product.stock_quantity).toBe(6)
  })

  it('follows a hold and the cancellation that releases it', async () => {
    const { shop, admin, customer, platform } = stage
    const product = await shop.addProduct(admin, { stock_quantity: 10 })
    const { order } = (await shop.placeOrder(customer, [[product, 4]])).body
    await shop.stockBecomes(product.id, 6)
    const cancelled = { token: customer.token, body: { status: 'cancelled' } }
    await shop.request('PATCH', `/api/orders/${order.id}/status`, cancelled)
    await platform.sweep()
    await shop.stockBecomes(product.id, 10)
  })
})
