import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { smoke } from './smoke.ts'

type Answer = { status: number; body: unknown }

const OPEN: Record<string, Answer> = {
  '/health': { status: 200, body: { status: 'ok' } },
  '/health/ready': { status: 200, body: { status: 'ready', checks: {} } },
  '/openapi.json': { status: 200, body: { openapi: '3.1.0' } },
  '/api/products?limit=1': { status: 200, body: { products: [], next_cursor: null } },
}

let server: Server
let answers: Record<string, Answer>
let asked: string[]
const once = { attempts: 1, pauseMs: 1, timeoutMs: 2_000 }
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

beforeEach(async () => {
  answers = { ...OPEN }
  asked = []
  vi.spyOn(console, 'log').mockReturnValue()
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const { status, body } = answers[request.url ?? ''] ?? { status: 404, body: {} }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await new Promise((resolve) => server.close(resolve))
})

describe('the smoke test', () => {
  it('passes for a shop that is up, even without products', async () => {
    expect(await smoke(url(), once)).toEqual([])
    expect(asked.sort()).toEqual(Object.keys(OPEN).sort())
  })

  it('reads the stock of a product from its object, if there is one', async () => {
    answers['/api/products?limit=1'] = { status: 200, body: { products: [{ id: 7, name: 'Mug' }], next_cursor: null } }
    answers['/api/inventory/7'] = { status: 200, body: { inventory: { product_id: 7, available: 3 } } }
    expect(await smoke(url(), once)).toEqual([])
    expect(asked).toContain('/api/inventory/7')
    answers['/api/inventory/7'] = { status: 503, body: { code: 'service_unavailable' } }
    expect(await smoke(url(), once)).toEqual(['/api/inventory/7 answered 503: {"code":"service_unavailable"}'])
  })

  it('reads that of its first variant where the list names variants', async () => {
    const product = { id: 7, name: 'Mug', variants: [{ id: 12 }, { id: 13 }] }
    answers['/api/products?limit=1'] = { status: 200, body: { products: [product], next_cursor: null } }
    answers['/api/variants/12/inventory'] = { status: 200, body: { inventory: { product_id: 7, available: 3 } } }
    expect(await smoke(url(), once)).toEqual([])
    expect(asked).toContain('/api/variants/12/inventory')
  })

  it('passes for a shop whose optional services are down', async () => {
    answers['/health/ready'] = { status: 200, body: { status: 'degraded', checks: {} } }
    expect(await smoke(url(), once)).toEqual([])
  })

  it.each(Object.keys(OPEN))('reports %s when it does not answer 200', async (path) => {
    answers[path] = { status: 503, body: { code: 'service_unavailable' } }
    expect(await smoke(url(), once)).toEqual([`${path} answered 503: {"code":"service_unavailable"}`])
  })

  it.each(Object.keys(OPEN))('reports %s when its answer is not that of a shop', async (path) => {
    answers[path] = { status: 200, body: { parked: true } }
    expect(await smoke(url(), once)).toEqual([expect.stringContaining(`${path} answered 200, but`)])
  })

  it('waits for a shop that is not up yet', async () => {
    answers['/health/ready'] = { status: 503, body: {} }
    const result = smoke(url(), { ...once, attempts: 500 })
    await vi.waitUntil(() => asked.filter((path) => path === '/health/ready').length > 2)
    answers = OPEN
    expect(await result).toEqual([])
  })

  it('reports a server that does not answer', async () => {
    const closed = url()
    await new Promise((resolve) => server.close(resolve))
    const problems = await smoke(closed, once)
    expect(problems).toHaveLength(4)
    expect(problems[0]).toContain('ECONNREFUSED')
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
})
