import { ROUTED_SERVICES } from '@shop/services'
import { describe, expect, it } from 'vitest'
import type { Upstream } from '../../src/env.ts'
import { sweepServices } from '../../src/sweep.ts'
import { fakeShop, problemOf, upstreamBindings } from './fake-shop.ts'

const answering = (response: () => Promise<Response>): Upstream => ({ fetch: response, sweep: async () => ({}) })
const down = answering(async () => {
  throw new Error('down')
})

describe('the start page', () => {
  it('names the API and its entry points', async () => {
    const response = await fakeShop().ask('/')
    expect(await response.json()).toMatchObject({ name: 'Edge commerce API', links: { docs: '/docs' } })
  })

  it('is HTML for a browser', async () => {
    const response = await fakeShop().ask('/', { headers: { accept: 'text/html,*/*;q=0.8' } })
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
  })
})

describe('health', () => {
  it('calls no worker', async () => {
    const { ask, arrived } = fakeShop({ overrides: { USERS: down } })
    expect(await (await ask('/health/')).json()).toEqual({ status: 'ok' })
    expect(arrived).toEqual([])
  })

  it('refuses other methods than GET', async () => {
    const response = await fakeShop().ask('/health', { method: 'POST' })
    expect(response.headers.get('allow')).toBe('GET, HEAD')
    expect(await problemOf(response)).toMatchObject({ status: 405, code: 'method_not_allowed' })
  })
})

describe('readiness', () => {
  it('shows every worker with its latency, its dependencies and its event backlog', async () => {
    const checks = { postgres: { status: 'ok', latency_ms: 2 } }
    const events = { pending: 2, parked: 1, lag_seconds: 30 }
    const users = answering(async () => Response.json({ status: 'ready', checks, events }))
    const response = await fakeShop({ overrides: { USERS: users } }).ask('/health/ready')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      status: 'ready',
      checks: {
        ...Object.fromEntries(
          ROUTED_SERVICES.map(({ name }) => [name, { status: 'ok', latency_ms: expect.any(Number) }]),
        ),
        users: { status: 'ok', latency_ms: expect.any(Number), checks, events },
      },
    })
  })

  it('is degraded without payments, and 503 without an essential service', async () => {
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
  it('reaches every worker, even when one fails', async () => {
    const swept: string[] = []
    const sweeping = (name: string): Upstream => ({
      fetch: async () => new Response(),
      sweep: async () => {
        swept.push(name)
        if (name === 'users') throw new Error('users is down')
        return { pruned: 1 }
      },
    })
    await sweepServices(fakeShop({ overrides: upstreamBindings(sweeping) }).deps)
    expect(swept.toSorted()).toEqual(ROUTED_SERVICES.map(({ name }) => name).sort())
    // A waiting capture must reach its order before the order expires as unpaid.
    expect(swept.indexOf('payments')).toBeLessThan(swept.indexOf('orders'))
  })
})
