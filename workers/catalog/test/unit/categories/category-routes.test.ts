import { PUBLIC_READS } from '@shop/contracts/catalog/public-reads'
import { ANONYMOUS } from '@shop/kernel/caller'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ListCategoriesQuery } from '../../../src/categories/routes/list-categories.ts'
import { aShop } from '../../support/app.ts'
import { CUSTOMER, NOW, STAFF } from '../../support/catalog.ts'

const Page = z.object({ categories: z.array(z.object({ name: z.string() })), next_cursor: z.string().nullable() })

/** A shop with categories, each below the one before. */
async function withCategories(...names: string[]) {
  const shop = aShop()
  for (const [index, name] of names.entries()) {
    await shop.call(STAFF, 'POST', '/api/categories', { name, ...(index === 0 ? {} : { parent_id: index }) })
  }
  return shop
}

describe('the category routes', () => {
  it('create, read, change and delete a category, with and without a trailing slash', async () => {
    const { call } = aShop()
    const times = { created_at: NOW.toISOString(), updated_at: NOW.toISOString() }
    const place = { parent_id: null, position: 0, depth: 1, path: ['kuche'] }
    const category = { id: 1, name: 'Küche', slug: 'kuche', ...place, version: 1, ...times }
    const body = { name: '  Ku\u0308che ', slug: 'kuche', metadata: { erp: '7' } }
    expect(await call(STAFF, 'POST', '/api/categories/', body)).toEqual({
      status: 201,
      body: { category: { ...category, metadata: { erp: '7' } }, message: 'Category created' },
    })
    expect(await call(ANONYMOUS, 'GET', '/api/categories/1/')).toEqual({ status: 200, body: { category } })
    const changed = { ...category, name: 'Kitchen', metadata: { pos: 'B' }, version: 2 }
    const patch = { name: 'Kitchen', metadata: { erp: null, pos: 'B' } }
    expect(await call(STAFF, 'PATCH', '/api/categories/1', patch)).toEqual({
      status: 200,
      body: { category: changed, message: 'Category updated' },
    })
    expect(await call(STAFF, 'PATCH', '/api/categories/1', {})).toMatchObject({ body: { category: { version: 2 } } })
    expect(await call(STAFF, 'DELETE', '/api/categories/1')).toEqual({
      status: 200,
      body: { message: 'Category deleted' },
    })
    const gone = { status: 404, body: { code: 'category_not_found', category_id: 1 } }
    expect(await call(ANONYMOUS, 'GET', '/api/categories/1')).toMatchObject(gone)
    expect(await call(STAFF, 'PATCH', '/api/categories/1', patch)).toMatchObject(gone)
    expect(await call(STAFF, 'DELETE', '/api/categories/1')).toMatchObject(gone)
  })

  it('show metadata to staff only', async () => {
    const { call } = aShop()
    await call(STAFF, 'POST', '/api/categories', { name: 'Tools', metadata: { margin: '40%' } })
    for (const path of ['/api/categories', '/api/categories/1']) {
      expect(JSON.stringify((await call(STAFF, 'GET', path)).body)).toContain('40%')
      for (const caller of [ANONYMOUS, CUSTOMER]) {
        expect(JSON.stringify((await call(caller, 'GET', path)).body)).not.toContain('metadata')
      }
    }
  })

  it('list the whole tree at once, or page by page', async () => {
    const { call } = await withCategories('A', 'B', 'C')
    expect(await call(ANONYMOUS, 'GET', '/api/categories')).toMatchObject({
      body: { categories: [{ depth: 1 }, { depth: 2, path: ['a', 'b'] }, { depth: 3 }], next_cursor: null },
    })
    const first = Page.parse((await call(ANONYMOUS, 'GET', '/api/categories?limit=2')).body)
    expect(first.categories.map(({ name }) => name)).toEqual(['A', 'B'])
    const rest = `/api/categories/?limit=2&cursor=${first.next_cursor}`
    expect(await call(ANONYMOUS, 'GET', rest)).toMatchObject({
      body: { categories: [{ name: 'C' }], next_cursor: null },
    })
  })

  it.each([
    ['limit=0', 'validation_failed'],
    ['limit=1001', 'validation_failed'],
    ['cursor=nonsense', 'invalid_cursor'],
    [`cursor=${btoa('["2026-11-23T10:00:00Z","1"]')}`, 'invalid_cursor'],
  ])('refuse to list by %s', async (query, code) => {
    expect(await aShop().call(ANONYMOUS, 'GET', `/api/categories?${query}`)).toMatchObject({
      status: 422,
      body: { code },
    })
  })

  it.each([
    ['POST', '/api/categories', { name: 'Other' }],
    ['PATCH', '/api/categories/1', { name: 'Other' }],
    ['DELETE', '/api/categories/1', undefined],
  ])('let only staff %s, before the body is read', async (method, path, body) => {
    const { call } = await withCategories('Tools')
    for (const sent of body === undefined ? [undefined] : [body, { nonsense: true }, '{broken']) {
      expect(await call(ANONYMOUS, method, path, sent)).toMatchObject({ status: 401 })
      expect(await call(CUSTOMER, method, path, sent)).toMatchObject({ status: 403 })
    }
    expect(await call(ANONYMOUS, 'GET', '/api/categories/1')).toMatchObject({ body: { category: { name: 'Tools' } } })
  })

  it.each([
    [{}, 'name'],
    [{ name: ' ' }, 'name'],
    [{ name: '\u200b' }, 'name'],
    [{ name: 'a\u0000b' }, 'name'],
    [{ name: 'a\nb' }, 'name'],
    [{ name: 'x'.repeat(101) }, 'name'],
    [{ name: 'Tools', slug: 'Tools' }, 'slug'],
    [{ name: 'Tools', slug: 'a--b' }, 'slug'],
    [{ name: 'Tools', slug: '' }, 'slug'],
    [{ name: 'Tools', parent_id: 0 }, 'parent_id'],
    [{ name: 'Tools', parent_id: '1' }, 'parent_id'],
    [{ name: 'Tools', position: -1 }, 'position'],
    [{ name: 'Tools', position: 0.5 }, 'position'],
    [{ name: 'Tools', metadata: { a: 1 } }, 'metadata.a'],
    [{ name: 'Tools', colour: 'red' }, 'colour'],
  ])('name the wrong field of %j', async (body, field) => {
    expect(await aShop().call(STAFF, 'POST', '/api/categories', body)).toMatchObject({
      status: 422,
      body: { code: 'validation_failed', errors: [{ field }] },
    })
  })

  it('refuse a parent that does not exist and a slug that is taken', async () => {
    const { call } = await withCategories('Tools')
    expect(await call(STAFF, 'POST', '/api/categories', { name: 'B', parent_id: 9 })).toMatchObject({
      status: 404,
      body: { code: 'category_not_found', category_id: 9 },
    })
    expect(await call(STAFF, 'POST', '/api/categories', { name: 'B', slug: 'tools' })).toMatchObject({
      status: 409,
      body: { code: 'slug_taken', slug: 'tools' },
    })
  })

  it('refuse a 51st pair of metadata', async () => {
    const { call } = await withCategories('Tools')
    const metadata = (from: number) => Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`k${from + n}`, 'x']))
    const patch = (from: number) => call(STAFF, 'PATCH', '/api/categories/1', { metadata: metadata(from) })
    expect(await patch(0)).toMatchObject({ status: 200 })
    expect(await patch(40)).toMatchObject({ status: 422, body: { code: 'metadata_too_large', maximum_pairs: 50 } })
  })

  it('let everybody cache public answers, and staff nothing', async () => {
    const { send } = await withCategories('Tools')
    for (const path of ['/api/categories', '/api/categories/1']) {
      const control = async (caller: typeof STAFF) => (await send(caller, 'GET', path)).headers.get('cache-control')
      expect(await control(ANONYMOUS)).toBe('public, max-age=0, must-revalidate')
      expect(await control(STAFF)).toBe('private, no-cache')
    }
  })

  it('read only the query parameters that are part of the gateway’s cache key', () => {
    const listing = PUBLIC_READS.find(({ path }) => path.test('/api/categories'))
    expect([...(listing?.query ?? [])].sort()).toEqual(Object.keys(ListCategoriesQuery.shape).sort())
  })
})

