import { ROUTED_SERVICES } from '@shop/services'
import { describe, expect, it } from 'vitest'
import type { ApiDocument } from '../../src/docs/domain/api-document.ts'
import { mergeDocuments } from '../../src/docs/internal/merge-documents.ts'
import { OWN_OPERATIONS } from '../../src/docs/internal/own-operations.ts'
import { fakeShop, problemOf, upstreamBindings } from './fake-shop.ts'

const part = (paths: ApiDocument['paths'], schemas: Record<string, unknown> = {}): ApiDocument => ({
  paths,
  components: { schemas },
})
const PROBLEM = { type: 'object', properties: { code: { type: 'string' } } }

describe('mergeDocuments', () => {
  const orders = part({ '/api/orders': { post: { summary: 'place' }, get: { summary: 'list' } } }, { Problem: PROBLEM })
  const users = part({ '/api/users/login': { post: {} } }, { User: {}, Problem: PROBLEM })

  it('gives the same text whatever the order of its parts', () => {
    const merged = JSON.stringify(mergeDocuments([users, orders]))
    expect(JSON.stringify(mergeDocuments([orders, users]))).toBe(merged)
    expect(JSON.parse(merged)).toMatchObject({
      openapi: '3.1.0',
      servers: [{ url: '/' }],
      components: {
        schemas: { Problem: PROBLEM, User: {} },
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
    })
  })

  it('joins the methods of two workers at one path', () => {
    const { paths } = mergeDocuments([orders, part({ '/api/orders': { delete: {} } })])
    expect(Object.keys(paths['/api/orders'] ?? {})).toEqual(['delete', 'get', 'post'])
  })

  it('accepts a schema that two workers describe alike, in any order of members', () => {
    const other = part({}, { Problem: { properties: PROBLEM.properties, type: 'object' } })
    expect(() => mergeDocuments([users, other])).not.toThrow()
  })

  it('throws for a schema or an operation that two workers describe differently', () => {
    expect(() => mergeDocuments([users, part({}, { User: { type: 'string' } })])).toThrow('schema User')
    expect(() => mergeDocuments([users, part({ '/api/users/login': { post: { x: 1 } } })])).toThrow('/api/users/login')
  })

  it('describes the operations of the gateway itself', () => {
    expect(Object.keys(mergeDocuments([OWN_OPERATIONS]).paths)).toEqual([
      '/',
      '/api/users/me/export',
      '/health',
      '/health/ready',
      '/openapi.json',
    ])
  })
})

describe('/openapi.json', () => {
  const serving = (document: unknown) => {
    const state = { asked: 0 }
    const fetch = async () => {
      state.asked += 1
      return Response.json(document)
    }
    return { state, upstream: { fetch, sweep: async () => ({}) } }
  }

  it('fetches the workers’ parts once, and caches the answer', async () => {
    const { state, upstream } = serving({ openapi: '3.1.0', paths: {}, components: { schemas: {} } })
    const overrides = upstreamBindings(() => upstream)
    const { ask } = fakeShop({ overrides })
    const first = await (await ask('/openapi.json')).text()
    expect(await (await ask('/openapi.json/')).text()).toBe(first)
    expect(state.asked).toBe(ROUTED_SERVICES.length)
  })

  it('is unavailable while a worker is down', async () => {
    const { upstream } = serving({ paths: {} })
    const fetch = async () => new Response(null, { status: 500 })
    const overrides = { ...upstreamBindings(() => upstream), ORDERS: { ...upstream, fetch } }
    expect(await problemOf(await fakeShop({ overrides }).ask('/openapi.json'))).toMatchObject({ status: 503 })
  })
})
