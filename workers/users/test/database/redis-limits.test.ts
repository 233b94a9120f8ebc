import { LIMITS } from '@shop/contracts'
import { startUpstashEmulator, type UpstashEmulator } from '@shop/upstash-emulator'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { redisStore } from '../../src/limits/redis-store.ts'

const TOKEN = 'test-token'
let upstash: UpstashEmulator
let store: ReturnType<typeof redisStore>

beforeAll(async () => {
  upstash = await startUpstashEmulator({ token: TOKEN })
  // Patient: how fast the emulator runs a script is not what is tested.
  store = redisStore({ url: upstash.url, token: TOKEN, timeoutMs: 5_000 })
})
afterEach(() => upstash.faults.clear())
afterAll(() => upstash.close())

const counters = (key = crypto.randomUUID()) =>
  [LIMITS.signIn, LIMITS.signInFailures, LIMITS.accountFailures].map((limit) => ({ limit, key }))

describe('the limits in Redis', () => {
  it('are asked in one trip, and given back in one', async () => {
    await store.take(counters())
    const taken = counters()
    upstash.resetCounts()
    expect((await store.take(taken)).map(({ remaining }) => remaining)).toEqual([29, 9, 99])
    expect(upstash.counts()).toEqual({ requests: 1, commands: 3 })
    await store.giveBack(taken.slice(1))
    expect(upstash.counts()).toEqual({ requests: 2, commands: 5 })
    expect((await store.take(taken)).map(({ remaining }) => remaining)).toEqual([28, 9, 99])
  })

  it('allow ten failures of a hundred at once', async () => {
    const taken = counters().slice(1, 2)
    const figures = await Promise.all(Array.from({ length: 100 }, () => store.take(taken)))
    expect(figures.flat().filter(({ isAllowed }) => isAllowed)).toHaveLength(10)
  })

  it('keep nothing longer than it counts', async () => {
    await store.take(counters())
    const longest = 2 * LIMITS.accountFailures.windowSeconds * 1_000 + 1_000
    for (const { key, expiresInMs } of await upstash.keys()) {
      expect(key).toMatch(/^limits:[a-z-]+:/)
      expect(expiresInMs).toBeLessThanOrEqual(longest)
    }
  })

  it.each([
    ['slow', { kind: 'delay', ms: 2_000 }],
    ['out', { kind: 'cut_before' }],
    ['in trouble', { kind: 'status', status: 500 }],
    ['refusing the token', { kind: 'status', status: 401 }],
    ['answering nonsense', { kind: 'status', status: 200, body: '"banana"' }],
    [
      'answering what is no count',
      { kind: 'status', status: 200, body: '[{"result":"x"},{"result":"x"},{"result":"x"}]' },
    ],
    ['answering too little', { kind: 'status', status: 200, body: '[{"result":[9,10]}]' }],
  ] as const)('say that they do not know when Redis is %s', async (_, fault) => {
    // A store of its own: too many failures in a row open the circuit of the one that is shared.
    const own = redisStore({ url: upstash.url, token: TOKEN, timeoutMs: 150 })
    upstash.faults.add(fault)
    const started = Date.now()
    await expect(own.take(counters())).rejects.toThrow()
    expect(Date.now() - started).toBeLessThan(400)
  })
})
