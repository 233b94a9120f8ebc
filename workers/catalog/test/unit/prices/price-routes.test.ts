import { ANONYMOUS } from '@shop/kernel/caller'
import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import { quoteProducts } from '../../../src/products/quote-products.ts'
import { aShop } from '../../support/app.ts'
import { later, NOW, STAFF } from '../../support/catalog.ts'

const SALE = {
  currency: 'USD',
  amount: 15,
  compare_at_price: 20,
  starts_at: later(60).toISOString(),
  ends_at: later(120).toISOString(),
}
const EURO = { currency: 'eur', amount: 18.99 }

/** One variant: 20 dollars, 15 in the second minute, 18.99 euros. */
async function aShopWithMug(prices: object[] = [EURO, SALE]) {
  const shop = aShop()
  const body = { name: 'Mug', price: 20, stock_quantity: 5, prices }
  expect(await shop.call(STAFF, 'POST', '/api/products', body)).toMatchObject({ status: 201 })
  const show = async (query = '', caller: typeof STAFF = ANONYMOUS as typeof STAFF) =>
    (await shop.call(caller, 'GET', `/api/products/1${query}`)).body as { product: Shown }
  return { ...shop, show }
}

type Shown = { price: number; price_range: object; currency: string; variants: Record<string, unknown>[] }

describe('a product with several prices', () => {
  it('is shown in its first currency, or in the one that is asked for in any case', async () => {
    const { show } = await aShopWithMug()
    const { product } = await show()
    expect(product).toMatchObject({ price: 20, price_range: { min: 20, max: 20 }, currency: 'USD' })
    expect(product.variants).toMatchObject([{ price: 20, currency: 'USD', currencies: ['USD', 'EUR'] }])
    expect(JSON.stringify(product)).not.toMatch(/prices|current_price/)
    for (const code of ['eur', 'EUR']) {
      const euros = (await show(`?currency=${code}`)).product
      expect(euros).toMatchObject({ price: 18.99, price_range: { min: 18.99, max: 18.99 }, currency: 'EUR' })
      expect(euros.variants).toMatchObject([{ price: 18.99, compare_at_price: null, currency: 'EUR' }])
    }
    expect((await show('?currency=')).product.currency).toBe('USD')
  })

  it('costs less while a sale lasts, and staff still see and save the price without dates', async () => {
    const { show, call, deps, clock } = await aShopWithMug()
    clock.now = later(60)
    const customers = (await show()).product
    expect(customers).toMatchObject({ price: 15, variants: [{ price: 15, compare_at_price: 20 }] })
    const { product } = await show('', STAFF)
    expect(product).toMatchObject({ price: 20, variants: [{ price: 20, compare_at_price: null, current_price: 15 }] })
    await call(STAFF, 'PUT', '/api/products/1', { price: product.price })
    const [variant] = product.variants
    const again = { price: variant?.price, prices: variant?.prices }
    const saved = await call(STAFF, 'PATCH', `/api/products/1/variants/${variant?.id}`, again)
    expect(saved).toMatchObject({
      status: 200,
      body: { variant: { price: 20, current_price: 15, prices: variant?.prices } },
    })
    expect(await quoteProducts(deps, { refs: [{ productId: 1 }] })).toMatchObject({ value: [{ price: 1_500 }] })
    clock.now = later(120)
    expect((await show()).product).toMatchObject({ price: 20, variants: [{ price: 20 }] })
  })

  it('is 404 in a currency in which it is not sold, and quoted in one in which it is', async () => {
    const { call, deps, clock } = await aShopWithMug([{ ...SALE, currency: 'EUR' }])
    const slug = '/api/products/by-slug/mug?currency=EUR'
    const refused = { status: 404, body: { code: 'not_sold_in_currency', product_id: 1, currency: 'EUR' } }
    expect(await call(ANONYMOUS, 'GET', '/api/products/1?currency=EUR')).toMatchObject(refused)
    expect(await call(ANONYMOUS, 'GET', slug)).toMatchObject(refused)
    const request = { refs: [{ productId: 1 }], currency: currency('EUR') }
    expect(await quoteProducts(deps, request)).toEqual({
      ok: false,
      failure: { code: 'item_not_sold_in_currency', productId: 1, variantId: 1, currency: 'EUR' },
    })
    clock.now = later(60)
    expect(await call(ANONYMOUS, 'GET', slug)).toMatchObject({ status: 200, body: { product: { price: 15 } } })
    expect(await quoteProducts(deps, request)).toMatchObject({ value: [{ price: 1_500, currency: 'EUR' }] })
  })

  it('shows of its variants those that are sold in the currency, and finds no other by SKU', async () => {
    const { call } = aShop()
    const variants = [
      { sku: 'S', options: { size: 'S' }, price: 20, prices: [EURO] },
      { sku: 'M', options: { size: 'M' }, price: 22 },
    ]
    await call(STAFF, 'POST', '/api/products', { name: 'Tee', variants })
    expect(await call(ANONYMOUS, 'GET', '/api/products/1?currency=EUR')).toMatchObject({
      body: { product: { price: 18.99, variants: [{ sku: 'S', price: 18.99 }] } },
    })
    const found = async (sku: string) => (await call(ANONYMOUS, 'GET', `/api/variants?sku=${sku}&currency=eur`)).body
    expect(await found('S')).toMatchObject({ variants: [{ sku: 'S', price: 18.99, currency: 'EUR' }] })
    expect(await found('M')).toEqual({ variants: [] })
  })

  it('says to caches when it changes by itself', async () => {
    const { send } = await aShopWithMug()
    const validOf = async (path: string) => (await send(ANONYMOUS, 'GET', path)).headers.get('x-shop-valid')
    expect(await validOf('/api/products/1')).toBe('60000')
    expect(await validOf('/api/products?limit=5')).toBe('60000')
    expect(await validOf('/api/products/by-slug/mug?currency=EUR')).toBe('60000')
  })
})

