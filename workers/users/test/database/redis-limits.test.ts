import { LIMITS } from '@shop/contracts/limits'
import { startUpstashEmulator, type UpstashEmulator } from '@shop/upstash-emulator'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { redisCounters } from '../../src/limits/internal/redis-counters.ts'

const TOKEN = 'test-token'
let upstash: UpstashEmulator
let store: ReturnType<typeof redisCounters>

beforeAll(async () => {
  upstash = await startUpstashEmulator({ token: TOKEN })
  // A long timeout: this test does not measure how fast the emulator runs a script.
  store = redisCounters({ url: upstash.url, token: TOKEN, timeoutMs: 5_000 })
})
afterEach(() => upstash.faults.clear())
afterAll(() => upstash.close())

const counters = (key = crypto.randomUUID()) =>
  [LIMITS.signIn, LIMITS.signInFailures, LIMITS.accountFailures].map((limit) => ({ limit, key }))

describe('the limits in Redis', () => {
  it('are counted in one round trip, and uncounted in one', async () => {
    await store.count(counters())
    const counted = counters()
    upstash.resetCounts()
    expect((await store.count(counted)).map(({ remaining }) => remaining)).toEqual([29, 9, 99])
    expect(upstash.counts()).toEqual({ requests: 1, commands: 3 })
    await store.uncount(counted.slice(1))
    expect(upstash.counts()).toEqual({ requests: 2, commands: 5 })
    expect((await store.count(counted)).map(({ remaining }) => remaining)).toEqual([28, 9, 99])
  })

  it('allow ten of a hundred simultaneous failures', async () => {
    const counted = counters().slice(1, 2)
    const statuses = await Promise.all(Array.from({ length: 100 }, () => store.count(counted)))
    expect(statuses.flat().filter(({ isAllowed }) => isAllowed)).toHaveLength(10)
  })

  it('expire with their window', async () => {
    await store.count(counters())
    const longest = 2 * LIMITS.accountFailures.windowSeconds * 1_000 + 1_000
    for (const { key, expiresInMs } of await upstash.keys()) {
      expect(key).toMatch(/^limits:[a-z-]+:/)
      expect(expiresInMs).toBeLessThanOrEqual(longest)
    }
  })

  it.each([
    ['slow', { kind: 'delay', ms: 2_000 }],
    ['unreachable', { kind: 'cut_before' }],
    ['failing', { kind: 'status', status: 500 }],
    ['refusing the token', { kind: 'status', status: 401 }],
    ['answering nonsense', { kind: 'status', status: 200, body: '"banana"' }],
    [
      'answering something else than a count',
      { kind: 'status', status: 200, body: '[{"result":"x"},{"result":"x"},{"result":"x"}]' },
    ],
    ['answering too little', { kind: 'status', status: 200, body: '[{"result":[9,10]}]' }],
  ] as const)('throw when Redis is %s', async (_, fault) => {
    // A store of its own: too many failures in a row open the shared breaker.
    const own = redisCounters({ url: upstash.url, token: TOKEN, timeoutMs: 150 })
    upstash.faults.add(fault)
    const started = Date.now()
    await expect(own.count(counters())).rejects.toThrow()
    expect(Date.now() - started).toBeLessThan(400)
  })
})
