import { eventually } from '@shop/testing/eventually'
import type { ProductBody } from '@shop/testing/product-body'
import { describe, expect, it } from 'vitest'
import { useFreshCustomer, useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()
useFreshCustomer(stage)

const shown = (product: ProductBody, currency?: string) =>
  stage.shop.request('GET', `/api/products/${product.id}${currency === undefined ? '' : `?currency=${currency}`}`)

const place = (products: ProductBody[], over: object = {}, headers: Record<string, string> = {}) =>
  stage.shop.request('POST', '/api/orders', {
    token: stage.customer.token,
    body: { items: products.map(({ id }) => ({ product_id: id, quantity: 2 })), ...over },
    headers,
  })

const add = (over: Record<string, unknown>) => stage.shop.addProduct(stage.admin, over)
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000)

describe('an order', () => {
  it('has the currency that it asks for, at the prices of that currency', async () => {
    const mug = await add({ price: 20, prices: [{ currency: 'EUR', amount: 18.99 }] })
    const cup = await add({ price: 1_000, currency: 'EUR' })
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const placed = await place([mug, cup], { currency: 'eur' }, headers)
    expect(placed.status).toBe(201)
    expect(placed.body.order).toMatchObject({ currency: 'EUR', total_amount: 2_037.98 })
    expect(placed.body.order.items).toMatchObject([{ unit_price: 18.99 }, { unit_price: 1_000 }])
    const repeated = await place([mug, cup], { currency: 'EUR' }, headers)
    expect([repeated.status, repeated.body.order.id]).toEqual([201, placed.body.order.id])
    const other = await place([mug, cup], {}, headers)
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused'])
  })

  it('has the first currency of its items, and none is guessed where they differ', async () => {
    const mug = await add({ price: 20, prices: [{ currency: 'EUR', amount: 18.99 }] })
    const cup = await add({ price: 9, currency: 'EUR' })
    expect((await place([mug])).body.order).toMatchObject({ currency: 'USD', total_amount: 40 })
    const mixed = await place([mug, cup])
    expect([mixed.status, mixed.body.code]).toEqual([422, 'mixed_currencies'])
  })

  it('is refused with an item that is not sold in its currency, and holds nothing', async () => {
    const mug = await add({ price: 20, prices: [{ currency: 'EUR', amount: 18.99 }], stock_quantity: 2 })
    const cup = await add({ price: 9 })
    const refused = await place([mug, cup], { currency: 'EUR' })
    expect([refused.status, refused.body]).toMatchObject([
      422,
      { code: 'item_not_sold_in_currency', product_id: cup.id, currency: 'EUR' },
    ])
    expect((await place([mug], { currency: 'EUR' })).status).toBe(201)
  })
})

describe('a page of a product', () => {
  it('is shown in each currency in which it is sold, and 404 in others', async () => {
    const mug = await add({ price: 20, prices: [{ currency: 'EUR', amount: 18.99 }] })
    expect((await shown(mug)).body.product).toMatchObject({ price: 20, currency: 'USD' })
    expect((await shown(mug, 'EUR')).body.product).toMatchObject({ price: 18.99, currency: 'EUR' })
    const refused = await shown(mug, 'GBP')
    expect([refused.status, refused.body.code]).toEqual([404, 'not_sold_in_currency'])
    expect((await shown(mug, 'XXX')).status).toBe(422)
  })
})

describe('a sale', () => {
  it('begins and ends by itself, in each currency, for customers who keep asking and for orders', async () => {
    const [start, end] = [inSeconds(3), inSeconds(6)]
    const dates = { starts_at: start.toISOString(), ends_at: end.toISOString() }
    const mug = await add({
      price: 20,
      prices: [
        { currency: 'EUR', amount: 18 },
        { currency: 'USD', amount: 15, compare_at_price: 20, ...dates },
        { currency: 'EUR', amount: 13, ...dates },
        { currency: 'GBP', amount: 11, ...dates },
      ],
    })
    const pricesNow = async () => {
      const before = Date.now()
      const answers = await Promise.all(['USD', 'EUR', 'GBP'].map((code) => shown(mug, code)))
      const prices = answers.map(({ status, body }) => (status === 404 ? null : body.product.price))
      return { before, after: Date.now(), prices }
    }
    const regular = [20, 18, null]
    const reduced = [15, 13, 11]
    const seen: Awaited<ReturnType<typeof pricesNow>>[] = []
    const becomes = (expected: (number | null)[]) =>
      eventually(
        async () => {
          const found = await pricesNow()
          seen.push(found)
          return found
        },
        ({ prices }) => prices.every((price, index) => price === expected[index]),
        15_000,
      )
    await becomes(regular)
    await becomes(reduced)
    expect((await place([mug], { currency: 'GBP' })).body.order).toMatchObject({ total_amount: 22, currency: 'GBP' })
    expect((await place([mug])).body.order).toMatchObject({ total_amount: 30 })
    await becomes(regular)
    expect((await place([mug], { currency: 'GBP' })).status).toBe(422)
    // No answer was older than the promise of the caches: one second after the change it is there.
    for (const { before, after, prices } of seen) {
      if (after < start.getTime() || before >= end.getTime() + 1_000) expect(prices).toEqual(regular)
      if (before >= start.getTime() + 1_000 && after < end.getTime()) expect(prices).toEqual(reduced)
    }
  })
})
