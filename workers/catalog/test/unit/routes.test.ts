import { ProductPage } from '@shop/contracts'
import { ANONYMOUS, CALLER_HEADER, type Caller } from '@shop/kernel'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { catalogApp } from '../../src/app.ts'
import { fakeStock } from '../support/fake-stock.ts'
import { memoryProducts } from '../support/memory-products.ts'

const now = new Date('2026-11-23T10:00:00.000Z')
const admin: Caller = { kind: 'user', userId: 'user_admin', role: 'admin' }
const customer: Caller = { kind: 'user', userId: 'user_customer', role: 'customer' }
const aeropress = { name: 'Aeropress', price: 39.95, stock_quantity: 50 }

function aShop() {
  const shop = fakeStock({}, { now })
  const deps = {
    ...memoryProducts(),
    stock: shop.stock,
    now: () => now,
    later: () => {},
    newKey: () => crypto.randomUUID(),
    warn: () => {},
    pingDatabase: async () => {},
  }
  const app = catalogApp(() => deps)
  async function call(caller: Caller, method: string, path: string, body?: unknown) {
    const headers = { [CALLER_HEADER]: JSON.stringify(caller), 'content-type': 'application/json' }
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
    const response = await app.request(`http://catalog${path}`, { method, headers, ...sent })
    return { status: response.status, body: await response.json() }
  }
  return { call, ...shop }
}

/** As much of an OpenAPI document as is looked at here. */
const Description = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.object({ responses: z.record(z.string(), z.unknown()) }))),
})

