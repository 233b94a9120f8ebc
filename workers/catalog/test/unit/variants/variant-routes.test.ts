import { ANONYMOUS } from '@shop/kernel/caller'
import { describe, expect, it } from 'vitest'
import { aShop } from '../../support/app.ts'
import { CUSTOMER, later, NOW, STAFF } from '../../support/catalog.ts'

const tee = {
  name: 'Tee',
  options: [{ name: 'size', values: ['S', 'M', 'L'] }],
  variants: [
    { sku: 'TEE-S', options: { size: 'S' }, price: 20, stock_quantity: 5 },
    { sku: 'TEE-M', options: { size: 'M' }, price: 22, compare_at_price: 25, stock_quantity: 7 },
  ],
}

async function aShopWithTee() {
  const shop = aShop()
  expect(await shop.call(STAFF, 'POST', '/api/products', tee)).toMatchObject({ status: 201 })
  return shop
}

const VARIANTS = '/api/products/1/variants'

describe('a product with several variants', () => {
  it('shows the lowest price, the range and the sum of its stock', async () => {
    const { call } = await aShopWithTee()
    expect(await call(ANONYMOUS, 'GET', '/api/products/1')).toMatchObject({
      body: {
        product: {
          ...{ price: 20, price_range: { min: 20, max: 22 }, stock_quantity: 12, in_stock: true, options: tee.options },
          variants: [
            { id: 1, sku: 'TEE-S', options: { size: 'S' }, price: 20, compare_at_price: null, stock_quantity: 5 },
            { id: 2, sku: 'TEE-M', options: { size: 'M' }, price: 22, compare_at_price: 25, stock_quantity: 7 },
          ],
        },
      },
    })
  })

  it.each([{ price: 5 }, { stock_quantity: 5 }, { low_stock_threshold: 5 }])('is not written by %j', async (body) => {
    const { call } = await aShopWithTee()
    for (const method of ['PUT', 'PATCH']) {
      expect(await call(STAFF, method, '/api/products/1', body)).toMatchObject({
        status: 422,
        body: {
          ...{ code: 'variant_required', product_id: 1 },
          variants: [
            { id: 1, sku: 'TEE-S', options: { size: 'S' } },
            { id: 2, sku: 'TEE-M', options: { size: 'M' } },
          ],
        },
      })
    }
  })

  it('takes no variants in an update', async () => {
    const { call } = await aShopWithTee()
    for (const method of ['PUT', 'PATCH']) {
      const refused = await call(STAFF, method, '/api/products/1', { variants: [] })
      expect(refused).toMatchObject({
        status: 422,
        body: { code: 'validation_failed', errors: [{ field: 'variants' }] },
      })
    }
  })

  it.each([
    [{ ...tee, variants: [] }, 'variants'],
    [{ ...tee, price: 5 }, 'price'],
    [{ ...tee, options: [{ name: 'size', values: [] }] }, 'options.0.values'],
    [{ ...tee, options: [{ name: 'cut', values: ['slim'] }] }, 'variants.0.options'],
    [{ ...tee, variants: [{ ...tee.variants[0], sku: '' }] }, 'variants.0.sku'],
    [{ ...tee, variants: [{ ...tee.variants[0], weight_grams: -1 }] }, 'variants.0.weight_grams'],
    [{ ...tee, variants: [{ ...tee.variants[0], colour: 'red' }] }, 'variants.0.colour'],
    [{ ...tee, variants: Array.from({ length: 251 }, (_, n) => ({ price: 1, options: { n: `${n}` } })) }, 'variants'],
    [{ ...tee, tags: ['New', 'new'] }, 'tags'],
    [{ ...tee, attributes: { 'Not a key': 1 } }, 'attributes.Not a key'],
    [{ ...tee, slug: 'Not a slug' }, 'slug'],
    [{ ...tee, status: 'sold' }, 'status'],
    [{ ...tee, seo: { keywords: 'x' } }, 'seo.keywords'],
  ])('is refused with a wrong field: %#', async (body, field) => {
    const { status, body: problem } = await aShop().call(STAFF, 'POST', '/api/products', body)
    expect(status).toBe(422)
    expect(problem).toMatchObject({ errors: expect.arrayContaining([expect.objectContaining({ field })]) })
  })

  it('is refused with an SKU that another product has', async () => {
    const { call } = await aShopWithTee()
    expect(await call(STAFF, 'POST', '/api/products', tee)).toMatchObject({
      status: 409,
      body: { code: 'sku_taken', sku: 'TEE-S' },
    })
  })
})

