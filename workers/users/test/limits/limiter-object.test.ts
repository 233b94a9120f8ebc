import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { LIMITS } from '@shop/contracts/limits'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAttemptLimits } from '../../src/limits/internal/attempt-limits.ts'
import { objectCounters } from '../../src/limits/internal/object-counters.ts'

const LIMIT = { quota: 10, windowSeconds: 900 }
/** The start of a future window: an alarm set in the past of the real clock fires at once. */
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
  it('allows ten of a hundred simultaneous attempts', async () => {
    const stub = limiter()
    const statuses = await times(100, () => stub.count(LIMIT))
    expect(statuses.filter(({ isAllowed }) => isAllowed).map(({ remaining }) => remaining)).toEqual([
      9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
    ])
    expect(statuses.at(-1)).toEqual({ isAllowed: false, remaining: 0, resetsAt: new Date(NOW.getTime() + 900_000) })
  })

  it('allows one more for each that is uncounted', async () => {
    const stub = limiter()
    await times(10, () => stub.count(LIMIT))
    await times(2, () => stub.uncount(LIMIT))
    expect((await times(3, () => stub.count(LIMIT))).map(({ isAllowed }) => isAllowed)).toEqual([true, true, false])
  })

  it('keeps its count when it is evicted', async () => {
    const stub = limiter()
    await times(10, () => stub.count(LIMIT))
    await evictDurableObject(stub)
    expect(await stub.count(LIMIT)).toMatchObject({ isAllowed: false })
  })

  it('grants no full new quota when a window ends', async () => {
    const stub = limiter()
    await times(10, () => stub.count(LIMIT))
    passSeconds(900 + 450)
    expect((await times(10, () => stub.count(LIMIT))).filter(({ isAllowed }) => isAllowed)).toHaveLength(5)
  })

  it('deletes itself by an alarm after two windows, and counts again when asked', async () => {
    const stub = limiter()
    await times(10, () => stub.count(LIMIT))
    expect(await runInDurableObject(stub, (_, state) => state.storage.getAlarm())).toBe(NOW.getTime() + 2 * 900_000)
    passSeconds(2 * 900)
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    expect(await runInDurableObject(stub, async (_, state) => (await state.storage.list()).size)).toBe(0)
    expect(await stub.count(LIMIT)).toMatchObject({ isAllowed: true, remaining: 9 })
  })

  it('ignores an uncount after it has deleted itself', async () => {
    const stub = limiter()
    await stub.uncount(LIMIT)
    expect(await runInDurableObject(stub, (_, state) => state.storage.getAlarm())).toBeNull()
    expect(await stub.count(LIMIT)).toMatchObject({ remaining: 9 })
  })
})

describe('a limit of registrations', () => {
  const limits = createAttemptLimits({ objects: objectCounters((name) => env.LIMITER.getByName(name)), raised: false })

  it('has an object for each e-mail address, whose name does not reveal it', async () => {
    const counters = [{ limit: LIMITS.registrationEmail, subject: `${crypto.randomUUID()}@example.com` }]
    const getByName = vi.spyOn(env.LIMITER, 'getByName')
    const remaining = async () => {
      const counted = await limits.count(counters)
      return counted.ok && counted.value.statuses.map((status) => status.remaining)
    }
    expect([await remaining(), await remaining()]).toEqual([[9], [8]])
    for (const [name] of getByName.mock.calls) expect(name).toMatch(/^registration-email:[0-9a-f]{64}$/)
  })
})
