import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { LIMITS } from '@shop/contracts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLimits } from '../../src/limits/limits.ts'
import { objectStore } from '../../src/limits/object-store.ts'

/** Ten in a quarter of an hour, as failures of an account at an address. */
const LIMIT = { quota: 10, windowSeconds: 900 }
/** The start of a window to come, since an alarm that is set in the past of the real clock goes off at once. */
const NOW = new Date(Math.ceil(Date.now() / 900_000) * 900_000)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const limiter = () => env.LIMITER.getByName(crypto.randomUUID())
const passSeconds = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000)
const times = <T>(count: number, work: () => Promise<T>) => Promise.all(Array.from({ length: count }, work))

describe('a limiter object', () => {
  it('allows ten of a hundred that come at once', async () => {
    const stub = limiter()
    const standings = await times(100, () => stub.take(LIMIT))
    expect(standings.filter(({ isAllowed }) => isAllowed).map(({ remaining }) => remaining)).toEqual([
      9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
    ])
    expect(standings.at(-1)).toEqual({ isAllowed: false, remaining: 0, resetsAt: new Date(NOW.getTime() + 900_000) })
  })

  it('allows one more for each that is given back', async () => {
    const stub = limiter()
    await times(10, () => stub.take(LIMIT))
    await times(2, () => stub.giveBack(LIMIT))
    expect((await times(3, () => stub.take(LIMIT))).map(({ isAllowed }) => isAllowed)).toEqual([true, true, false])
  })

  it('remembers when it is evicted', async () => {
    const stub = limiter()
    await times(10, () => stub.take(LIMIT))
    await evictDurableObject(stub)
    expect(await stub.take(LIMIT)).toMatchObject({ isAllowed: false })
  })

  it('gives no new quota at once when a window ends', async () => {
    const stub = limiter()
    await times(10, () => stub.take(LIMIT))
    passSeconds(900 + 450)
    expect((await times(10, () => stub.take(LIMIT))).filter(({ isAllowed }) => isAllowed)).toHaveLength(5)
  })

  it('forgets itself by an alarm after two windows, and goes on counting when it is asked again', async () => {
    const stub = limiter()
    await times(10, () => stub.take(LIMIT))
    expect(await runInDurableObject(stub, (_, state) => state.storage.getAlarm())).toBe(NOW.getTime() + 2 * 900_000)
    passSeconds(2 * 900)
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    expect(await runInDurableObject(stub, async (_, state) => (await state.storage.list()).size)).toBe(0)
    expect(await stub.take(LIMIT)).toMatchObject({ isAllowed: true, remaining: 9 })
  })

  it('owes nothing for what it has forgotten', async () => {
    const stub = limiter()
    await stub.giveBack(LIMIT)
    expect(await runInDurableObject(stub, (_, state) => state.storage.getAlarm())).toBeNull()
    expect(await stub.take(LIMIT)).toMatchObject({ remaining: 9 })
  })
})

describe('without Redis', () => {
  const limits = createLimits({ redis: null, objects: objectStore(env.LIMITER), raised: false })

  it('an account is counted for itself, and no object’s name says whose it is', async () => {
    const email = `${crypto.randomUUID()}@example.com`
    const counters = [{ limit: LIMITS.signInFailures, subject: `${email} 10.0.0.1` }]
    const getByName = vi.spyOn(env.LIMITER, 'getByName')
    const remaining = async () => {
      const taken = await limits.take(counters)
      return taken.ok && taken.value.figures.map((figure) => figure.remaining)
    }
    expect([await remaining(), await remaining()]).toEqual([[9], [8]])
    for (const [name] of getByName.mock.calls) expect(name).toMatch(/^sign-in-failures:[0-9a-f]{64}$/)
  })
})
