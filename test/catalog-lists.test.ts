import type { ProductBody } from '@shop/testing/product-body'
import { describe, expect, it } from 'vitest'
import { catalogCallsOf } from './support/catalog-calls.ts'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()
const { unique, list, read, readAt, idsOf } = catalogCallsOf(stage)

describe('a condition on a write', () => {
  const write = (method: string, path: string, ifMatch: string, body?: object) =>
    stage.shop.request(method, path, { token: stage.admin.token, body, headers: { 'if-match': ifMatch } })

  it('lets one of two writers of a version change a product, and the other not even its stock', async () => {
    const product = await stage.shop.addProduct(stage.admin)
    const path = `/api/products/${product.id}`
    const tag = (await readAt(path)).headers.get('etag') ?? ''
    const forms = ['A', 'B', 'C'].map((name, n) => ({ name, stock_quantity: 20 + n }))
    const answers = await Promise.all(forms.map((form) => write('PUT', path, tag, form)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412])
    for (const { status, body } of answers) if (status === 412) expect(body.code).toBe('version_conflict')
    const winner = forms[answers.findIndex(({ status }) => status === 200)]
    expect(await read(product.id)).toMatchObject({ ...winner, version: 2 })
    expect((await readAt(`/api/inventory/${product.id}`)).body.inventory.available).toBe(winner?.stock_quantity)
  })

  it('is not hurt by a sale, and ends when the product is deleted', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin)
    const path = `/api/products/${product.id}`
    const tag = (await readAt(path)).headers.get('etag') ?? ''
    await shop.placeOrder(customer, [[product, 4]])
    await shop.stockBecomes(product.id, 6)
    expect((await readAt(path)).headers.get('etag')).not.toBe(tag)
    const updated = await write('PUT', path, `W/${tag}`, { name: 'Cup' })
    expect([updated.status, updated.body.product.version]).toEqual([200, 2])
    expect((await write('DELETE', path, tag)).body.code).toBe('version_conflict')
    expect((await write('DELETE', path, 'nonsense')).body.code).toBe('malformed_request')
    expect((await write('DELETE', path, `"1", "${updated.body.product.version}"`)).status).toBe(200)
    expect((await write('DELETE', path, '"2"')).body.code).toBe('product_not_found')
    expect((await write('PUT', path, tag, { name: 'Late' })).body.code).toBe('product_not_found')
  })

  it('lets one of two writers change an order', async () => {
    const { shop, admin, customer } = stage
    const { order } = (await shop.placeOrder(customer, [[await shop.addProduct(admin), 1]])).body
    const tag = (await readAt(`/api/orders/${order.id}`)).headers.get('etag') ?? ''
    expect(tag).toMatch(new RegExp(`^"${order.version}-`))
    const cancel = () => write('PATCH', `/api/orders/${order.id}/status`, tag, { status: 'cancelled' })
    const answers = await Promise.all([cancel(), cancel()])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412])
  })
})

describe('the list', () => {
  it('shows 45 products newest first, page by page, without duplicates or gaps', async () => {
    const category = unique()
    const added: number[] = []
    for (let batch = 0; batch < 9; batch += 1) {
      const products = await Promise.all(
        Array.from({ length: 5 }, () => stage.shop.addProduct(stage.admin, { category })),
      )
      added.push(...idsOf(products))
    }
    const listed: ProductBody[] = []
    let cursor: string | null = null
    do {
      const page = await list({ category, limit: '10', ...(cursor === null ? {} : { cursor }) })
      expect(page.status).toBe(200)
      listed.push(...page.body.products)
      cursor = page.body.next_cursor
      // A product added meanwhile is newer than the page and does not shift the rest.
      if (listed.length === 20) await stage.shop.addProduct(stage.admin, { category })
    } while (cursor !== null)
    expect(idsOf(listed).toSorted()).toEqual(added.toSorted())
    const times = listed.map(({ created_at }) => created_at)
    expect(times).toEqual(times.toSorted().toReversed())
  })

  it('has twenty products a page by default, and at most a hundred', async () => {
    expect((await list({})).body.products.length).toBe(20)
    expect((await list({ limit: '100' })).status).toBe(200)
    expect((await list({ limit: '1' })).body.products).toHaveLength(1)
  })

  it.each(['0', '101', 'abc', '-1', '1.5', '', '1e1'])('with limit %j is refused', async (limit) => {
    const refused = await list({ limit })
    expect([refused.status, refused.body.errors?.[0]?.field]).toEqual([422, 'limit'])
  })

  it.each(['x', 'e30', btoa('["2026-01-01T00:00:00Z","1; drop"]'), btoa('[1,2]'), btoa('["yesterday","1"]'), '😀'])(
    'with cursor %j is refused',
    async (cursor) => {
      const refused = await list({ cursor })
      expect([refused.status, refused.body.code]).toEqual([422, 'invalid_cursor'])
    },
  )

  it('of a category has only products of that category', async () => {
    const category = `c ${unique()} & ü`
    const product = await stage.shop.addProduct(stage.admin, { category })
    await stage.shop.addProduct(stage.admin, { category: `${category}x` })
    expect(idsOf((await list({ category })).body.products)).toEqual([product.id])
  })
})

describe('a search', () => {
  it.each([
    ['%', '%'],
    ['_', '_'],
    ['\\', '\\'],
    ["'", "'"],
    ['\\%', '\\%'],
  ])('for %s finds what has it and not what has another character there', async (_, character) => {
    const word = unique()
    const exact = await stage.shop.addProduct(stage.admin, { name: `50${character}${word}` })
    await stage.shop.addProduct(stage.admin, { name: `50x${word}` })
    expect(idsOf((await list({ search: `50${character}${word}` })).body.products)).toEqual([exact.id])
  })

  it('covers names and descriptions, in any case and any script', async () => {
    const word = unique()
    const named = await stage.shop.addProduct(stage.admin, { name: `Über ${word} 茶壺` })
    const described = await stage.shop.addProduct(stage.admin, { description: `An ÜBER ${word.toUpperCase()} 茶壺` })
    const found = await list({ search: `über ${word} 茶壺` })
    expect(idsOf(found.body.products)).toEqual([described.id, named.id])
    expect((await list({ search: `${word} nothing` })).body.products).toEqual([])
  })

  it.each(['%', '_', '\\', '"', '-', '☕', 'x', '🇩🇪', 'שי', '%%', '_%_', 'a b', '☕'.repeat(60), 'x'.repeat(200)])(
    'takes %j as it is written',
    async (text) => {
      const category = unique()
      const exact = await stage.shop.addProduct(stage.admin, {
        category,
        name: `${text.slice(0, 100)}1`,
        description: text,
      })
      await stage.shop.addProduct(stage.admin, { category, name: '1', description: 'other' })
      expect(idsOf((await list({ category, search: text })).body.products)).toEqual([exact.id])
      expect((await list({ search: text })).status).toBe(200)
    },
  )

  it.each(['\u0000', 'x'.repeat(201)])('for %j is refused', async (search) => {
    expect([400, 422]).toContain((await list({ search })).status)
  })

  it('can be combined with a category', async () => {
    const [category, word] = [unique(), unique()]
    const both = await stage.shop.addProduct(stage.admin, { category, name: word })
    await stage.shop.addProduct(stage.admin, { category })
    await stage.shop.addProduct(stage.admin, { name: word })
    expect(idsOf((await list({ category, search: word })).body.products)).toEqual([both.id])
  })
})
