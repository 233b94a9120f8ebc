import { ANONYMOUS } from '@shop/kernel/caller'
import { currency } from '@shop/kernel/currencies'
import { isId } from '@shop/kernel/ids'
import { fail, ok } from '@shop/kernel/result'
import { describe, expect, it, vi } from 'vitest'
import { placeOrder } from '../../src/orders/place-order.ts'
import type { CatalogClient } from '../../src/stock/catalog-client.ts'
import { customer, holdIdOf, keyed, request } from '../support/place-order.ts'
import { DOWN, NOW, OUT_OF_STOCK, quoteOf, testDeps } from '../support/test-deps.ts'

describe('placing an order', () => {
  it('holds the stock under the id of the order, then writes the order', async () => {
    const { deps, calls } = testDeps()
    const placed = await placeOrder(deps, customer, request())
    if (!placed.ok) throw new Error(placed.failure.code)
    const { order } = placed.value
    expect(order).toMatchObject({ status: 'pending', paymentStatus: 'unpaid', total: 2_000, version: 1 })
    expect(calls).toEqual([`hold ${order.id}`, 'insert'])
  })

  it('expires after the hold time, and holds the stock for the grace beyond it', async () => {
    const held: Date[] = []
    const { deps } = testDeps({
      catalog: {
        holdStock: async ({ expiresAt }) => {
          held.push(expiresAt)
          return ok()
        },
      },
    })
    const placed = await placeOrder(deps, customer, request())
    expect(placed).toMatchObject({ value: { order: { expiresAt: new Date(NOW.getTime() + 900_000) } } })
    expect(held).toEqual([new Date(NOW.getTime() + 1_200_000)])
  })

  it('gives a guest a token of the order, and a customer none', async () => {
    const { deps } = testDeps()
    const guest = await placeOrder(deps, ANONYMOUS, request({ email: 'guest@example.com' }))
    if (!guest.ok) throw new Error(guest.failure.code)
    expect(await deps.tokens.isOf(guest.value.order.id, guest.value.orderToken ?? '')).toBe(true)
    expect(await placeOrder(deps, customer, request())).toMatchObject({ value: { orderToken: null } })
  })

  it('without an account or an e-mail address asks for a sign-in, and does nothing', async () => {
    const { deps, calls } = testDeps()
    expect(await placeOrder(deps, ANONYMOUS, request())).toMatchObject({ failure: { code: 'authentication_required' } })
    expect(calls).toEqual([])
  })

  it('asks for the prices by what names each item, and keeps what they say in its lines', async () => {
    const quotes = [
      quoteOf(1, { sku: 'TEE-S', options: { size: 'S' } }),
      quoteOf(1, { variantId: 12, sku: 'TEE-M', options: { size: 'M' } }),
      quoteOf(1, { variantId: 12, sku: 'TEE-M', options: { size: 'M' } }),
    ]
    const quote = vi.fn(async () => ok(quotes))
    const held: unknown[] = []
    const holdStock: CatalogClient['holdStock'] = async ({ lines }) => {
      held.push(lines)
      return ok()
    }
    const { deps } = testDeps({ catalog: { quote, holdStock } })
    const refs = [{ productId: 1 }, { variantId: 12 }, { sku: 'TEE-M' }]
    const items = refs.map((ref, index) => ({ ...ref, quantity: index + 1 }))
    const placed = await placeOrder(deps, customer, request({ items }))
    if (!placed.ok) throw new Error(placed.failure.code)
    expect(quote).toHaveBeenCalledExactlyOnceWith({ refs })
    const { lines } = placed.value.order
    expect(lines).toMatchObject([
      { variantId: 11, sku: 'TEE-S', options: { size: 'S' }, quantity: 1 },
      { variantId: 12, sku: 'TEE-M', options: { size: 'M' }, quantity: 2 },
      { variantId: 12, sku: 'TEE-M', options: { size: 'M' }, quantity: 3 },
    ])
    expect(held).toEqual([
      [
        { variantId: 11, quantity: 1, terms: quotes[0]?.stock },
        { variantId: 12, quantity: 5, terms: quotes[1]?.stock },
      ],
    ])
    expect(lines.every(({ id }) => isId('orderLine', id))).toBe(true)
    expect(new Set(lines.map(({ id }) => id)).size).toBe(3)
  })

  it('names the product that is out of stock, and writes nothing', async () => {
    const { deps, calls } = testDeps({ catalog: { holdStock: async () => OUT_OF_STOCK } })
    expect(await placeOrder(deps, customer, request())).toEqual({
      ok: false,
      failure: {
        ...{ code: 'out_of_stock', productId: 1, variantId: 11, sku: null, name: 'Product 1' },
        ...{ requested: 2, available: 1 },
      },
    })
    expect(calls).toEqual([expect.stringMatching(/^hold /)])
  })

  it.each<[string, CatalogClient['quote']]>([
    ['an unknown product', async () => fail({ code: 'product_not_found', productId: 1 })],
    ['an unknown variant', async () => fail({ code: 'variant_not_found', sku: 'NONE' })],
    ['a product of several', async () => fail({ code: 'variant_required', productId: 1, variants: [] })],
    ['two currencies', async () => ok([quoteOf(1), quoteOf(2, { currency: currency('EUR') })])],
    ['a catalog that is down', async () => DOWN],
  ])('is refused before anything is held: %s', async (_, quote) => {
    const { deps, calls } = testDeps({ catalog: { quote } })
    const items = [1, 2].map((productId) => ({ productId, quantity: 1 }))
    expect(await placeOrder(deps, customer, keyed({ items }))).toMatchObject({ ok: false })
    expect(calls).toEqual(['drop claim'])
  })
})