describe('the variant routes', () => {
  it('add, change and delete a variant, each a version of the product', async () => {
    const { call, send } = await aShopWithTee()
    const large = { sku: 'TEE-L', options: { size: 'L' }, price: 24, stock_quantity: 2, metadata: { a: 'b' } }
    const added = await send(STAFF, 'POST', VARIANTS, { body: large, headers: { 'if-match': '"1"' } })
    expect([added.status, added.headers.get('etag')]).toEqual([201, expect.stringMatching(/^"2-/)])
    expect(await added.json()).toMatchObject({ variant: { id: 3, product_id: 1, ...large, in_stock: true } })
    const changed = await call(STAFF, 'PATCH', `${VARIANTS}/3`, { price: 25, stock_quantity: 9 }, { 'if-match': '"2"' })
    expect(changed).toMatchObject({ status: 200, body: { variant: { id: 3, price: 25, stock_quantity: 9 } } })
    expect(await call(STAFF, 'DELETE', `${VARIANTS}/3`, undefined, { 'if-match': '"3"' })).toMatchObject({
      status: 200,
    })
    expect(await call(STAFF, 'DELETE', `${VARIANTS}/3`)).toMatchObject({
      status: 404,
      body: { code: 'variant_not_found', variant_id: 3 },
    })
    expect(await call(STAFF, 'GET', '/api/products/1')).toMatchObject({
      body: { product: { version: 4, variants: [{}, {}] } },
    })
  })

  it('take a merge patch under its own media type', async () => {
    const { send } = await aShopWithTee()
    const headers = { 'content-type': 'application/merge-patch+json' }
    const variant = await send(STAFF, 'PATCH', `${VARIANTS}/2`, { body: { compare_at_price: null }, headers })
    expect(await variant.json()).toMatchObject({ variant: { compare_at_price: null, price: 22 } })
    const product = await send(STAFF, 'PATCH', '/api/products/1', { body: { brand: 'Ours' }, headers })
    expect(await product.json()).toMatchObject({ product: { brand: 'Ours', name: 'Tee' } })
    const refused = await send(STAFF, 'PATCH', '/api/products/1', { body: { brand: 5 }, headers })
    expect(refused.status).toBe(422)
  })

  it('refuse a writer of an old version', async () => {
    const { call } = await aShopWithTee()
    const old = { 'if-match': '"7"' }
    for (const [method, path, body] of [
      ['POST', VARIANTS, { price: 1, options: { size: 'L' } }],
      ['PATCH', `${VARIANTS}/1`, { price: 1 }],
      ['PATCH', `${VARIANTS}/1`, { stock_quantity: 1 }],
      ['DELETE', `${VARIANTS}/1`, undefined],
    ] as const) {
      expect(await call(STAFF, method, path, body, old)).toMatchObject({
        status: 412,
        body: { code: 'version_conflict' },
      })
    }
  })

  it('set the stock of one variant, unless it has changed since it was read', async () => {
    const { call, stockOf, level } = await aShopWithTee()
    stockOf(2).hold({ holdId: 'order_a', quantity: 3, expiresAt: later(60) }, NOW)
    const stale = { stock_quantity: 10, expected_stock_quantity: 7, price: 30 }
    expect(await call(STAFF, 'PATCH', `${VARIANTS}/2`, stale)).toMatchObject({
      status: 409,
      body: { code: 'stock_changed', stock_quantity: 4 },
    })
    const fresh = { ...stale, expected_stock_quantity: 4 }
    expect(await call(STAFF, 'PATCH', `${VARIANTS}/2`, fresh)).toMatchObject({
      status: 200,
      body: { variant: { price: 30, stock_quantity: 10 } },
    })
    expect([level(1), level(2)]).toEqual([
      { onHand: 5, held: 0 },
      { onHand: 13, held: 3 },
    ])
    expect(await call(STAFF, 'PATCH', `${VARIANTS}/2`, { expected_stock_quantity: 4 })).toMatchObject({ status: 422 })
  })

  it('keep the last variant', async () => {
    const { call } = await aShopWithTee()
    expect(await call(STAFF, 'DELETE', `${VARIANTS}/1`)).toMatchObject({ status: 200 })
    expect(await call(STAFF, 'DELETE', `${VARIANTS}/2`)).toMatchObject({ status: 409, body: { code: 'last_variant' } })
    expect(await call(STAFF, 'PUT', '/api/products/1', { price: 21 })).toMatchObject({
      body: { product: { price: 21 } },
    })
  })

  it.each([
    ['POST', VARIANTS, { price: 1 }],
    ['PATCH', `${VARIANTS}/1`, { price: 1 }],
    ['DELETE', `${VARIANTS}/1`, undefined],
  ])('let only staff %s %s, and not of an archived product', async (method, path, body) => {
    const { call } = await aShopWithTee()
    expect(await call(ANONYMOUS, method, path, body)).toMatchObject({ status: 401 })
    expect(await call(CUSTOMER, method, path, body)).toMatchObject({ status: 403 })
    await call(STAFF, 'DELETE', '/api/products/1')
    expect(await call(STAFF, method, path, body)).toMatchObject({ status: 404, body: { code: 'product_not_found' } })
  })

  it('find a variant by its SKU, for customers only where its product is for sale', async () => {
    const { call } = await aShopWithTee()
    const found = { status: 200, body: { variants: [{ id: 2, product_id: 1, sku: 'TEE-M' }] } }
    expect(await call(ANONYMOUS, 'GET', '/api/variants?sku=TEE-M')).toMatchObject(found)
    expect(await call(ANONYMOUS, 'GET', '/api/variants?sku=tee-m')).toMatchObject({ body: { variants: [] } })
    expect(await call(ANONYMOUS, 'GET', '/api/variants')).toMatchObject({ status: 422 })
    await call(STAFF, 'PATCH', '/api/products/1', { status: 'draft' })
    expect(await call(ANONYMOUS, 'GET', '/api/variants?sku=TEE-M')).toMatchObject({ body: { variants: [] } })
    expect(await call(STAFF, 'GET', '/api/variants?sku=TEE-M')).toMatchObject(found)
  })

  it('show metadata and thresholds to staff only', async () => {
    const { call } = await aShopWithTee()
    await call(STAFF, 'PATCH', `${VARIANTS}/1`, { metadata: { a: 'b' }, low_stock_threshold: 3 })
    const staffOnly = { metadata: { a: 'b' }, low_stock_threshold: 3 }
    for (const path of ['/api/products/1', '/api/products', '/api/products/by-slug/tee', '/api/variants?sku=TEE-S']) {
      const [shown, hidden] = [await call(STAFF, 'GET', path), await call(CUSTOMER, 'GET', path)]
      expect(JSON.stringify(shown.body)).toContain('"a":"b"')
      expect(JSON.stringify(hidden.body)).not.toMatch(/metadata|low_stock_threshold|archived_at/)
    }
    expect(await call(STAFF, 'GET', '/api/variants?sku=TEE-S')).toMatchObject({ body: { variants: [staffOnly] } })
  })
})
