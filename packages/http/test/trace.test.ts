import { describe, expect, it } from 'vitest'
import { addTrips, budgetMs, countTrip, currentTrace, withTrace } from '../src/trace.ts'
import { childTraceparent, formatTrips, parseTrips, traceContextOf, traceIdOf } from '../src/trace-context.ts'

const context = { requestId: 'request-1', traceparent: childTraceparent(null), deadline: 10_000 }

describe('the round trips of a request', () => {
  it('are counted across awaits, separately for each request', async () => {
    const served = (trips: number) =>
      withTrace(context, async () => {
        for (let n = 0; n < trips; n += 1) {
          await Promise.resolve()
          countTrip('postgres')
        }
        addTrips({ postgres: 2, stripe: 1 })
        return currentTrace()?.trips
      })
    expect(await Promise.all([served(1), served(3)])).toEqual([
      { postgres: 3, stripe: 1 },
      { postgres: 5, stripe: 1 },
    ])
  })

  it('are counted nowhere outside a request', () => {
    countTrip('redis')
    expect(currentTrace()).toBeUndefined()
  })

  it('survive encoding as a header', () => {
    expect(parseTrips(formatTrips({ postgres: 2, redis: 1 }))).toEqual({ postgres: 2, redis: 1 })
    expect(parseTrips(formatTrips({}))).toEqual({})
    expect(parseTrips(null)).toEqual({})
  })
})

describe('the budget of a call', () => {
  it('is the time left for the request, when that is less', () => {
    withTrace(context, () => {
      expect(budgetMs(5_000, 2_000)).toBe(5_000)
      expect(budgetMs(5_000, 8_000)).toBe(2_000)
      expect(budgetMs(5_000, 20_000)).toBe(1)
    })
    expect(budgetMs(5_000, 20_000)).toBe(5_000)
  })
})

describe('the trace of a request', () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

  it('continues with a span of its own', () => {
    const child = childTraceparent(traceparent)
    expect(child).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[\da-f]{16}-01$/)
    expect(child).not.toBe(traceparent)
  })

  it.each([
    null,
    '',
    'nonsense',
    '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01',
    'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    '00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01',
  ])('begins anew for %j', (parent) => {
    expect(childTraceparent(parent)).toMatch(/^00-(?!4bf9)[\da-f]{32}-[\da-f]{16}-01$/)
  })

  it('keeps the deadline it was given', () => {
    const headers = new Headers({ traceparent, 'x-request-id': 'a-request', 'x-shop-deadline': '1234' })
    const read = traceContextOf(headers, 1_000)
    expect(read).toMatchObject({ requestId: 'a-request', deadline: 1_234 })
    expect(traceIdOf(read)).toBe('4bf92f3577b34da6a3ce929d0e0e4736')
    expect(traceContextOf(new Headers(), 1_000).deadline).toBe(6_500)
  })
})