describe('a write with If-Match', () => {
  const etagOf = (response: Response) => response.headers.get('etag') ?? ''

  it('is accepted with the version that was read, weakened or not', async () => {
    const { send } = await withCategories('Tools')
    const read = etagOf(await send(ANONYMOUS, 'GET', '/api/categories/1'))
    expect(read).toMatch(/^"1-/)
    const patch = (name: string, etag: string) =>
      send(STAFF, 'PATCH', '/api/categories/1', { body: { name }, headers: { 'if-match': etag } })
    const first = await patch('One', `W/${read}`)
    expect([first.status, etagOf(first)]).toEqual([200, expect.stringMatching(/^"2-/)])
    expect((await patch('Two', etagOf(first))).status).toBe(200)
    expect((await patch('Three', '*')).status).toBe(200)
  })

  it.each(['PATCH', 'DELETE'])('is refused with another version: %s', async (method) => {
    const { send, call } = await withCategories('Tools')
    const body = method === 'DELETE' ? {} : { body: { name: 'Other' } }
    const answerTo = (etag: string) =>
      send(STAFF, method, '/api/categories/1', { ...body, headers: { 'if-match': etag } })
    for (const etag of ['"2"', '"abc"', '"0-1", "7-x"']) {
      const refused = await answerTo(etag)
      expect([refused.status, await refused.json()]).toMatchObject([412, { code: 'version_conflict' }])
    }
    expect((await answerTo('1')).status).toBe(400)
    expect(await call(ANONYMOUS, 'GET', '/api/categories/1')).toMatchObject({ body: { category: { name: 'Tools' } } })
  })

  it.each(['PATCH', 'DELETE'])(
    'is refused when another writer is faster, and decided again without it: %s',
    async (method) => {
      const { send, call, beforeNextCategoryWrite } = await withCategories('Tools')
      const body = method === 'DELETE' ? {} : { body: { slug: 'mine' } }
      const other = (name: string) => () => call(STAFF, 'PATCH', '/api/categories/1', { name })
      beforeNextCategoryWrite(other('First'))
      const refused = await send(STAFF, method, '/api/categories/1', { ...body, headers: { 'if-match': '"1"' } })
      expect(refused.status).toBe(412)
      beforeNextCategoryWrite(other('Second'))
      expect((await send(STAFF, method, '/api/categories/1', body)).status).toBe(200)
      const left = await call(ANONYMOUS, 'GET', '/api/categories/1')
      if (method === 'DELETE') expect(left.status).toBe(404)
      else expect(left).toMatchObject({ body: { category: { name: 'Second', slug: 'mine', version: 4 } } })
    },
  )
})

describe('a change of a category', () => {
  it('invalidates the cached answers', async () => {
    const { call, finish, pendingOf, written } = await withCategories('Tools')
    await call(STAFF, 'PATCH', '/api/categories/1', { name: 'Other' })
    await call(STAFF, 'DELETE', '/api/categories/1')
    await finish()
    expect(written.map(({ type }) => type)).toEqual(['category.created', 'category.updated', 'category.deleted'])
    expect(pendingOf('catalog_cache')).toEqual([])
  })
})
