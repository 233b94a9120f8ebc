import { env } from 'cloudflare:workers'
import { withTrace } from '@shop/http/trace'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sharedPermits } from '../../src/stripe/permits.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const budgets = (endpoint: string) => env.STRIPE_BUDGET.getByName(endpoint)
const anEndpoint = () => `POST /v1/${crypto.randomUUID()}`
const passMs = (ms: number) => vi.setSystemTime(Date.now() + ms)
const CONTEXT = { requestId: 'r', traceparent: '00-0-0-01', deadline: Number.MAX_SAFE_INTEGER }
const forCustomer = <T>(work: () => Promise<T>) => withTrace(CONTEXT, work)

describe('the budget of an endpoint', () => {
  it('is shared by all callers: of a hundred at once, as many get a permit as fit into a second', async () => {
    const budget = env.STRIPE_BUDGET.getByName(anEndpoint())
    const request = { priority: 'customer', withinMs: 1_000 } as const
    const permits = await Promise.all(Array.from({ length: 100 }, () => budget.grant(request)))
    const waits = permits.flatMap(({ waitMs }) => waitMs ?? [])
    expect(waits).toHaveLength(22)
    expect(Math.max(...waits)).toBeLessThanOrEqual(1_000)
    expect(new Set(waits.filter((ms) => ms > 0)).size).toBe(17)
  })

  it('is separate for another endpoint', async () => {
    const request = { priority: 'customer', withinMs: 0 } as const
    const full = env.STRIPE_BUDGET.getByName(anEndpoint())
    for (let times = 0; times < 6; times += 1) await full.grant(request)
    expect((await full.grant(request)).waitMs).toBeNull()
    expect((await env.STRIPE_BUDGET.getByName(anEndpoint()).grant(request)).waitMs).toBe(0)
  })

  it('refills as time passes', async () => {
    const budget = env.STRIPE_BUDGET.getByName(anEndpoint())
    const request = { priority: 'customer', withinMs: 0 } as const
    for (let times = 0; times < 5; times += 1) await budget.grant(request)
    expect((await budget.grant(request)).waitMs).toBeNull()
    passMs(60)
    expect((await budget.grant(request)).waitMs).toBe(0)
  })
})

describe('a caller', () => {
  it('uses a prefetched permit without asking again', async () => {
    const permits = sharedPermits(budgets)
    const endpoint = anEndpoint()
    await forCustomer(async () => {
      expect(await permits.reserve(endpoint)).toBe(true)
      const getByName = vi.spyOn(env.STRIPE_BUDGET, 'getByName')
      expect(await permits.acquire(endpoint, 0)).toBe(true)
      expect(getByName).not.toHaveBeenCalled()
      expect(await permits.acquire(endpoint, 0)).toBe(true)
      expect(getByName).toHaveBeenCalledTimes(1)
    })
  })

  it('does not use a prefetched permit that is too old', async () => {
    const permits = sharedPermits(budgets)
    const endpoint = anEndpoint()
    await forCustomer(async () => {
      await permits.reserve(endpoint)
      passMs(5_000)
      const getByName = vi.spyOn(env.STRIPE_BUDGET, 'getByName')
      await permits.acquire(endpoint, 0)
      expect(getByName).toHaveBeenCalledTimes(1)
    })
  })

  it('is refused at once when no permit is available in time, also while Stripe has asked for a pause', async () => {
    const permits = sharedPermits(budgets)
    const endpoint = anEndpoint()
    await permits.pause(endpoint, 3_000)
    expect(await forCustomer(() => permits.acquire(endpoint, 1_000))).toBe(false)
    passMs(3_000)
    expect(await forCustomer(() => permits.acquire(endpoint, 1_000))).toBe(true)
  })

  it('that is a sweep leaves permits to customers', async () => {
    const permits = sharedPermits(budgets)
    const endpoint = anEndpoint()
    const swept = await Promise.all(Array.from({ length: 5 }, () => permits.acquire(endpoint, 40)))
    expect(swept.filter(Boolean)).toHaveLength(3)
    expect(await forCustomer(() => permits.acquire(endpoint, 0))).toBe(true)
  })

  it('proceeds when the budget does not answer: Stripe’s own limit is the backstop', async () => {
    vi.spyOn(env.STRIPE_BUDGET, 'getByName').mockReturnValue({
      grant: () => Promise.reject(new Error('gone')),
    } as unknown as ReturnType<typeof env.STRIPE_BUDGET.getByName>)
    vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    expect(await sharedPermits(budgets).acquire(anEndpoint(), 0)).toBe(true)
  })
})
