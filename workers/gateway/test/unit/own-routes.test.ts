import { describe, expect, it } from 'vitest'
import type { Upstream } from '../../src/env.ts'
import { sweepAll } from '../../src/sweep.ts'
import { fakeShop, problemOf } from './fake-shop.ts'

const answering = (response: () => Promise<Response>): Upstream => ({ fetch: response, sweep: async () => ({}) })
const down = answering(async () => {
  throw new Error('down')
})

describe('the start', () => {
  it('says what this is, and where to go on', async () => {
    const response = await fakeShop().ask('/')
    expect(await response.json()).toMatchObject({ name: 'Edge commerce API', links: { docs: '/docs' } })
  })

  it('is a page for a browser', async () => {
    const response = await fakeShop().ask('/', { headers: { accept: 'text/html,*/*;q=0.8' } })
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
  })
})

describe('health', () => {
  it('asks nobody', async () => {
    const { ask, arrived } = fakeShop({ overrides: { USERS: down } })
    expect(await (await ask('/health/')).json()).toEqual({ status: 'ok' })
    expect(arrived).toEqual([])
  })

  it('can only be read', async () => {
    const response = await fakeShop().ask('/health', { method: 'POST' })
    expect(response.headers.get('allow')).toBe('GET, HEAD')
    expect(await problemOf(response)).toMatchObject({ status: 405, code: 'method_not_allowed' })
  })
})

describe('readiness', () => {
  it('shows every worker with its time and its own dependencies', async () => {
    const checks = { postgres: { status: 'ok', latency_ms: 2 } }
    const users = answering(async () => Response.json({ status: 'ready', checks }))
    const response = await fakeShop({ overrides: { USERS: users } }).ask('/health/ready')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      status: 'ready',
      checks: {
        users: { status: 'ok', latency_ms: expect.any(Number), checks },
        catalog: { status: 'ok', latency_ms: expect.any(Number) },
        orders: { status: 'ok', latency_ms: expect.any(Number) },
        payments: { status: 'ok', latency_ms: expect.any(Number) },
      },
    })
  })

  it('is degraded without payments, and 503 without what nothing can be sold without', async () => {
    const degraded = await fakeShop({ overrides: { PAYMENTS: down } }).ask('/health/ready')
    expect([degraded.status, await degraded.json()]).toMatchObject([200, { status: 'degraded' }])
    const failing = answering(async () => Response.json({ status: 'unavailable' }, { status: 503 }))
    const unavailable = await fakeShop({ overrides: { CATALOG: failing } }).ask('/health/ready')
    expect([unavailable.status, await unavailable.json()]).toMatchObject([
      503,
      { status: 'unavailable', checks: { catalog: { status: 'down' }, users: { status: 'ok' } } },
    ])
  })
})

describe('the sweep', () => {
  it('reaches every worker, though one fails', async () => {
    const swept: string[] = []
    const sweeping = (name: string): Upstream => ({
      fetch: async () => new Response(),
      sweep: async () => {
        swept.push(name)
        if (name === 'users') throw new Error('users is down')
        return { pruned: 1 }
      },
    })
    const overrides = {
      USERS: sweeping('users'),
      CATALOG: sweeping('catalog'),
      ORDERS: sweeping('orders'),
      PAYMENTS: sweeping('payments'),
    }
    await sweepAll(fakeShop({ overrides }).bindings)
    expect(swept.toSorted()).toEqual(['catalog', 'orders', 'payments', 'users'])
    // A capture that waits must reach its order before the order is taken to be unpaid.
    expect(swept.indexOf('payments')).toBeLessThan(swept.indexOf('orders'))
  })
})
