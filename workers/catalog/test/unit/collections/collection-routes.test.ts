import { PUBLIC_READS } from '@shop/contracts/catalog/public-reads'
import { ANONYMOUS } from '@shop/kernel/caller'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ListCollectionsQuery } from '../../../src/collections/routes/list-collections.ts'
import { aShop } from '../../support/app.ts'
import { CUSTOMER, NOW, STAFF } from '../../support/catalog.ts'

const Page = z.object({ collections: z.array(z.object({ name: z.string() })), next_cursor: z.string().nullable() })

async function withCollections(...bodies: object[]) {
  const shop = aShop()
  for (const body of bodies) await shop.call(STAFF, 'POST', '/api/collections', body)
  return shop
}

describe('the collection routes', () => {
  it('create, read, change and delete a manual collection', async () => {
    const { call } = aShop()
    const times = { created_at: NOW.toISOString(), updated_at: NOW.toISOString() }
    const collection = { id: 1, name: 'Summer', slug: 'summer', kind: 'manual', version: 1, ...times }
    const forStaff = { rule: null, product_ids: [3, 1], metadata: { a: 'b' } }
    const body = { name: 'Summer', product_ids: [3, 1], metadata: { a: 'b' } }
    expect(await call(STAFF, 'POST', '/api/collections/', body)).toEqual({
      status: 201,
      body: { collection: { ...collection, ...forStaff }, message: 'Collection created' },
    })
    expect(await call(ANONYMOUS, 'GET', '/api/collections/1/')).toEqual({ status: 200, body: { collection } })
    expect(await call(STAFF, 'PUT', '/api/collections/1/products', { product_ids: [2, 3] })).toEqual({
      status: 200,
      body: {
        collection: { ...collection, ...forStaff, product_ids: [2, 3], version: 2 },
        message: 'Collection updated',
      },
    })
    expect(await call(STAFF, 'PATCH', '/api/collections/1', { slug: 'hot', metadata: null })).toMatchObject({
      body: { collection: { slug: 'hot', name: 'Summer', metadata: {}, product_ids: [2, 3], version: 3 } },
    })
    expect(await call(STAFF, 'DELETE', '/api/collections/1')).toMatchObject({ status: 200 })
    const gone = { status: 404, body: { code: 'collection_not_found', collection_id: 1 } }
    expect(await call(ANONYMOUS, 'GET', '/api/collections/1')).toMatchObject(gone)
    expect(await call(STAFF, 'PATCH', '/api/collections/1', { name: 'x' })).toMatchObject(gone)
    expect(await call(STAFF, 'PUT', '/api/collections/1/products', { product_ids: [] })).toMatchObject(gone)
    expect(await call(STAFF, 'DELETE', '/api/collections/1')).toMatchObject(gone)
  })

  it('create and change a collection by rule', async () => {
    const { call } = aShop()
    const rule = { tags: ['new'], price_max: 20, in_stock: true }
    expect(await call(STAFF, 'POST', '/api/collections', { name: 'New and cheap', rule })).toMatchObject({
      status: 201,
      body: { collection: { kind: 'rule', slug: 'new-and-cheap', rule: { ...rule, currency: 'USD' } } },
    })
    const patch = { rule: { tags: null, price_max: 25.5 } }
    const { body } = await call(STAFF, 'PATCH', '/api/collections/1', patch)
    expect(body).toMatchObject({ collection: { version: 2 } })
    expect(z.object({ collection: z.object({ rule: z.unknown() }) }).parse(body).collection.rule).toEqual({
      price_max: 25.5,
      currency: 'USD',
      in_stock: true,
    })
  })

  it('refuse products for a rule, and a rule for products', async () => {
    const { call } = await withCollections({ name: 'By hand' }, { name: 'By rule', rule: { in_stock: true } })
    expect(await call(STAFF, 'PATCH', '/api/collections/1', { rule: { in_stock: true } })).toMatchObject({
      status: 409,
      body: { code: 'collection_has_no_rule' },
    })
    expect(await call(STAFF, 'PUT', '/api/collections/2/products', { product_ids: [1] })).toMatchObject({
      status: 409,
      body: { code: 'collection_not_manual' },
    })
  })

  it('refuse a product that does not exist', async () => {
    const { call } = await withCollections({ name: 'By hand' })
    const missing = { status: 404, body: { code: 'product_not_found', product_id: 999 } }
    const product_ids = [1, 999]
    expect(await call(STAFF, 'PUT', '/api/collections/1/products', { product_ids })).toMatchObject(missing)
    expect(await call(STAFF, 'POST', '/api/collections', { name: 'Other', product_ids })).toMatchObject(missing)
  })

  it('list page by page, newest first', async () => {
    const { call } = await withCollections({ name: 'A' }, { name: 'B' }, { name: 'C' })
    const first = Page.parse((await call(ANONYMOUS, 'GET', '/api/collections?limit=2')).body)
    expect(first.collections.map(({ name }) => name)).toEqual(['C', 'B'])
    const rest = await call(ANONYMOUS, 'GET', `/api/collections?limit=2&cursor=${first.next_cursor}`)
    expect(rest.body).toMatchObject({ collections: [{ name: 'A' }], next_cursor: null })
    expect(await call(ANONYMOUS, 'GET', '/api/collections?cursor=x')).toMatchObject({
      status: 422,
      body: { code: 'invalid_cursor' },
    })
  })

  it.each([
    ['POST', '/api/collections', { name: 'Other' }],
    ['PATCH', '/api/collections/1', { name: 'Other' }],
    ['PUT', '/api/collections/1/products', { product_ids: [] }],
    ['DELETE', '/api/collections/1', undefined],
  ])('let only staff %s %s, before the body is read', async (method, path, body) => {
    const { call } = await withCollections({ name: 'Summer' })
    for (const sent of body === undefined ? [undefined] : [body, { nonsense: true }, '{broken']) {
      expect(await call(ANONYMOUS, method, path, sent)).toMatchObject({ status: 401 })
      expect(await call(CUSTOMER, method, path, sent)).toMatchObject({ status: 403 })
    }
  })

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'A', slug: 'A' }, 'slug'],
    [{ name: 'A', product_ids: [1, 1] }, 'product_ids'],
    [{ name: 'A', product_ids: Array.from({ length: 1_001 }, (_, n) => n + 1) }, 'product_ids'],
    [{ name: 'A', rule: { in_stock: true }, product_ids: [] }, 'product_ids'],
    [{ name: 'A', rule: { tags: [] } }, 'rule.tags'],
    [{ name: 'A', rule: { tags: ['a', 'a '] } }, 'rule.tags'],
    [{ name: 'A', rule: { colour: 'red' } }, 'rule.colour'],
    [{ name: 'A', rule: { currency: 'XYZ', price_min: 1 } }, 'rule.currency'],
    [{ name: 'A', rule: { price_min: -1 } }, 'rule.price_min'],
    [{ name: 'A', rule: { created_within_days: 0 } }, 'rule.created_within_days'],
    [{ name: 'A', rule: {} }, 'rule'],
    [{ name: 'A', rule: { price_min: 1.001 } }, 'rule.price_min'],
  ])('name the wrong field of %j', async (body, field) => {
    expect(await aShop().call(STAFF, 'POST', '/api/collections', body)).toMatchObject({
      status: 422,
      body: { errors: [{ field }] },
    })
  })

  it('hide the rule, the products and the metadata from the public', async () => {
    const secret = { name: 'A', rule: { tags: ['clearance'] }, metadata: { why: 'overstock' } }
    const { call } = await withCollections(secret, { name: 'B', product_ids: [77] })
    for (const path of ['/api/collections', '/api/collections/1', '/api/collections/2']) {
      expect(JSON.stringify((await call(CUSTOMER, 'GET', path)).body)).not.toMatch(/clearance|overstock|77|rule":/)
    }
  })

  it.each([
    ['PATCH', '/api/collections/1', { name: 'Other' }],
    ['PUT', '/api/collections/1/products', { product_ids: [5] }],
    ['DELETE', '/api/collections/1', undefined],
  ])('take If-Match: %s %s', async (method, path, body) => {
    const { send, call } = await withCollections({ name: 'Summer' })
    const answerTo = (etag: string) => send(STAFF, method, path, { body, headers: { 'if-match': etag } })
    expect((await answerTo('"2"')).status).toBe(412)
    const etag = (await send(STAFF, 'GET', '/api/collections/1')).headers.get('etag') ?? ''
    expect((await answerTo(etag)).status).toBe(200)
    const left = await call(ANONYMOUS, 'GET', '/api/collections/1')
    expect(left).toMatchObject(method === 'DELETE' ? { status: 404 } : { body: { collection: { version: 2 } } })
  })

  it('invalidate the cached answers with each change', async () => {
    const { call, finish, pendingOf, written } = await withCollections({ name: 'A' })
    await call(STAFF, 'PUT', '/api/collections/1/products', { product_ids: [1] })
    await call(STAFF, 'DELETE', '/api/collections/1')
    await finish()
    expect(written.map(({ type }) => type)).toEqual(['collection.created', 'collection.updated', 'collection.deleted'])
    expect(pendingOf('catalog_cache')).toEqual([])
  })

  it('read only the query parameters that are part of the gateway’s cache key', () => {
    const listing = PUBLIC_READS.find(({ path }) => path.test('/api/collections'))
    expect([...(listing?.query ?? [])].sort()).toEqual(Object.keys(ListCollectionsQuery.shape).sort())
  })
})
