import type { ConsumerLag } from '@shop/contracts/events/log'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { backlogCheck } from '../src/events/backlog-check.ts'
import { readinessResponse } from '../src/readiness.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')
const up = async () => {}
const down = async () => {
  throw new Error('down')
}
const answerOf = async (response: Response) => ({ httpStatus: response.status, ...(await response.json<object>()) })

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})

describe('readiness', () => {
  it.each([
    ['ready', 200, { postgres: up }, { redis: up }],
    ['degraded', 200, { postgres: up }, { redis: down }],
    ['unavailable', 503, { postgres: down }, { redis: up }],
  ])('is %s (%i)', async (status, httpStatus, essential, helpful) => {
    expect(await answerOf(await readinessResponse(essential, helpful))).toMatchObject({ httpStatus, status })
  })

  it('shows details beside the status', async () => {
    const answer = await answerOf(await readinessResponse({ postgres: up }, {}, () => ({ events: { pending: 1 } })))
    expect(answer).toEqual({
      httpStatus: 200,
      status: 'ready',
      checks: { postgres: { status: 'ok', latency_ms: expect.any(Number) } },
      events: { pending: 1 },
    })
  })
})

describe('the check of the event backlog', () => {
  const lags: ConsumerLag[] = [
    { consumer: 'orders', pending: 2, parked: 0, lagSeconds: 12 },
    { consumer: 'payments', pending: 1, parked: 3, lagSeconds: 40 },
  ]
  const checked = async (lag: (now: Date) => Promise<ConsumerLag[]>) => {
    const backlog = backlogCheck({ events: { lag }, now: () => NOW })
    return answerOf(await readinessResponse({ postgres: backlog.check }, {}, backlog.details))
  }

  it('adds the deliveries of all consumers, and shows the longest lag', async () => {
    const lag = vi.fn(async () => lags)
    expect(await checked(lag)).toMatchObject({ status: 'ready', events: { pending: 3, parked: 3, lag_seconds: 40 } })
    expect(lag).toHaveBeenCalledExactlyOnceWith(NOW)
  })

  it('shows zeros when every delivery is done', async () => {
    expect(await checked(async () => [])).toMatchObject({ events: { pending: 0, parked: 0, lag_seconds: 0 } })
  })

  it('fails without the database, and then shows no backlog', async () => {
    const answer = await checked(down as () => Promise<never>)
    expect(answer).toMatchObject({ httpStatus: 503, checks: { postgres: { status: 'down' } } })
    expect(answer).not.toHaveProperty('events')
  })
})
