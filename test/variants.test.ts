import { eventually } from '@shop/testing/eventually'
import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

const unique = () => crypto.randomUUID().slice(0, 8)
const staff = (method: string, path: string, body?: object, headers = {}) =>
  stage.shop.request(method, path, { token: stage.admin.token, body, headers })
const read = async (id: number) => (await staff('GET', `/api/products/${id}`)).body.product

/** A shirt in two of three sizes. */
async function addTee(over: object = {}) {
  const sku = unique()
  const variants = ['S', 'M'].map((size, n) => ({
    ...{ sku: `${sku}-${size}`, options: { size }, price: 20 + n, stock_quantity: 5 + n },
  }))
  const options = [{ name: 'size', values: ['S', 'M', 'L'] }]
  const created = await staff('POST', '/api/products', { name: `Tee ${sku}`, options, variants, ...over })
  expect(created.status).toBe(201)
  const { product } = created.body
  const [small, medium] = product.variants
  if (small === undefined || medium === undefined) throw new Error('No variants')
  return { product, small, medium, path: `/api/products/${product.id}` }
}

describe('a product with several variants', () => {
  it('is read as it was created, by its id and its slug, and listed with all of them', async () => {
    const category = unique()
    const { product, path } = await addTee({ category, brand: 'Ours', tags: ['new'], metadata: { erp: '7' } })
    expect(product).toMatchObject({
      ...{ price: 20, price_range: { min: 20, max: 21 }, stock_quantity: 11, in_stock: true, version: 1 },
      ...{ brand: 'Ours', tags: ['new'], metadata: { erp: '7' }, status: 'active', type: 'physical' },
    })
    expect(await read(product.id)).toEqual(product)
    expect((await staff('GET', `/api/products/by-slug/${product.slug}`)).body.product).toEqual(product)
    expect((await staff('GET', `/api/products?category=${category}`)).body.products).toEqual([product])
    const shown = (await stage.shop.request('GET', path)).body.product
    expect(shown.variants.map(({ sku }) => sku)).toEqual(product.variants.map(({ sku }) => sku))
    expect(JSON.stringify(shown)).not.toMatch(/metadata|low_stock_threshold|archived_at/)
  })

  it('has 250 variants at most, each with its own stock', async () => {
    const values = Array.from({ length: 250 }, (_, n) => `${n}`)
    const variants = values.slice(0, 100).map((n) => ({ options: { n }, price: Number(n), stock_quantity: Number(n) }))
    const many = values.slice(100).map((n) => ({ options: { n }, price: Number(n) }))
    const body = { name: 'Many', options: [{ name: 'n', values }], variants: [...variants, ...many] }
    expect((await staff('POST', '/api/products', body)).status).toBe(422)
    const within = { ...body, options: [{ name: 'n', values: values.slice(0, 100) }], variants }
    const { product } = (await staff('POST', '/api/products', within)).body
    expect(product).toMatchObject({ stock_quantity: 4_950, price: 0, price_range: { min: 0, max: 99 } })
    expect(await read(product.id)).toEqual(product)
  })

  it('is changed by its variants: price, stock and SKU of one of them', async () => {
    const { product, small, medium, path } = await addTee()
    for (const body of [{ price: 1 }, { stock_quantity: 1 }, { low_stock_threshold: 1 }]) {
      const refused = await staff('PUT', path, body)
      expect([refused.status, refused.body.code]).toEqual([422, 'variant_required'])
      expect(refused.body.variants.map(({ id }) => id)).toEqual([small.id, medium.id])
    }
    const change = { price: 30, compare_at_price: 40, stock_quantity: 9, expected_stock_quantity: 6 }
    const changed = await staff('PATCH', `${path}/variants/${medium.id}`, change, { 'if-match': '"1"' })
    expect([changed.status, changed.body.variant]).toMatchObject([
      200,
      { price: 30, compare_at_price: 40, stock_quantity: 9 },
    ])
    expect(await read(product.id)).toMatchObject({
      version: 2,
      price: 20,
      price_range: { max: 30 },
      stock_quantity: 14,
    })
    const taken = await staff('PATCH', `${path}/variants/${medium.id}`, { sku: small.sku })
    expect([taken.status, taken.body.code]).toEqual([409, 'sku_taken'])
    const stale = await staff('PATCH', `${path}/variants/${medium.id}`, { price: 1 }, { 'if-match': '"1"' })
    expect([stale.status, stale.body.code]).toEqual([412, 'version_conflict'])
  })

  it('lets one of two patches of a version change it', async () => {
    const { small, medium, path } = await addTee()
    const tag = (await staff('GET', path)).headers.get('etag') ?? ''
    const answers = await Promise.all([
      staff('PATCH', `${path}/variants/${small.id}`, { price: 1 }, { 'if-match': tag }),
      staff('PATCH', `${path}/variants/${medium.id}`, { price: 2 }, { 'if-match': tag }),
      staff('PATCH', path, { brand: 'Other' }, { 'if-match': tag }),
    ])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412])
  })

  it('gains a variant, and keeps the last one', async () => {
    const { product, small, medium, path } = await addTee()
    const large = { options: { size: 'L' }, price: 25, stock_quantity: 3 }
    const added = await staff('POST', `${path}/variants`, large)
    expect([added.status, added.body.variant]).toMatchObject([201, { ...large, product_id: product.id }])
    expect((await staff('POST', `${path}/variants`, large)).body.code).toBe('invalid_variants')
    for (const { id } of [small, medium]) expect((await staff('DELETE', `${path}/variants/${id}`)).status).toBe(200)
    const last = await staff('DELETE', `${path}/variants/${added.body.variant.id}`)
    expect([last.status, last.body.code]).toEqual([409, 'last_variant'])
    expect(await read(product.id)).toMatchObject({ stock_quantity: 3, price: 25, version: 4 })
    expect((await staff('PUT', path, { price: 26, stock_quantity: 4 })).body.product).toMatchObject({
      price: 26,
      stock_quantity: 4,
    })
  })

  it('is made of one without options', async () => {
    const { id } = await stage.shop.addProduct(stage.admin, { name: 'Plain' })
    const path = `/api/products/${id}`
    for (const values of [['M'], ['M', 'L']]) {
      expect((await staff('PATCH', path, { options: [{ name: 'size', values }] })).status).toBe(200)
    }
    expect((await staff('POST', `${path}/variants`, { options: { size: 'L' }, price: 15 })).status).toBe(201)
    expect((await read(id)).variants.map(({ options }) => options)).toEqual([{ size: 'M' }, { size: 'L' }])
  })

  it('takes a merge patch under its own media type', async () => {
    const { path } = await addTee({ metadata: { a: '1' } })
    const patch = { metadata: { a: null, b: '2' }, seo: { title: 'Title' }, attributes: { fit: 'slim' } }
    const patched = await stage.shop.request('PATCH', path, {
      token: stage.admin.token,
      rawBody: JSON.stringify(patch),
      headers: { 'content-type': 'application/merge-patch+json' },
    })
    expect(patched.body.product).toMatchObject({
      metadata: { b: '2' },
      seo: { title: 'Title' },
      attributes: { fit: 'slim' },
    })
  })
})

