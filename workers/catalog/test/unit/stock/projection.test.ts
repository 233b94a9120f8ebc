import { describe, expect, it } from 'vitest'
import {
  attemptFailed,
  attemptSucceeded,
  isDue,
  NOTHING_DUE,
  type Projection,
  scheduleProjection,
  scheduleSold,
  startAttempt,
} from '../../../src/stock/domain/projection.ts'

const now = new Date('2026-11-23T10:00:00.000Z')
const inMs = (milliseconds: number) => new Date(now.getTime() + milliseconds)

describe('the projection of a stock level', () => {
  it('is due 400 ms after the first of several changes', () => {
    const scheduled = scheduleProjection(NOTHING_DUE, now)
    expect(scheduled).toEqual({ dueAt: inMs(400), failures: 0 })
    expect(scheduleProjection(scheduled, inMs(100))).toBe(scheduled)
    expect([isDue(scheduled, inMs(399)), isDue(scheduled, inMs(400)), isDue(NOTHING_DUE, now)]).toEqual([
      false,
      true,
      false,
    ])
  })

  it('is due 3 s after a sale of held units, and sooner if something that is listed changes', () => {
    const sold = scheduleSold(NOTHING_DUE, now)
    expect(sold).toEqual({ dueAt: inMs(3_000), failures: 0 })
    expect(scheduleSold(sold, inMs(100))).toBe(sold)
    expect(scheduleProjection(sold, inMs(100))).toEqual({ dueAt: inMs(500), failures: 0 })
    expect(scheduleProjection(sold, inMs(2_900))).toBe(sold)
    const [running, failed] = [startAttempt(NOTHING_DUE, now), { dueAt: inMs(2_000), failures: 3 }]
    for (const other of [running, failed]) expect(scheduleProjection(other, now)).toBe(other)
  })

  it('is due again 10 s after an attempt whose outcome never arrives', () => {
    expect(startAttempt({ dueAt: now, failures: 2 }, now)).toEqual({ dueAt: inMs(10_000), failures: 2 })
  })

  it('is done after a success, unless the level has changed meanwhile', () => {
    expect(attemptSucceeded(true, now)).toEqual(NOTHING_DUE)
    expect(attemptSucceeded(false, now)).toEqual({ dueAt: inMs(400), failures: 0 })
  })

  it('backs off from 500 ms to 30 s', () => {
    let projection: Projection = NOTHING_DUE
    const delays = Array.from({ length: 8 }, () => {
      projection = attemptFailed(projection, now)
      return (projection.dueAt?.getTime() ?? 0) - now.getTime()
    })
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  })
})