describe('an order that costs nothing', () => {
  const free = { quote: async () => ok([quoteOf(1, { price: 0 })]) }

  it('is paid by placing it, and its stock is sold at once', async () => {
    const { deps, calls, historyOf } = testDeps({ catalog: free })
    const placed = await placeOrder(deps, customer, request())
    if (!placed.ok) throw new Error(placed.failure.code)
    const { order } = placed.value
    expect(order).toMatchObject({ total: 0, status: 'processing', paymentStatus: 'paid', stockCommitted: true })
    expect(calls).toEqual([`hold ${order.id}`, 'insert', `sell ${order.id}`, 'save stock_committed'])
    expect(historyOf(order.id).map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'placed'],
      [2, 'paid'],
      [3, 'stock_committed'],
    ])
  })

  it('is placed whatever comes of the sale, which its replay repeats', async () => {
    const answers: (() => ReturnType<CatalogClient['commitHolds']>)[] = [
      async () => Promise.reject(new Error('gone')),
      async () => DOWN,
      async () => ok(),
    ]
    const commitHolds = () => (answers.shift() ?? (async () => ok()))()
    const { deps, calls } = testDeps({ catalog: { ...free, commitHolds } })
    const sold: unknown[] = []
    for (const _ of ['first', 'again', 'again']) {
      const placed = await placeOrder(deps, customer, keyed())
      sold.push(placed.ok && placed.value.order.stockCommitted)
    }
    expect(sold).toEqual([false, false, true])
    expect(calls.filter((call) => call === 'insert')).toHaveLength(1)
    expect(calls).toContain('warn order_unsold')
  })
})

describe('an order whose total cannot be charged', () => {
  it.each([
    ['USD', 24, 2, { minimum: 0.5, maximum: 999_999.99, step: 0.01 }],
    ['KWD', 1_235, 1, { minimum: 0.01, maximum: 99_999.99, step: 0.01 }],
    ['MGA', 150_050, 1, { minimum: 1, maximum: 99_999_999, step: 1 }],
  ])('is refused before anything is held: %s %d × %d', async (code, price, quantity, range) => {
    const { deps, calls } = testDeps({
      catalog: { quote: async () => ok([quoteOf(1, { price, currency: currency(code) })]) },
    })
    expect(await placeOrder(deps, customer, keyed({ items: [{ productId: 1, quantity }] }))).toEqual({
      ok: false,
      failure: { code: 'amount_not_chargeable', currency: code, ...range },
    })
    expect(calls).toEqual(['drop claim'])
  })
})

describe('an order whose write fails', () => {
  const failing = (over: Parameters<typeof testDeps>[0]) => {
    const made = testDeps(over)
    const insert: typeof made.deps.orders.insert = async () => {
      made.calls.push('insert')
      throw new Error('no answer')
    }
    return { ...made, deps: { ...made.deps, orders: { ...made.deps.orders, insert } } }
  }

  it('releases its own holds when the statement had no effect', async () => {
    const { deps, calls } = failing({ over: { hadNoEffect: () => true } })
    await expect(placeOrder(deps, customer, keyed())).rejects.toThrow('no answer')
    expect(calls.slice(1)).toEqual(['insert', `release ${holdIdOf(calls)}`, 'drop claim'])
  })

  it('releases nothing when the outcome is unknown', async () => {
    const { deps, calls } = failing({})
    await expect(placeOrder(deps, customer, keyed())).rejects.toThrow('no answer')
    expect(calls.slice(1)).toEqual(['insert', 'drop claim'])
  })

  it('is placed when it is found after its answer was lost', async () => {
    const { deps, calls } = testDeps()
    const insert: typeof deps.orders.insert = async (placed, placement) => {
      await deps.orders.insert(placed, placement)
      throw new Error('no answer')
    }
    const placed = await placeOrder({ ...deps, orders: { ...deps.orders, insert } }, customer, request())
    expect(placed).toMatchObject({ ok: true, value: { replayed: false } })
    expect(calls.slice(1)).toEqual(['insert'])
  })
})

describe('a sale that fails as an order is placed', () => {
  it('is logged with the order, which is placed all the same', async () => {
    const error = new Error('bug')
    const warn = vi.fn()
    const quote = async () => ok([quoteOf(1, { price: 0 })])
    const { deps } = testDeps({ catalog: { quote, commitHolds: () => Promise.reject(error) }, over: { warn } })
    const placed = await placeOrder(deps, customer, request())
    if (!placed.ok) throw new Error(placed.failure.code)
    const { order } = placed.value
    expect(order).toMatchObject({ status: 'processing', stockCommitted: false })
    expect(warn).toHaveBeenCalledExactlyOnceWith('order_unsold', { orderId: order.id, error })
  })
})
