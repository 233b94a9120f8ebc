import { describe, expect, it } from 'vitest'
import { aShop } from '../../support/app.ts'
import { CUSTOMER, STAFF } from '../../support/catalog.ts'

const PATH = '/api/products/bulk'
const keyed = { 'idempotency-key': 'k1' }
const mug = (n: number) => ({ name: `Mug ${n}`, variants: [{ sku: `MUG-${n}`, price: 9 }] })

function aBulkShop() {
  const shop = aShop()
  const bulk = async (products: unknown, headers = {}) => {
    const response = await shop.send(STAFF, 'POST', PATH, { body: { products }, headers })
    return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) }
  }
  return { ...shop, bulk }
}

describe('creating many products', () => {
  it('answers each in the order asked, and announces them together', async () => {
    const { bulk, pendingOf, finish } = aBulkShop()
    const { status, body } = await bulk([mug(1), mug(2), mug(3)])
    expect([status, body.created, body.failed]).toEqual([200, 3, 0])
    expect(body.results).toMatchObject(
      [1, 2, 3].map((n) => ({
        index: n - 1,
        status: 201,
        product: { name: `Mug ${n}`, variants: [{ sku: `MUG-${n}` }] },
      })),
    )
    await finish()
    expect(pendingOf('catalog_cache')).toEqual([])
  })

  it('loses nothing of the others when some fail, each with its own problem', async () => {
    const { bulk } = aBulkShop()
    const bad = [{ name: 'No price' }, { name: 7, price: -1, colour: 'red' }, null, { ...mug(9), category_ids: [999] }]
    const { status, body } = await bulk([mug(1), ...bad, mug(1), mug(2)])
    expect([status, body.created, body.failed]).toEqual([200, 2, 5])
    expect(body.results.map((result: { status: number }) => result.status)).toEqual([201, 422, 422, 422, 404, 409, 201])
    expect(body.results[1]).toMatchObject({
      index: 1,
      problem: { code: 'invalid_variants', status: 422, errors: [{ field: 'price' }], request_id: expect.any(String) },
    })
    expect(body.results[2].problem.errors.map(({ field }: { field: string }) => field)).toEqual([
      'name',
      'price',
      'colour',
    ])
    expect(body.results[3].problem).toMatchObject({ code: 'validation_failed', errors: [{ field: 'body' }] })
    expect(body.results[4].problem).toMatchObject({ code: 'category_not_found' })
    expect(body.results[5].problem).toMatchObject({ code: 'sku_taken', sku: 'MUG-1' })
  })

  it('creates nothing twice with one key, and what failed before when the call is repeated', async () => {
    const { bulk, call } = aBulkShop()
    const first = await bulk([mug(1), { name: 'No price' }, mug(2)], keyed)
    const again = await bulk([mug(1), { name: 'No price' }, mug(2)], keyed)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    expect(again.body.results[0]).toEqual(first.body.results[0])
    expect(again.body.results[2]).toEqual(first.body.results[2])
    const mended = await bulk([mug(1), mug(3), mug(2)], keyed)
    expect(mended.body).toMatchObject({ created: 3, failed: 0 })
    expect(mended.headers.get('idempotency-replayed')).toBeNull()
    expect(await call(STAFF, 'GET', '/api/products')).toMatchObject({ body: { products: { length: 3 } } })
  })

  it('refuses the key of another item at its place only', async () => {
    const { bulk } = aBulkShop()
    await bulk([mug(1), mug(2)], keyed)
    const { body } = await bulk([mug(3), mug(2)], keyed)
    expect(body.results).toMatchObject([
      { status: 422, problem: { code: 'idempotency_key_reused' } },
      { status: 201, product: { name: 'Mug 2' } },
    ])
  })

  it.each([
    ['no product', []],
    ['no list', 'all'],
    ['501 products', Array.from({ length: 501 }, (_, n) => mug(n))],
    ['501 variants', [...Array.from({ length: 5 }, () => ({ variants: Array(100).fill({}) })), {}]],
  ])('refuses the whole call: %s', async (_, products) => {
    const { bulk, call } = aBulkShop()
    const { status, body } = await bulk(products)
    expect([status, body.code, body.errors[0].field]).toEqual([422, 'validation_failed', 'products'])
    expect(await call(STAFF, 'GET', '/api/products')).toMatchObject({ body: { products: [] } })
  })

  it('tries no more after an outage, and says so for each that was not created', async () => {
    const { bulk, deps, warnings } = aBulkShop()
    const { insert } = deps.products
    let tries = 0
    deps.products.insert = (product) => {
      tries += 1
      if (tries > 2) throw new Error('The database is down')
      return insert(product)
    }
    const { status, body } = await bulk(Array.from({ length: 30 }, (_, n) => mug(n)))
    expect([status, body.created, body.failed]).toEqual([200, 2, 28])
    expect(body.results[29]).toMatchObject({ index: 29, status: 503, problem: { code: 'service_unavailable' } })
    expect(tries).toBeLessThanOrEqual(8)
    expect(new Set(warnings)).toEqual(new Set(['bulk_item_failed']))
  })

  it('is for staff', async () => {
    const { call } = aBulkShop()
    expect((await call(CUSTOMER, 'POST', PATH, { products: [mug(1)] })).status).toBe(403)
    expect((await call({ kind: 'anonymous' }, 'POST', PATH, { products: [mug(1)] })).status).toBe(401)
  })
})