describe('a variant', () => {
  it('is found by its SKU, by customers while its product is for sale', async () => {
    const { product, medium, path } = await addTee()
    const find = async () => (await stage.shop.request('GET', `/api/variants?sku=${medium.sku}`)).body.variants
    expect(await find()).toMatchObject([{ id: medium.id, product_id: product.id, options: { size: 'M' } }])
    expect((await staff('PATCH', path, { status: 'draft' })).status).toBe(200)
    expect(await eventually(find, (variants) => variants.length === 0, 1_000)).toEqual([])
    expect((await staff('GET', `/api/variants?sku=${medium.sku}`)).body.variants).toHaveLength(1)
    expect((await stage.shop.request('GET', '/api/variants')).status).toBe(422)
  })
})

describe('a product that is not for sale', () => {
  it('is seen by staff only, and restored by them', async () => {
    const { shop, admin, customer } = stage
    const category = unique()
    const product = await shop.addProduct(admin, { category, status: 'draft' })
    const path = `/api/products/${product.id}`
    const slugPath = `/api/products/by-slug/${product.slug}`
    for (const token of [undefined, customer.token]) {
      for (const hidden of [path, slugPath]) expect((await shop.request('GET', hidden, { token })).status).toBe(404)
      const forbidden = await shop.request('GET', `/api/products?category=${category}&status=draft`, { token })
      expect([forbidden.status, forbidden.body.code]).toEqual([403, 'forbidden'])
      expect(
        (await shop.request('GET', `/api/products?category=${category}&status=`, { token })).body.products,
      ).toEqual([])
    }
    const drafts = await staff('GET', `/api/products?category=${category}&status=draft`)
    expect(drafts.body.products).toEqual([product])
    expect((await staff('PATCH', path, { status: 'active' })).body.product.status).toBe('active')
    expect(
      await eventually(
        async () => (await shop.request('GET', path)).status,
        (status) => status === 200,
        1_000,
      ),
    ).toBe(200)
    expect((await staff('DELETE', path)).status).toBe(200)
    expect((await staff('DELETE', path)).status).toBe(404)
    expect((await staff('PUT', path, { name: 'Archived' })).status).toBe(404)
    const restored = await staff('PATCH', path, { status: 'active' })
    expect(restored.body.product).toMatchObject({ status: 'active', archived_at: null })
  })
})

describe('a slug', () => {
  it('redirects once it was changed', async () => {
    const product = await stage.shop.addProduct(stage.admin, { name: `Mug ${unique()}` })
    const slug = `beaker-${unique()}`
    expect((await staff('PATCH', `/api/products/${product.id}`, { slug })).body.product.slug).toBe(slug)
    const url = `${stage.platform.url}/api/products/by-slug/${product.slug}`
    for (const headers of [{}, { authorization: `Bearer ${stage.admin.token}` }]) {
      const answer = await fetch(url, { redirect: 'manual', headers })
      expect([answer.status, answer.headers.get('location')]).toEqual([301, `/api/products/by-slug/${slug}`])
    }
    expect(await (await fetch(url)).json()).toMatchObject({ product: { id: product.id, slug } })
    const taken = await staff('POST', '/api/products', { name: 'Other', price: 1, slug })
    expect([taken.status, taken.body.code]).toEqual([409, 'slug_taken'])
  })
})
