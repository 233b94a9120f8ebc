import { randomUUID } from 'node:crypto'
import { Ratelimit } from '@upstash/ratelimit'
import type { Redis } from '@upstash/redis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { UpstashEmulator } from '../src/index.ts'
import { client, ENGINES, RUN } from './support.ts'

const MINUTE = 60_000
/** The start of a window of every length used here. */
const START = Date.UTC(2026, 0, 1)

describe.each(ENGINES)('@upstash/ratelimit on $name', ({ available, open }) => {
  let server: UpstashEmulator
  let close: () => Promise<void>
  let redis: Redis

  beforeAll(async () => {
    if (!available) return
    ;({ server, close } = await open())
    redis = client(server)
  })
  afterAll(() => (available ? close() : undefined))
  // The client chooses the window by its own clock. A real Redis keeps using the real time.
  beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: START + 1000 }))
  afterEach(() => vi.useRealTimers())

  const test = it.skipIf(!available)
  const limiterOf = (limiter: ConstructorParameters<typeof Ratelimit>[0]['limiter'], dynamicLimits = false) =>
    new Ratelimit({
      redis,
      limiter,
      prefix: `${RUN}:limit:${randomUUID()}`,
      ephemeralCache: false,
      enableTelemetry: false,
      dynamicLimits,
    })

  test('a fixed window counts down, refuses, and then starts again', async () => {
    const limiter = limiterOf(Ratelimit.fixedWindow(2, '1 m'))
    const answers = [await limiter.limit('ann'), await limiter.limit('ann'), await limiter.limit('ann')]
    expect(answers.map(({ success, remaining, limit }) => ({ success, remaining, limit }))).toEqual([
      { success: true, remaining: 1, limit: 2 },
      { success: true, remaining: 0, limit: 2 },
      { success: false, remaining: 0, limit: 2 },
    ])
    expect(answers[0]?.reset).toBe(START + MINUTE)
    expect(await limiter.limit('ben')).toMatchObject({ success: true, remaining: 1 })
    vi.setSystemTime(START + MINUTE)
    expect(await limiter.limit('ann')).toMatchObject({ success: true, remaining: 1 })
  })

  test('a sliding window counts part of the previous window', async () => {
    const limiter = limiterOf(Ratelimit.slidingWindow(10, '1 m'))
    for (let used = 0; used < 10; used++) expect(await limiter.limit('ann')).toMatchObject({ success: true })
    expect(await limiter.limit('ann')).toMatchObject({ success: false, remaining: 0 })
    vi.setSystemTime(START + MINUTE * 1.5)
    expect(await limiter.getRemaining('ann')).toMatchObject({ remaining: 5 })
    expect(await limiter.limit('ann', { rate: 5 })).toMatchObject({ success: true, remaining: 0 })
    expect(await limiter.limit('ann')).toMatchObject({ success: false })
    vi.setSystemTime(START + MINUTE * 3)
    expect(await limiter.limit('ann')).toMatchObject({ success: true, remaining: 9 })
  })

  test('a sliding window of a month exceeds 32 bits', async () => {
    const limiter = limiterOf(Ratelimit.slidingWindow(3, '30 d'))
    const answers = [await limiter.limit('ann'), await limiter.limit('ann'), await limiter.limit('ann')]
    expect(answers.map(({ remaining }) => remaining)).toEqual([2, 1, 0])
    expect(await limiter.limit('ann')).toMatchObject({ success: false })
  })

  test.each([
    ['fixed window', Ratelimit.fixedWindow(5, '1 m')],
    ['sliding window', Ratelimit.slidingWindow(5, '1 m')],
  ])('a %s reports what remains, refunds, and resets', async (_, kind) => {
    const limiter = limiterOf(kind)
    expect(await limiter.getRemaining('ann')).toMatchObject({ remaining: 5, limit: 5 })
    await limiter.limit('ann')
    await limiter.limit('ann')
    expect(await limiter.getRemaining('ann')).toMatchObject({ remaining: 3 })
    await limiter.limit('ann', { rate: -1 })
    expect(await limiter.getRemaining('ann')).toMatchObject({ remaining: 4 })
    await limiter.resetUsedTokens('ann')
    expect(await limiter.getRemaining('ann')).toMatchObject({ remaining: 5 })
  })

  test('a dynamic limit replaces the configured one', async () => {
    const limiter = limiterOf(Ratelimit.fixedWindow(1, '1 m'), true)
    await limiter.setDynamicLimit({ limit: 3 })
    expect(await limiter.getDynamicLimit()).toEqual({ dynamicLimit: 3 })
    expect(await limiter.limit('ann')).toMatchObject({ success: true, remaining: 2, limit: 3 })
    await limiter.setDynamicLimit({ limit: false })
    expect(await limiter.limit('ann')).toMatchObject({ success: false, limit: 1 })
  })

  test('parallel requests pass up to the limit', async () => {
    const limiter = limiterOf(Ratelimit.fixedWindow(10, '1 m'))
    const answers = await Promise.all(Array.from({ length: 40 }, () => limiter.limit('ann')))
    expect(answers.filter(({ success }) => success)).toHaveLength(10)
  })

  test('a limit costs one request after its script is cached', async () => {
    const limiter = limiterOf(Ratelimit.slidingWindow(10, '1 m'))
    await limiter.limit('ann')
    server.resetCounts()
    await limiter.limit('ann')
    expect(server.counts()).toEqual({ requests: 1, commands: 1 })
  })
})
