import { env } from 'cloudflare:workers'
import { withTrace } from '@shop/http/trace'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sharedTurns } from '../../src/budget/turns.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const aKind = () => `POST /v1/${crypto.randomUUID()}`
const passMs = (ms: number) => vi.setSystemTime(Date.now() + ms)
const CONTEXT = { requestId: 'r', traceparent: '00-0-0-01', deadline: Number.MAX_SAFE_INTEGER }
const forCustomer = <T>(work: () => Promise<T>) => withTrace(CONTEXT, work)

describe('the budget of an endpoint', () => {
  it('is one for all who ask: of a hundred at once, as many are given a turn as fit into a second', async () => {
    const budget = env.STRIPE_BUDGET.getByName(aKind())
    const ask = { priority: 'customer', withinMs: 1_000 } as const
    const turns = await Promise.all(Array.from({ length: 100 }, () => budget.take(ask)))
    const waits = turns.flatMap(({ waitMs }) => waitMs ?? [])
    expect(waits).toHaveLength(22)
    expect(Math.max(...waits)).toBeLessThanOrEqual(1_000)
    expect(new Set(waits.filter((ms) => ms > 0)).size).toBe(17)
  })

  it('is another one for another endpoint', async () => {
    const ask = { priority: 'customer', withinMs: 0 } as const
    const full = env.STRIPE_BUDGET.getByName(aKind())
    for (let times = 0; times < 6; times += 1) await full.take(ask)
    expect((await full.take(ask)).waitMs).toBeNull()
    expect((await env.STRIPE_BUDGET.getByName(aKind()).take(ask)).waitMs).toBe(0)
  })

  it('fills up as time passes', async () => {
    const budget = env.STRIPE_BUDGET.getByName(aKind())
    const ask = { priority: 'customer', withinMs: 0 } as const
    for (let times = 0; times < 5; times += 1) await budget.take(ask)
    expect((await budget.take(ask)).waitMs).toBeNull()
    passMs(60)
    expect((await budget.take(ask)).waitMs).toBe(0)
  })
})

describe('a caller', () => {
  it('finds a turn it has reserved, without asking again', async () => {
    const turns = sharedTurns(env.STRIPE_BUDGET)
    const kind = aKind()
    await forCustomer(async () => {
      expect(await turns.reserve(kind)).toBe(true)
      const getByName = vi.spyOn(env.STRIPE_BUDGET, 'getByName')
      expect(await turns.take(kind, 0)).toBe(true)
      expect(getByName).not.toHaveBeenCalled()
      expect(await turns.take(kind, 0)).toBe(true)
      expect(getByName).toHaveBeenCalledTimes(1)
    })
  })

  it('does not use one it has reserved long ago', async () => {
    const turns = sharedTurns(env.STRIPE_BUDGET)
    const kind = aKind()
    await forCustomer(async () => {
      await turns.reserve(kind)
      passMs(5_000)
      const getByName = vi.spyOn(env.STRIPE_BUDGET, 'getByName')
      await turns.take(kind, 0)
      expect(getByName).toHaveBeenCalledTimes(1)
    })
  })

  it('is refused at once when no turn comes in time, also while Stripe wants a pause', async () => {
    const turns = sharedTurns(env.STRIPE_BUDGET)
    const kind = aKind()
    await turns.pause(kind, 3_000)
    expect(await forCustomer(() => turns.take(kind, 1_000))).toBe(false)
    passMs(3_000)
    expect(await forCustomer(() => turns.take(kind, 1_000))).toBe(true)
  })

  it('that is a sweep leaves turns to customers', async () => {
    const turns = sharedTurns(env.STRIPE_BUDGET)
    const kind = aKind()
    const swept = await Promise.all(Array.from({ length: 5 }, () => turns.take(kind, 40)))
    expect(swept.filter(Boolean)).toHaveLength(3)
    expect(await forCustomer(() => turns.take(kind, 0))).toBe(true)
  })

  it('goes ahead when the budget cannot be asked: Stripe’s own limit is the backstop', async () => {
    vi.spyOn(env.STRIPE_BUDGET, 'getByName').mockReturnValue({
      take: () => Promise.reject(new Error('gone')),
    } as unknown as ReturnType<typeof env.STRIPE_BUDGET.getByName>)
    vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    expect(await sharedTurns(env.STRIPE_BUDGET).take(aKind(), 0)).toBe(true)
  })
})
