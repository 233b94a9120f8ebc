import { problemResponse } from '@shop/http/problem'
import { describe, expect, it, vi } from 'vitest'
import type { Upstream } from '../../src/env.ts'
import { fakeShop, newKey, newToken } from './fake-shop.ts'

const key = await newKey()

/** A shop whose catalog allows caching its answers. */
function aShop(answer: (request: Request) => Response) {
  const asked: Request[] = []
  const fetch: Upstream['fetch'] = async (request) => {
    asked.push(request)
    const response = answer(request)
    response.headers.set('x-shop-cacheable', '0')
    response.headers.set('x-shop-cache', 'postgres')
    response.headers.set('x-shop-trips', 'postgres=1')
    return response
  }
  return { asked, ...fakeShop({ keys: [key.publicJwk], overrides: { CATALOG: { fetch, sweep: async () => ({}) } } }) }
}
const product = () => Response.json({ product: { id: 7 } }, { headers: { etag: '"seven"' } })

describe('a public read', () => {
  it('is read from the catalog anonymously, without anything the client sent but the language of the shop that it prefers', async () => {
    const { ask, asked } = aShop(product)
    const headers = {
      authorization: `Bearer ${await newToken(key)}`,
      cookie: 'a=b',
      'if-none-match': '"x"',
      'accept-language': 'de',
      'x-shop-cacheable': '1',
      'x-forwarded-host': 'evil.example.com',
    }
    expect((await ask('/api/products/7/', { headers })).status).toBe(200)
    expect(asked.map(({ method, url }) => [method, new URL(url).pathname + new URL(url).search])).toEqual([
      ['GET', '/api/products/7?locale=de'],
    ])
    expect([...(asked[0]?.headers.keys() ?? [])].sort()).toEqual([
      'traceparent',
      'x-request-id',
      'x-shop-address',
      'x-shop-caller',
      'x-shop-deadline',
    ])
    expect(asked[0]?.headers.get('x-shop-caller')).toBe('{"kind":"anonymous"}')
  })

  it('is shared by all but staff, who always read from the catalog', async () => {
    const { ask, asked } = aShop(product)
    await ask('/api/products/7')
    await ask('/api/products/7', { headers: { authorization: `Bearer ${await newToken(key)}` } })
    await ask('/api/products/7', { method: 'HEAD' })
    expect(asked).toHaveLength(1)
    const token = await newToken(key, { claims: { role: 'admin' } })
    await ask('/api/products/7', { headers: { authorization: `Bearer ${token}` } })
    expect(JSON.parse(asked[1]?.headers.get('x-shop-caller') ?? '')).toMatchObject({ kind: 'user', role: 'admin' })
  })

  it('with a bad token is refused, cached or not', async () => {
    const { ask } = aShop(product)
    await ask('/api/products/7')
    expect((await ask('/api/products/7', { headers: { authorization: 'Bearer x.y.z' } })).status).toBe(401)
  })

  it('is 304 for a client that has the current answer', async () => {
    const { ask } = aShop(product)
    for (const _ of ['first', 'kept']) {
      const response = await ask('/api/products/7', { headers: { 'if-none-match': 'W/"seven"' } })
      expect([response.status, await response.text(), response.headers.get('etag')]).toEqual([304, '', '"seven"'])
    }
  })

  it('that finds nothing carries the id of each request it answers', async () => {
    const { ask, asked } = aShop(({ headers }) =>
      problemResponse({ code: 'product_not_found', productId: 7 }, headers.get('x-request-id') ?? ''),
    )
    for (const id of ['request-1', 'request-2']) {
      const response = await ask('/api/products/7', { headers: { 'x-request-id': id } })
      expect([response.status, response.headers.get('x-request-id')]).toEqual([404, id])
      expect(await response.json()).toMatchObject({ code: 'product_not_found', product_id: 7, request_id: id })
    }
    expect(asked).toHaveLength(1)
  })

  it('logs its source, and shows no internal header', async () => {
    const lines: string[] = []
    const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
    const { ask } = aShop(product)
    for (const _ of ['first', 'kept']) {
      const response = await ask('/api/products/7')
      expect([...response.headers.keys()].filter((name) => name.startsWith('x-shop-'))).toEqual([])
    }
    log.mockRestore()
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { cache: 'postgres', trips: { postgres: 1 } },
      { cache: 'memory', trips: {} },
    ])
  })
})
