import { PUBLIC_READS } from '@shop/contracts/catalog/public-reads'
import { ANONYMOUS } from '@shop/kernel/caller'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ListProductsQuery } from '../../../src/search/routes/list-products.ts'
import { SuggestSearchQuery } from '../../../src/search/routes/suggest-search.ts'
import { aShop } from '../../support/app.ts'
import { CUSTOMER, later, NOW, STAFF } from '../../support/catalog.ts'

const aeropress = { name: 'Aeropress', price: 39.95, stock_quantity: 50 }
const Page = z.object({ products: z.array(z.object({ name: z.string() })), next_cursor: z.string().nullable() })

describe('the product routes', () => {
  it('create, read, update and delete a product, with and without a trailing slash', async () => {
    const { call } = aShop()
    const variant = {
      ...{ id: 1, sku: null, barcode: null, options: {}, price: 39.95, compare_at_price: null, currency: 'USD' },
      ...{ currencies: ['USD'], weight_grams: null, stock_quantity: 50, in_stock: true, inventory_policy: 'deny' },
    }
    const product = {
      ...{ id: 1, name: 'Aeropress', slug: 'aeropress', description: '', status: 'active' },
      ...{ price: 39.95, price_range: { min: 39.95, max: 39.95 }, currency: 'USD' },
      ...{ category: null, category_ids: [], brand: null, type: 'physical', tags: [], tax_category: null },
      ...{ shipping_class: null, attributes: {}, seo: {}, image_url: null, options: [], variants: [variant] },
      ...{ stock_quantity: 50, in_stock: true, max_per_order: null },
      ...{ created_at: NOW.toISOString(), updated_at: NOW.toISOString(), version: 1 },
    }
    const forStaff = (shown: typeof product) => ({
      ...shown,
      ...{ translations: {}, metadata: {}, archived_at: null },
      variants: shown.variants.map((one) => ({
        ...{ ...one, current_price: one.price, prices: [], metadata: {}, low_stock_threshold: null },
      })),
    })
    const created = await call(STAFF, 'POST', '/api/products/', aeropress)
    expect(created).toEqual({ status: 201, body: { product: forStaff(product), message: 'Product created' } })
    expect(await call(ANONYMOUS, 'GET', '/api/products/1/')).toEqual({ status: 200, body: { product } })
    expect(await call(STAFF, 'GET', '/api/products/1/')).toEqual({ status: 200, body: { product: forStaff(product) } })
    const price = { price: 29.5, stock_quantity: 7 }
    const changed = { ...product, ...price, price_range: { min: 29.5, max: 29.5 }, version: 2 }
    expect(await call(STAFF, 'PUT', '/api/products/1', price)).toEqual({
      status: 200,
      body: { product: forStaff({ ...changed, variants: [{ ...variant, ...price }] }), message: 'Product updated' },
    })
    expect(await call(STAFF, 'DELETE', '/api/products/1')).toEqual({
      status: 200,
      body: { message: 'Product deleted' },
    })
    expect(await call(STAFF, 'DELETE', '/api/products/1')).toMatchObject({ status: 404 })
    expect(await call(ANONYMOUS, 'GET', '/api/products/1')).toMatchObject({
      status: 404,
      body: { code: 'product_not_found', product_id: 1 },
    })
  })

  it('take the primary category by its name, and others by their ids', async () => {
    const { call } = aShop()
    const write = async (method: string, path: string, body: object) => (await call(STAFF, method, path, body)).body
    expect(await write('POST', '/api/products', { ...aeropress, category: ' Kitchen ' })).toMatchObject({
      product: { category: 'Kitchen', category_ids: [1] },
    })
    const put = (body: object) => write('PUT', '/api/products/1', body)
    expect(await put({ category: 'kitchen' })).toMatchObject({ product: { category: 'Kitchen', version: 1 } })
    expect(await put({ category_ids: [1, 7] })).toMatchObject({ product: { category_ids: [1, 7], version: 2 } })
    expect(await put({ category: 'Garden' })).toMatchObject({ product: { category: 'Garden', category_ids: [2, 7] } })
    expect(await put({ category: 'KITCHEN', category_ids: [2] })).toMatchObject({ product: { category_ids: [3, 2] } })
    expect(await put({ category: null })).toMatchObject({ product: { category: null, category_ids: [] } })
  })

  it('refuse a category that does not exist', async () => {
    const { call } = aShop()
    await call(STAFF, 'POST', '/api/products', aeropress)
    const refused = { status: 404, body: { code: 'category_not_found', category_id: 999 } }
    expect(await call(STAFF, 'POST', '/api/products', { ...aeropress, category_ids: [999] })).toMatchObject(refused)
    expect(await call(STAFF, 'PUT', '/api/products/1', { category_ids: [999] })).toMatchObject(refused)
  })

  it('list page by page, newest first', async () => {
    const { call } = aShop()
    for (const name of ['A', 'B', 'C']) await call(STAFF, 'POST', '/api/products', { ...aeropress, name })
    const first = await call(ANONYMOUS, 'GET', '/api/products?limit=2')
    const page = Page.parse(first.body)
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
    ['sort=cost', 'validation_failed'],
    ['sort=price&sort=name', 'validation_failed'],
    ['option.=M', 'validation_failed'],
    ['attribute.Wood=oak', 'validation_failed'],
    ['brand=%00', 'validation_failed'],
    ['price_min=-1', 'validation_failed'],
    ['price_max=1e3', 'validation_failed'],
    ['currency=XXX', 'validation_failed'],
    ['in_stock=1', 'validation_failed'],
    ['facets=yes', 'validation_failed'],
    ['total=exact', 'validation_failed'],
    ['Search=mug', 'validation_failed'],
  ])('refuse to list by %s', async (query, code) => {
    expect(await aShop().call(ANONYMOUS, 'GET', `/api/products?${query}`)).toMatchObject({
      status: 422,
      body: { code },
    })
  })

  it.each(['search=', 'category=', 'search&category=&limit=5'])('list everything by the empty %s', async (query) => {
    const { call } = aShop()
    await call(STAFF, 'POST', '/api/products', aeropress)
    expect(await call(ANONYMOUS, 'GET', `/api/products?${query}`)).toMatchObject({
      status: 200,
      body: { products: [{ name: aeropress.name }] },
    })
  })

  it.each(['0', '-1', '1.5', 'abc', '9999999999999999', '00', '%00'])('refuse the id %s', async (id) => {
    const { status } = await aShop().call(ANONYMOUS, 'GET', `/api/products/${id}`)
    expect(status).toBe(422)
  })

  it.each([
    ['POST', '/api/products', aeropress],
    ['PUT', '/api/products/1', { name: 'Other' }],
    ['DELETE', '/api/products/1', undefined],
  ])('let only staff %s, before the body is read', async (method, path, body) => {
    const { call } = aShop()
    await call(STAFF, 'POST', '/api/products', aeropress)
    for (const sent of body === undefined ? [undefined] : [body, { nonsense: true }, '{broken']) {
      expect(await call(ANONYMOUS, method, path, sent)).toMatchObject({ status: 401 })
      expect(await call(CUSTOMER, method, path, sent)).toMatchObject({ status: 403 })
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
    [{ ...aeropress, category: 'x'.repeat(101) }, 'category'],
    [{ ...aeropress, category: 'a\u0000b' }, 'category'],
    [{ ...aeropress, category_ids: [0] }, 'category_ids.0'],
    [{ ...aeropress, category_ids: Array.from({ length: 51 }, (_, n) => n + 1) }, 'category_ids'],
    [{ ...aeropress, colour: 'red' }, 'colour'],
    [{ name: 'No price' }, 'price'],
  ])('name the wrong field of %j', async (body, field) => {
    const refused = await aShop().call(STAFF, 'POST', '/api/products', body)
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ field }] } })
  })

  it.each([
    [{ stock_quantity: -1 }, 'stock_quantity'],
    [{ stock_quantity: -1, expected_stock_quantity: -1 }, 'stock_quantity'],
    [{ stock_quantity: 1.5, expected_stock_quantity: 1 }, 'stock_quantity'],
    [{ stock_quantity: 1, expected_stock_quantity: 1.5 }, 'expected_stock_quantity'],
    [{ stock_quantity: 1, expected_stock_quantity: null }, 'expected_stock_quantity'],
    [{ expected_stock_quantity: 1 }, 'stock_quantity'],
    [{ stock_quantity: 1_000_000_001 }, 'stock_quantity'],
    [{ stock_quantity: 1_000_000_001, expected_stock_quantity: 5 }, 'stock_quantity'],
  ])('refuse to set the stock by %j', async (body, field) => {
    const { call } = aShop()
    await call(STAFF, 'POST', '/api/products', aeropress)
    const refused = await call(STAFF, 'PUT', '/api/products/1', body)
    expect(refused).toMatchObject({
      status: 422,
      body: { errors: expect.arrayContaining([expect.objectContaining({ field })]) },
    })
  })

  it('accept a stock as it is shown, even above what can be set', async () => {
    const { call, stockOf } = aShop()
    await call(STAFF, 'POST', '/api/products', { ...aeropress, stock_quantity: 1_000_000_000 })
    stockOf(1).adjust({ delta: 5, reason: 'receive', key: 'more' }, NOW)
    const shown = 1_000_000_005
    const body = { name: 'Other', stock_quantity: shown, expected_stock_quantity: shown }
    expect(await call(STAFF, 'PUT', '/api/products/1', body)).toMatchObject({
      status: 200,
      body: { product: { name: 'Other', stock_quantity: shown } },
    })
  })

  it('refuse a stock that has changed since it was read, naming what it is now', async () => {
    const { call, stockOf } = aShop()
    await call(STAFF, 'POST', '/api/products', aeropress)
    stockOf(1).hold({ holdId: 'order_a', quantity: 3, expiresAt: later(1) }, NOW)
    const body = { name: 'Other', stock_quantity: 60, expected_stock_quantity: 50 }
    expect(await call(STAFF, 'PUT', '/api/products/1', body)).toMatchObject({
      status: 409,
      body: { code: 'stock_changed', stock_quantity: 47 },
    })
    expect(await call(ANONYMOUS, 'GET', '/api/products/1')).toMatchObject({ body: { product: { name: 'Aeropress' } } })
  })

  it('have an ETag that names their version, which a write may name in turn', async () => {
    const { call, send } = aShop()
    const created = await send(STAFF, 'POST', '/api/products', { body: aeropress })
    expect(created.headers.get('etag')).toMatch(/^"1-[\da-f]{40}"$/)
    const tag = (await send(ANONYMOUS, 'GET', '/api/products/1')).headers.get('etag') ?? ''
    expect(tag).toMatch(/^"1-[\da-f]{40}"$/)
    const updated = await send(STAFF, 'PUT', '/api/products/1', {
      body: { name: 'A' },
      headers: { 'if-match': `W/${tag}` },
    })
    expect([updated.status, updated.headers.get('etag')]).toEqual([200, expect.stringMatching(/^"2-/)])
    for (const [method, body] of [
      ['PUT', { name: 'B' }],
      ['DELETE', undefined],
    ] as const) {
      expect(await call(STAFF, method, '/api/products/1', body, { 'if-match': tag })).toMatchObject({
        status: 412,
        body: { code: 'version_conflict' },
      })
      expect(await call(STAFF, method, '/api/products/1', body, { 'if-match': '7' })).toMatchObject({
        status: 400,
        body: { code: 'malformed_request' },
      })
    }
    expect(await call(STAFF, 'PUT', '/api/products/1', {}, { 'if-match': '*' })).toMatchObject({
      body: { product: { name: 'A', version: 2 } },
    })
    expect(await call(STAFF, 'DELETE', '/api/products/1', undefined, { 'if-match': '"2"' })).toMatchObject({
      status: 200,
    })
    expect(await call(STAFF, 'DELETE', '/api/products/1', undefined, { 'if-match': '"2"' })).toMatchObject({
      status: 404,
    })
  })

  it('have a new ETag after a sale, in the same version', async () => {
    const { products, listing, send } = aShop()
    await send(STAFF, 'POST', '/api/products', { body: aeropress })
    const tagOf = async () => (await send(ANONYMOUS, 'GET', '/api/products/1')).headers.get('etag') ?? ''
    const before = await tagOf()
    await listing.project([{ variantId: 1, available: 49, sequence: 2, low: [] }])
    const after = await tagOf()
    expect([before.slice(0, 3), after.slice(0, 3), after === before]).toEqual(['"1-', '"1-', false])
    expect((await products.find(1))?.version).toBe(1)
    const put = { body: { name: 'Other' }, headers: { 'if-match': before } }
    expect((await send(STAFF, 'PUT', '/api/products/1', put)).status).toBe(200)
  })

  it('let everybody cache public answers, and staff nothing', async () => {
    const { call, send } = aShop()
    await call(STAFF, 'POST', '/api/products', aeropress)
    const headersOf = async (caller: typeof STAFF) => (await send(caller, 'GET', '/api/products/1')).headers
    expect((await headersOf(ANONYMOUS)).get('cache-control')).toBe('public, max-age=0, must-revalidate')
    expect((await headersOf(STAFF)).get('cache-control')).toBe('private, no-cache')
  })

  it('read only the query parameters that are part of the gateway’s cache key', () => {
    const reads = { '/api/products': ListProductsQuery.shape, '/api/search/suggest': SuggestSearchQuery.shape }
    for (const [path, shape] of Object.entries(reads)) {
      const read = PUBLIC_READS.find((one) => one.path.test(path))
      expect([...(read?.query ?? [])].sort()).toEqual(Object.keys(shape).sort())
      const given = (value: unknown) =>
        Object.entries(shape).flatMap(([name, schema]) => (isAbsent(schema.safeParse(value)) ? [name] : []))
      expect([...(read?.filters ?? [])].sort()).toEqual(given('').sort())
      expect([...(read?.lists ?? [])].sort()).toEqual(given(['']).sort())
    }
  })
})

const isAbsent = ({ success, data }: { success: boolean; data?: unknown }) => success && data === undefined
