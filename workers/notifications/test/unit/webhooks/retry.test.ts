import { addSeconds } from '@shop/kernel/time'
import { describe, expect, it } from 'vitest'
import { hasWaited, nextAttempt, retryAfterOf } from '../../../src/webhook-deliveries/domain/retry.ts'
import { NOW } from '../../support/mails.ts'

const HOUR = 3_600

/** The seconds after which a delivery that always fails is tried. */
function attemptsOf(): number[] {
  const times = [0]
  for (;;) {
    const at = addSeconds(NOW, times.at(-1) ?? 0)
    const next = nextAttempt({ attempts: times.length, queuedAt: NOW }, at)
    if (next === undefined) return times
    times.push((next.getTime() - NOW.getTime()) / 1_000)
  }
}

describe('a delivery that fails', () => {
  it('is tried again after longer and longer pauses, for three days', () => {
    const times = attemptsOf()
    expect(times.slice(0, 5)).toEqual([0, 60, 360, 1_260, 4_860])
    expect(times.at(-1)).toBe(72 * HOUR)
    expect(times).toHaveLength(13)
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0))
    expect(Math.max(...pauses)).toBe(12 * HOUR)
  })

  it('is tried again within three days after 1, 5 and 15 minutes, after 1, 3 and 6 hours, and then every 12', () => {
    const pause = (attempts: number) =>
      ((nextAttempt({ attempts, queuedAt: NOW }, NOW)?.getTime() ?? 0) - NOW.getTime()) / 60_000
    expect([1, 2, 3, 4, 5, 6, 7, 8].map(pause)).toEqual([1, 5, 15, 60, 180, 360, 720, 720])
  })

  it('is given up with the attempt that comes three days after the first', () => {
    expect(nextAttempt({ attempts: 3, queuedAt: NOW }, addSeconds(NOW, 72 * HOUR))).toBeUndefined()
    expect(nextAttempt({ attempts: 3, queuedAt: NOW }, addSeconds(NOW, 72 * HOUR - 1))).toEqual(
      addSeconds(NOW, 72 * HOUR),
    )
  })
})

describe('a Retry-After', () => {
  const answer = (text: string, status = 503) => ({ status, headers: { 'retry-after': text }, body: '' })
  const secondsOf = (text: string, status = 503) => {
    const at = retryAfterOf(answer(text, status), NOW)
    return at && (at.getTime() - NOW.getTime()) / 1_000
  }
  const next = (retryAfter: Date, attempts = 1) => nextAttempt({ attempts, queuedAt: NOW, retryAfter }, NOW)

  it('is a number of seconds or a date', () => {
    expect(secondsOf('120')).toBe(120)
    expect(secondsOf(addSeconds(NOW, 90).toUTCString())).toBe(90)
  })

  it('is not read from an answer that has none', () => {
    expect(retryAfterOf({ status: 503, headers: {}, body: '' }, NOW)).toBeUndefined()
  })

  it.each([
    ...['x Tue, 24 Nov 2026 10:00:00 GMT', 'Tue, 24 Nov 2026 10:00:00 GMT+2', 'tue, 24 Nov 2026 10:00:00 GMT'],
    ...['Tuesday, 24-Nov-26 10:00:00 GMT', 'Tue Nov 24 10:00:00 2026', 'Tue, 24 Nov 2026 10:00:00 CET', '60 s', 's 60'],
  ])('is not read from %j, which HTTP does not allow', (text) => {
    expect(secondsOf(text)).toBeUndefined()
  })

  it.each(['', '-1', '1.5', 'soon', '2026-12-24', 'Thu, 99 Foo 2026 99:99:99 GMT', '99999999999'])(
    'is not read from %j',
    (text) => {
      expect(secondsOf(text)).toBeUndefined()
    },
  )

  it('counts only with 429 and 503', () => {
    expect([429, 503, 500, 202, 301].map((status) => secondsOf('60', status))).toEqual([60, 60, ...Array(3)])
  })

  it('makes the pause longer, never shorter', () => {
    expect(next(addSeconds(NOW, 600))).toEqual(addSeconds(NOW, 600))
    expect(next(addSeconds(NOW, 1))).toEqual(addSeconds(NOW, 60))
    expect(next(addSeconds(NOW, -HOUR), 4)).toEqual(addSeconds(NOW, HOUR))
  })

  it('makes the pause twelve hours at most, and never goes beyond the three days', () => {
    expect(next(addSeconds(NOW, 9_999_999_999))).toEqual(addSeconds(NOW, 12 * HOUR))
    const late = addSeconds(NOW, 70 * HOUR)
    expect(nextAttempt({ attempts: 9, queuedAt: NOW, retryAfter: addSeconds(late, 5 * HOUR) }, late)).toEqual(
      addSeconds(NOW, 72 * HOUR),
    )
  })
})

describe('a message', () => {
  it('waits four minutes for an earlier one of its key; the sweep that finds it comes within the fifth', () => {
    expect(hasWaited({ queuedAt: NOW }, addSeconds(NOW, 239))).toBe(false)
    expect(hasWaited({ queuedAt: NOW }, addSeconds(NOW, 240))).toBe(true)
  })
})
