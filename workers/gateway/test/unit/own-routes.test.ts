import type { SweepRequest } from '@shop/contracts/service'
import { ROUTED_SERVICES } from '@shop/services'
import { describe, expect, it, vi } from 'vitest'
import type { Upstream } from '../../src/env.ts'
import type { Checks } from '../../src/health/domain/readiness.ts'
import { createReadinessChecks } from '../../src/health/internal/readiness-checks.ts'
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

describe('the checks of readiness', () => {
  const READY = {} as Checks
  /** Checks whose end each test decides, and a clock. */
  function aShop() {
    const state = { now: 0, ends: [] as (() => void)[] }
    const check = vi.fn(() => new Promise<Checks>((resolve) => state.ends.push(() => resolve(READY))))
    const ask = createReadinessChecks({ check, later: (work) => void work, now: () => state.now })
    return { state, check, ask }
  }

  it('are made once for all who ask at the same time', async () => {
    const { state, check, ask } = aShop()
    const asked = [ask(), ask(), ask()]
    for (const end of state.ends) end()
    expect(await Promise.all(asked)).toEqual([READY, READY, READY])
    expect(check).toHaveBeenCalledTimes(1)
  })

  it('are made again a second after they have ended, and not before', async () => {
    const { state, check, ask } = aShop()
    const first = ask()
    state.now = 4_000
    state.ends[0]?.()
    await first
    state.now = 4_999
    await ask()
    expect(check).toHaveBeenCalledTimes(1)
    state.now = 5_000
    void ask()
    expect(check).toHaveBeenCalledTimes(2)
  })

  it('are made by others when those of one request never end', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const { state, check, ask } = aShop()
      void ask()
      const second = ask()
      await vi.advanceTimersByTimeAsync(4_500)
      expect(check).toHaveBeenCalledTimes(2)
      state.ends[1]?.()
      expect(await second).toBe(READY)
      state.now = 60_000
      void ask()
      expect(check).toHaveBeenCalledTimes(3)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('the query of an own route', () => {
  it.each(['/?utm_source=x', '/docs?x=1', '/redoc?x=1', '/health?x=1', '/health/ready?x=1'])(
    '%s may say anything',
    async (path) => {
      expect((await fakeShop().ask(path)).status).toBe(200)
    },
  )

  it('of the API description is refused by name', async () => {
    const response = await fakeShop().ask('/openapi.json?version=2')
    expect(await problemOf(response)).toMatchObject({ status: 422, errors: [{ field: 'version' }] })
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

  /** The calls that the cron makes, and when they are made and answered. */
  async function fired(environment: string) {
    const requests: Record<string, SweepRequest | undefined> = {}
    const course: string[] = []
    const sweeping = (name: string): Upstream => ({
      fetch: async () => new Response(),
      sweep: async (request) => {
        requests[name] = request
        course.push(`${name} begins`)
        await new Promise((resolve) => setTimeout(resolve, name === 'payments' ? 5 : 0))
        course.push(`${name} ends`)
        return {}
      },
    })
    await sweepServices(fakeShop({ overrides: { ...upstreamBindings(sweeping), ENVIRONMENT: environment } }).deps)
    return { requests, course }
  }

  it('is only begun by the cron, in production: those that follow others a little after them', async () => {
    const { requests } = await fired('production')
    for (const { name, gateway } of ROUTED_SERVICES) {
      const delaySeconds = gateway.sweepsAfter.length > 0 ? 10 : 0
      expect([name, requests[name]]).toEqual([name, { waits: false, delaySeconds }])
    }
  })

  it('is waited for in development, that of orders after that of payments', async () => {
    const { requests, course } = await fired('development')
    for (const request of Object.values(requests)) expect(request).toEqual({ waits: true, delaySeconds: 0 })
    expect(course.indexOf('payments ends')).toBeLessThan(course.indexOf('orders begins'))
  })
})
