import { LIMITS, type LimitFigure } from '@shop/contracts'
import { fail, ok, type Result } from '@shop/kernel'
import { describe, expect, it, vi } from 'vitest'
import type { CounterStore } from '../../src/limits/counter-store.ts'
import { createLimits } from '../../src/limits/limits.ts'
import { withinLimits } from '../../src/operations/within-limits.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')
const COUNTERS = [LIMITS.signIn, LIMITS.signInFailures, LIMITS.accountFailures].map((limit) => ({
  limit,
  subject: 'x',
}))

/** A store with so many left by the name of the limit, which writes down what it is asked. */
function storeWith(left: Record<string, number>) {
  const givenBack: string[] = []
  const take = async (counters: Parameters<CounterStore['take']>[0]): Promise<LimitFigure[]> =>
    counters.map(({ limit }) => {
      const remaining = (left[limit.name] ?? limit.quota) - 1
      const resetsAt = new Date(NOW.getTime() + limit.windowSeconds * 1_000)
      return { limit, isAllowed: remaining >= 0, remaining: Math.max(0, remaining), resetsAt }
    })
  const giveBack = async (counters: Parameters<CounterStore['take']>[0]) => {
    givenBack.push(...counters.map(({ limit }) => limit.name))
  }
  return { store: { take: vi.fn(take), giveBack }, givenBack }
}

const down: CounterStore = {
  take: async () => {
    throw new Error('down')
  },
  giveBack: async () => {
    throw new Error('down')
  },
}

type Outcome = Result<string, { code: 'wrong' | 'busy' }>

function attempting(stores: { redis: CounterStore | null; objects: CounterStore }, outcome: () => Outcome) {
  for (const level of ['warn', 'error'] as const) vi.spyOn(console, level).mockImplementation(() => {})
  const attempt = vi.fn(async () => outcome())
  const limits = createLimits({ ...stores, raised: false })
  const answer = withinLimits({ limits, now: () => NOW }, COUNTERS, attempt, ({ code }) => code === 'wrong')
  return { answer, attempt }
}
const left = (figures: LimitFigure[]) => figures.map(({ remaining }) => remaining)

describe('an attempt', () => {
  it('that succeeds is no failure: what counts those gets it back', async () => {
    const { store, givenBack } = storeWith({})
    const { answer } = attempting({ redis: store, objects: down }, () => ok('in'))
    const { limits, ...result } = await answer
    expect(result).toEqual(ok('in'))
    expect(givenBack).toEqual(['sign-in-failures', 'account-failures'])
    expect(left(limits)).toEqual([29, 10, 100])
  })

  it('that fails stays counted', async () => {
    const { store, givenBack } = storeWith({})
    const { answer } = attempting({ redis: store, objects: down }, () => fail({ code: 'wrong' }))
    expect(left((await answer).limits)).toEqual([29, 9, 99])
    expect(givenBack).toEqual([])
  })

  it.each([
    ['could not be decided', (): Outcome => fail({ code: 'busy' })],
    [
      'broke off',
      (): Outcome => {
        throw new Error('no database')
      },
    ],
  ])('that %s is no failure', async (_, outcome) => {
    const { store, givenBack } = storeWith({})
    await attempting({ redis: store, objects: down }, outcome).answer.catch(() => {})
    expect(givenBack).toEqual(['sign-in-failures', 'account-failures'])
  })

  it('beyond a limit is not made, and uses up no other that counts failures', async () => {
    const { store, givenBack } = storeWith({ 'sign-in-failures': 0 })
    const { answer, attempt } = attempting({ redis: store, objects: down }, () => ok('in'))
    const { limits, ...result } = await answer
    expect(result).toEqual(fail({ code: 'rate_limited', retryAfter: 900 }))
    expect(left(limits)).toEqual([29, 0, 100])
    expect(givenBack).toEqual(['account-failures'])
    expect(attempt).not.toHaveBeenCalled()
  })

  it('waits for the last of the limits that refuse it', async () => {
    const { store } = storeWith({ 'sign-in': 0, 'account-failures': 0 })
    const { answer } = attempting({ redis: store, objects: down }, () => ok('in'))
    expect(await answer).toMatchObject({ failure: { retryAfter: 3_600 } })
  })
})

describe('when Redis is out', () => {
  it('the objects count, and give back what they counted', async () => {
    const { store, givenBack } = storeWith({})
    const { answer } = attempting({ redis: down, objects: store }, () => ok('in'))
    expect(await answer).toMatchObject(ok('in'))
    expect(givenBack).toEqual(['sign-in-failures', 'account-failures'])
  })

  it('and the objects are too, nobody gets in', async () => {
    const { answer, attempt } = attempting({ redis: down, objects: down }, () => ok('in'))
    expect(await answer).toEqual({ ...fail({ code: 'service_unavailable' }), limits: [] })
    expect(attempt).not.toHaveBeenCalled()
  })

  it('after it has counted, an attempt is answered all the same', async () => {
    const { store } = storeWith({})
    const { answer } = attempting({ redis: { ...store, giveBack: down.giveBack }, objects: down }, () => ok('in'))
    const { limits, ...result } = await answer
    expect(result).toEqual(ok('in'))
    expect(left(limits)).toEqual([29, 9, 99])
  })
})