describe('the prices of a variant', () => {
  it('are replaced as a list, and emptied by null', async () => {
    const { call } = await aShopWithMug()
    const patch = (prices: unknown) => call(STAFF, 'PATCH', '/api/products/1/variants/1', { prices })
    expect(await patch([{ currency: 'GBP', amount: 16 }])).toMatchObject({
      body: { variant: { currencies: ['USD', 'GBP'], prices: [{ currency: 'GBP', amount: 16, starts_at: null }] } },
    })
    expect(await patch(null)).toMatchObject({ body: { variant: { currencies: ['USD'], prices: [] } } })
  })

  it.each([
    [[{ currency: 'XXX', amount: 1 }]],
    [[{ currency: 'EUR', amount: -1 }]],
    [[{ currency: 'EUR', amount: 1, starts_at: 'tomorrow' }]],
    [[{ currency: 'EUR', amount: 1, starts_at: '2026-12-01T00:00:00' }]],
    [[{ currency: 'EUR', amount: 1, ends_at: '0000-01-01T00:00:00Z' }]],
    [[{ currency: 'EUR', amount: 1, ends_at: '9999-12-31T23:59:59-12:00' }]],
    [[{ currency: 'EUR' }]],
    [[{ currency: 'EUR', amount: 1, until: NOW }]],
    [Array.from({ length: 101 }, () => SALE)],
    [[{ currency: 'USD', amount: 1 }]],
  ])('are refused as a whole: %j', async (prices) => {
    const { call } = aShop()
    const variants = [{ price: 1, prices }]
    expect(await call(STAFF, 'POST', '/api/products', { name: 'Mug', variants })).toMatchObject({ status: 422 })
    expect(await call(STAFF, 'POST', '/api/products', { name: 'Mug', price: 1, prices })).toMatchObject({ status: 422 })
  })

  it.each(['XXX', 'EURO', '€'])('are not asked for in %s', async (code) => {
    const { call } = await aShopWithMug()
    for (const path of ['/api/products/1?', '/api/products/by-slug/mug?', '/api/variants?sku=S&']) {
      const refused = await call(ANONYMOUS, 'GET', `${path}currency=${code}`)
      expect(refused).toMatchObject({ status: 422, body: { code: 'validation_failed' } })
    }
  })
})