describe('the routes of the catalogue', () => {
  it('create, show, change and delete a product, with and without a trailing slash', async () => {
    const { call } = aShop()
    const product = {
      id: 1,
      name: 'Aeropress',
      description: '',
      price: 39.95,
      currency: 'USD',
      category: null,
      image_url: null,
      stock_quantity: 50,
      created_at: now.toISOString(),
      updated_at: now.toISOString(),
    }
    const created = await call(admin, 'POST', '/api/products/', aeropress)
    expect(created).toEqual({ status: 201, body: { product, message: 'Product created' } })
    expect(await call(ANONYMOUS, 'GET', '/api/products/1/')).toEqual({ status: 200, body: { product } })
    const changed = { ...product, price: 29.5, stock_quantity: 7 }
    expect(await call(admin, 'PUT', '/api/products/1', { price: 29.5, stock_quantity: 7 })).toEqual({
      status: 200,
      body: { product: changed, message: 'Product updated' },
    })
    expect(await call(admin, 'DELETE', '/api/products/1')).toEqual({
      status: 200,
      body: { message: 'Product deleted' },
    })
    expect(await call(admin, 'DELETE', '/api/products/1')).toMatchObject({ status: 404 })
    expect(await call(ANONYMOUS, 'GET', '/api/products/1')).toMatchObject({
      status: 404,
      body: { code: 'product_not_found', product_id: 1 },
    })
  })

  it('list page by page, newest first', async () => {
    const { call } = aShop()
    for (const name of ['A', 'B', 'C']) await call(admin, 'POST', '/api/products', { ...aeropress, name })
    const first = await call(ANONYMOUS, 'GET', '/api/products?limit=2')
    const page = ProductPage.parse(first.body)
    expect(page.products.map((product) => product.name)).toEqual(['C', 'B'])
    const second = await call(ANONYMOUS, 'GET', `/api/products/?limit=2&cursor=${page.next_cursor}`)
    expect(second.body).toMatchObject({ products: [{ name: 'A' }], next_cursor: null })
  })

  it.each([
    ['limit=0', 'validation_failed'],
    ['limit=101', 'validation_failed'],
    ['limit=x', 'validation_failed'],
    ['cursor=nonsense', 'invalid_cursor'],
    [`cursor=${btoa('["2026-11-23","1"]')}`, 'invalid_cursor'],
    [`cursor=${btoa('["2026-11-23T10:00:00Z","order_1"]')}`, 'invalid_cursor'],
    ['search=%00', 'validation_failed'],
    ['category=', 'validation_failed'],
  ])('refuse to list by %s', async (query, code) => {
    expect(await aShop().call(ANONYMOUS, 'GET', `/api/products?${query}`)).toMatchObject({
      status: 422,
      body: { code },
    })
  })

  it.each(['0', '-1', '1.5', 'abc', '9999999999999999', '00', '%00'])('find no product at id %s', async (id) => {
    const { status } = await aShop().call(ANONYMOUS, 'GET', `/api/products/${id}`)
    expect(status).toBe(422)
  })

  it.each([
    ['POST', '/api/products', aeropress],
    ['PUT', '/api/products/1', { name: 'Other' }],
    ['DELETE', '/api/products/1', undefined],
  ])('let only staff %s, whatever the body', async (method, path, body) => {
    const { call } = aShop()
    await call(admin, 'POST', '/api/products', aeropress)
    for (const sent of body === undefined ? [undefined] : [body, { nonsense: true }, '{broken']) {
      expect(await call(ANONYMOUS, method, path, sent)).toMatchObject({ status: 401 })
      expect(await call(customer, method, path, sent)).toMatchObject({ status: 403 })
    }
    expect(await call(ANONYMOUS, 'GET', '/api/products/1')).toMatchObject({ body: { product: { name: 'Aeropress' } } })
  })

  it.each([
    [{ ...aeropress, price: 1.001 }, 'price'],
    [{ ...aeropress, price: -1 }, 'price'],
    [{ ...aeropress, price: 1e300 }, 'price'],
    [{ ...aeropress, currency: 'XYZ' }, 'currency'],
    [{ ...aeropress, name: ' ' }, 'name'],
    [{ ...aeropress, name: 'a\u0000b' }, 'name'],
    [{ ...aeropress, name: 'x'.repeat(201) }, 'name'],
    [{ ...aeropress, stock_quantity: 1.5 }, 'stock_quantity'],
    [{ ...aeropress, stock_quantity: 1_000_000_001 }, 'stock_quantity'],
    [{ ...aeropress, image_url: 'javascript:alert(1)' }, 'image_url'],
    [{ ...aeropress, colour: 'red' }, 'colour'],
    [{ name: 'No price' }, 'price'],
  ])('name the field that is wrong in %j', async (body, field) => {
    const refused = await aShop().call(admin, 'POST', '/api/products', body)
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ field }] } })
  })

  it('refuse a stock below what is held, and change nothing', async () => {
    const { call, keeperOf } = aShop()
    await call(admin, 'POST', '/api/products', aeropress)
    keeperOf(1).hold({ holdId: 'order_a', quantity: 3, expiresAt: new Date(now.getTime() + 1_000) }, now)
    expect(await call(admin, 'PUT', '/api/products/1', { name: 'Other', stock_quantity: 2 })).toMatchObject({
      status: 409,
      body: { code: 'stock_below_held', held: 3 },
    })
    expect(await call(ANONYMOUS, 'GET', '/api/products/1')).toMatchObject({ body: { product: { name: 'Aeropress' } } })
  })

  it('describe every status they answer', async () => {
    const { body } = await aShop().call(ANONYMOUS, 'GET', '/openapi.json')
    const { paths } = Description.parse(body)
    expect(Object.keys(paths)).toEqual([
      '/api/products',
      '/api/products/{id}',
      '/api/inventory',
      '/api/inventory/{product_id}',
      '/api/inventory/{product_id}/adjust',
      '/api/inventory/rebuild',
      '/api/inventory/reconcile',
    ])
    expect(Object.keys(paths['/api/products/{id}']?.put?.responses ?? {})).toEqual(
      '200 400 401 403 404 409 413 415 422 429 500 503'.split(' '),
    )
  })
})
