import { LIMITS, type LimitStatus } from '@shop/contracts/limits'
import { fail, ok, type Result } from '@shop/kernel/result'
import { describe, expect, it, vi } from 'vitest'
import { createAttemptLimits } from '../../src/limits/internal/attempt-limits.ts'
import type { CounterStore } from '../../src/limits/internal/counter-store.ts'
import { withinLimits } from '../../src/limits/within-limits.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')
const PER_ADDRESS = { ...LIMITS.registration, name: 'tries', quota: 30, windowSeconds: 60 }
const FAILURES = { ...LIMITS.registrationEmail, name: 'failures', counts: 'failures', windowSeconds: 900 } as const
const MORE_FAILURES = { ...FAILURES, name: 'more-failures', quota: 100, windowSeconds: 3_600 }
const COUNTERS = [PER_ADDRESS, FAILURES, MORE_FAILURES].map((limit) => ({ limit, subject: 'x' }))

/** A store with so many attempts left, by the name of the limit; it records each uncount. */
function storeWith(left: Record<string, number>) {
  const uncounted: string[] = []
  const count = async (counters: Parameters<CounterStore['count']>[0]): Promise<LimitStatus[]> =>
    counters.map(({ limit }) => {
      const remaining = (left[limit.name] ?? limit.quota) - 1
      const resetsAt = new Date(NOW.getTime() + limit.windowSeconds * 1_000)
      return { limit, isAllowed: remaining >= 0, remaining: Math.max(0, remaining), resetsAt }
    })
  const uncount = async (counters: Parameters<CounterStore['count']>[0]) => {
    uncounted.push(...counters.map(({ limit }) => limit.name))
  }
  return { store: { count: vi.fn(count), uncount }, uncounted }
}

const down: CounterStore = {
  count: async () => {
    throw new Error('down')
  },
  uncount: async () => {
    throw new Error('down')
  },
}

type Outcome = Result<string, { code: 'wrong' | 'busy' }>

function attempting(objects: CounterStore, outcome: () => Outcome) {
  for (const level of ['warn', 'error'] as const) vi.spyOn(console, level).mockImplementation(() => {})
  const attempt = vi.fn(async () => outcome())
  const limits = createAttemptLimits({ objects, raised: false })
  const answer = withinLimits({ limits, now: () => NOW }, COUNTERS, attempt, ({ code }) => code === 'wrong')
  return { answer, attempt }
}
const left = (statuses: LimitStatus[]) => statuses.map(({ remaining }) => remaining)

describe('an attempt', () => {
  it('that succeeds is uncounted where only failures count', async () => {
    const { store, uncounted } = storeWith({})
    const { answer } = attempting(store, () => ok('in'))
    const { limits, ...result } = await answer
    expect(result).toEqual(ok('in'))
    expect(uncounted).toEqual(['failures', 'more-failures'])
    expect(left(limits)).toEqual([29, 10, 100])
  })

  it('that fails stays counted', async () => {
    const { store, uncounted } = storeWith({})
    const { answer } = attempting(store, () => fail({ code: 'wrong' }))
    expect(left((await answer).limits)).toEqual([29, 9, 99])
    expect(uncounted).toEqual([])
  })

  it.each([
    ['could not be decided', (): Outcome => fail({ code: 'busy' })],
    [
      'threw',
      (): Outcome => {
        throw new Error('no database')
      },
    ],
  ])('that %s is uncounted where only failures count', async (_, outcome) => {
    const { store, uncounted } = storeWith({})
    await attempting(store, outcome).answer.catch(() => {})
    expect(uncounted).toEqual(['failures', 'more-failures'])
  })

  it('beyond a limit is not made, and does not count as a failure elsewhere', async () => {
    const { store, uncounted } = storeWith({ failures: 0 })
    const { answer, attempt } = attempting(store, () => ok('in'))
    const { limits, ...result } = await answer
    expect(result).toEqual(fail({ code: 'rate_limited', retryAfter: 900 }))
    expect(left(limits)).toEqual([29, 0, 100])
    expect(uncounted).toEqual(['more-failures'])
    expect(attempt).not.toHaveBeenCalled()
  })

  it('must wait for the longest of the limits that refuse it', async () => {
    const { store } = storeWith({ tries: 0, 'more-failures': 0 })
    const { answer } = attempting(store, () => ok('in'))
    expect(await answer).toMatchObject({ failure: { retryAfter: 3_600 } })
  })
})

describe('when the objects do not answer', () => {
  it('nothing is attempted', async () => {
    const { answer, attempt } = attempting(down, () => ok('in'))
    expect(await answer).toEqual({ ...fail({ code: 'service_unavailable' }), limits: [] })
    expect(attempt).not.toHaveBeenCalled()
  })

  it('after they have counted, the attempt is still answered', async () => {
    const { store } = storeWith({})
    const { answer } = attempting({ ...store, uncount: down.uncount }, () => ok('in'))
    const { limits, ...result } = await answer
    expect(result).toEqual(ok('in'))
    expect(left(limits)).toEqual([29, 9, 99])
  })
})
