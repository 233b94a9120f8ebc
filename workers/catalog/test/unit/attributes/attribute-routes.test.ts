import { PUBLIC_READS } from '@shop/contracts/catalog/public-reads'
import { ANONYMOUS } from '@shop/kernel/caller'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ListAttributesQuery } from '../../../src/attributes/routes/list-attributes.ts'
import { aShop } from '../../support/app.ts'
import { CUSTOMER, NOW, STAFF } from '../../support/catalog.ts'

const Page = z.object({ attributes: z.array(z.object({ key: z.string() })), next_cursor: z.string().nullable() })

const material = { key: 'material', label: 'Material', type: 'list', values: ['Cotton', 'Wool'], filterable: true }

async function withAttributes(...bodies: object[]) {
  const shop = aShop()
  for (const body of bodies) await shop.call(STAFF, 'POST', '/api/attributes', body)
  return shop
}

describe('the attribute routes', () => {
  it('declare, list, change and withdraw an attribute', async () => {
    const { call } = aShop()
    const attribute = { id: 1, ...material, version: 1, created_at: NOW.toISOString(), updated_at: NOW.toISOString() }
    expect(await call(STAFF, 'POST', '/api/attributes/', material)).toEqual({
      status: 201,
      body: { attribute, message: 'Attribute created' },
    })
    expect(await call(ANONYMOUS, 'GET', '/api/attributes/')).toEqual({
      status: 200,
      body: { attributes: [attribute], next_cursor: null },
    })
    const patch = { label: 'Fabric', values: ['Silk'], filterable: false }
    expect(await call(STAFF, 'PATCH', '/api/attributes/1', patch)).toEqual({
      status: 200,
      body: { attribute: { ...attribute, ...patch, version: 2 }, message: 'Attribute updated' },
    })
    expect(await call(STAFF, 'DELETE', '/api/attributes/1')).toMatchObject({ status: 200 })
    const gone = { status: 404, body: { code: 'attribute_not_found', attribute_id: 1 } }
    expect(await call(STAFF, 'PATCH', '/api/attributes/1', patch)).toMatchObject(gone)
    expect(await call(STAFF, 'DELETE', '/api/attributes/1')).toMatchObject(gone)
  })

  it('are not filterable unless declared so', async () => {
    const { call } = aShop()
    expect(
      await call(STAFF, 'POST', '/api/attributes', { key: 'weight', label: 'Weight', type: 'number' }),
    ).toMatchObject({
      body: { attribute: { values: null, filterable: false } },
    })
  })

  it('refuse a key twice, and values for what is no list', async () => {
    const { call } = await withAttributes({ key: 'weight', label: 'Weight', type: 'number' })
    expect(await call(STAFF, 'POST', '/api/attributes', { ...material, key: 'weight' })).toMatchObject({
      status: 409,
      body: { code: 'attribute_key_taken', key: 'weight' },
    })
    expect(await call(STAFF, 'PATCH', '/api/attributes/1', { values: ['a'] })).toMatchObject({
      status: 409,
      body: { code: 'attribute_has_no_values', attribute_id: 1 },
    })
  })

  it('list page by page, by key', async () => {
    const text = (key: string) => ({ key, label: key, type: 'text' })
    const { call } = await withAttributes(text('b'), text('c'), text('a'))
    const first = Page.parse((await call(ANONYMOUS, 'GET', '/api/attributes?limit=2')).body)
    expect(first.attributes.map(({ key }) => key)).toEqual(['a', 'b'])
    const rest = await call(ANONYMOUS, 'GET', `/api/attributes?limit=2&cursor=${first.next_cursor}`)
    expect(rest.body).toMatchObject({ attributes: [{ key: 'c' }], next_cursor: null })
    expect(await call(ANONYMOUS, 'GET', '/api/attributes?cursor=x')).toMatchObject({ status: 422 })
  })

  it.each([
    [{ ...material, key: 'Material' }, 'key'],
    [{ ...material, key: 'a.b' }, 'key'],
    [{ ...material, key: '' }, 'key'],
    [{ ...material, label: ' ' }, 'label'],
    [{ ...material, type: 'colour' }, 'type'],
    [{ ...material, values: undefined }, 'values'],
    [{ ...material, values: ['a', 'a'] }, 'values'],
    [{ ...material, values: [] }, 'values'],
    [{ ...material, type: 'text' }, 'values'],
    [{ ...material, filterable: 'yes' }, 'filterable'],
  ])('name the wrong field of %j', async (body, field) => {
    expect(await aShop().call(STAFF, 'POST', '/api/attributes', body)).toMatchObject({
      status: 422,
      body: { errors: [{ field }] },
    })
  })

  it.each([
    ['POST', '/api/attributes', material],
    ['PATCH', '/api/attributes/1', { label: 'Other' }],
    ['DELETE', '/api/attributes/1', undefined],
  ])('let only staff %s, before the body is read', async (method, path, body) => {
    const { call } = await withAttributes(material)
    for (const sent of body === undefined ? [undefined] : [body, { nonsense: true }, '{broken']) {
      expect(await call(ANONYMOUS, method, path, sent)).toMatchObject({ status: 401 })
      expect(await call(CUSTOMER, method, path, sent)).toMatchObject({ status: 403 })
    }
  })

  it.each(['PATCH', 'DELETE'])('take If-Match: %s', async (method) => {
    const { send } = await withAttributes(material)
    const body = method === 'DELETE' ? {} : { body: { label: 'Other' } }
    const answerTo = (etag: string) =>
      send(STAFF, method, '/api/attributes/1', { ...body, headers: { 'if-match': etag } })
    expect((await answerTo('"2"')).status).toBe(412)
    expect((await answerTo('"1"')).status).toBe(200)
  })

  it('invalidate the cached answers with each change', async () => {
    const { call, finish, pendingOf, written } = await withAttributes(material)
    await call(STAFF, 'PATCH', '/api/attributes/1', { label: 'Other' })
    await call(STAFF, 'DELETE', '/api/attributes/1')
    await finish()
    expect(written.map(({ type }) => type)).toEqual(['attribute.created', 'attribute.updated', 'attribute.deleted'])
    expect(pendingOf('catalog_cache')).toEqual([])
  })

  it('read only the query parameters that are part of the gateway’s cache key', () => {
    const listing = PUBLIC_READS.find(({ path }) => path.test('/api/attributes'))
    expect([...(listing?.query ?? [])].sort()).toEqual(Object.keys(ListAttributesQuery.shape).sort())
  })
})
