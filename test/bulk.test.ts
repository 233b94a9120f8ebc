import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

const unique = () => crypto.randomUUID().slice(0, 8)
const bulk = (products: object[], headers = {}) =>
  stage.shop.request('POST', '/api/products/bulk', { token: stage.admin.token, body: { products }, headers })
const list = async (category: string) =>
  (await stage.shop.request('GET', `/api/products?category=${category}&limit=100`, { token: stage.admin.token })).body
    .products

/** A product in 25 sizes, each with its stock. */
function aProduct(name: string, category: string) {
  const values = Array.from({ length: 25 }, (_, n) => `${n}`)
  const variants = values.map((size, n) => ({
    ...{ sku: `${name}-${size}`, options: { size }, price: 10 + n, stock_quantity: n + 1 },
  }))
  return { name, category, options: [{ name: 'size', values }], variants }
}

describe('creating many products', () => {
  it('takes 500 variants in 20 products, in one new category, and each can be bought at once', async () => {
    const category = unique()
    const products = Array.from({ length: 20 }, (_, n) => aProduct(`${category}-${n}`, category))
    const { status, body } = await bulk(products)
    expect([status, body.created, body.failed]).toEqual([200, 20, 0])
    expect(body.results.map(({ index, product }) => [index, product.name])).toEqual(
      products.map(({ name }, index) => [index, name]),
    )
    expect(new Set(body.results.map(({ product }) => product.category_ids[0])).size).toBe(1)
    expect((await list(category)).map(({ id }) => id).sort()).toEqual(
      body.results.map(({ product }) => product.id).sort(),
    )
    const items = [{ sku: `${category}-19-24`, quantity: 25 }]
    const order = await stage.shop.request('POST', '/api/orders', { token: stage.customer.token, body: { items } })
    expect(order.status).toBe(201)
  })

  it('creates the good ones beside bad ones', async () => {
    const category = unique()
    const good = (n: number) => ({ name: `${category}-${n}`, category, price: n })
    const { status, body } = await bulk([good(1), { name: 'No price', category }, good(2), { colour: 'red' }])
    expect([status, body.created, body.failed]).toEqual([200, 2, 2])
    expect(body.results.map((result) => [result.index, result.status, result.problem?.code])).toEqual([
      [0, 201, undefined],
      [1, 422, 'invalid_variants'],
      [2, 201, undefined],
      [3, 422, 'validation_failed'],
    ])
    expect((await list(category)).map(({ name }) => name).sort()).toEqual([`${category}-1`, `${category}-2`])
  })

  it('creates nothing twice when it is repeated with its key, even at the same time', async () => {
    const category = unique()
    const products = Array.from({ length: 10 }, (_, n) => ({
      ...{ name: `${category}-${n}`, category, variants: [{ sku: `${category}-${n}`, price: 5 }] },
    }))
    const headers = { 'idempotency-key': category }
    const answers = await Promise.all([bulk(products, headers), bulk(products, headers)])
    const again = await bulk(products, headers)
    for (const { body } of answers) expect(body).toEqual(again.body)
    expect([again.body.created, again.headers.get('idempotency-replayed')]).toEqual([10, 'true'])
    expect(await list(category)).toHaveLength(10)
    const others = [{ ...products[0], name: 'Another' }, ...products.slice(1)]
    const { body } = await bulk(others, headers)
    expect([body.created, body.results[0]?.problem?.code]).toEqual([9, 'idempotency_key_reused'])
  })

  it('refuses 501 variants as a whole', async () => {
    const category = unique()
    const products = Array.from({ length: 20 }, (_, n) => aProduct(`${category}-${n}`, category))
    const refused = await bulk([...products, { name: 'One more', category, price: 1 }])
    expect([refused.status, refused.body.errors?.[0]?.field]).toEqual([422, 'products'])
    expect(await list(category)).toEqual([])
  })
})
