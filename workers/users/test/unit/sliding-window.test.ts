import { describe, expect, it } from 'vitest'
import { countIn, uncountIn, type Window, windowExpiry } from '../../src/limits/domain/sliding-window.ts'

const LIMIT = { quota: 10, windowSeconds: 900 }
const START = new Date('2026-11-23T10:00:00.000Z')
const after = (seconds: number) => new Date(START.getTime() + seconds * 1_000)
const NUMBER = START.getTime() / 900_000
const window = (over: Partial<Window> = {}): Window => ({ number: NUMBER, used: 0, usedBefore: 0, ...over })

describe('a sliding window', () => {
  it('counts an attempt', () => {
    expect(countIn(undefined, LIMIT, after(60))).toEqual({
      window: window({ used: 1 }),
      status: { isAllowed: true, remaining: 9, resetsAt: after(900) },
    })
  })

  it('changes nothing when it is full', () => {
    const full = window({ used: 10 })
    expect(countIn(full, LIMIT, after(899))).toEqual({
      window: full,
      status: { isAllowed: false, remaining: 0, resetsAt: after(900) },
    })
  })

  it.each([
    [900, 0],
    [901, 0],
    [900 + 90, 0],
    [900 + 450, 4],
    [2 * 900 - 1, 9],
    [2 * 900, 9],
  ])('that was full leaves, %i s after its start, %i attempts after one more', (seconds, remaining) => {
    const { status } = countIn(window({ used: 10 }), LIMIT, after(seconds))
    expect(status.remaining).toBe(remaining)
    expect(status.isAllowed).toBe(seconds !== 900)
  })

  it('uncounts only attempts that it or the previous window counted', () => {
    expect(uncountIn(window({ used: 2 }), LIMIT, after(1))).toEqual(window({ used: 1 }))
    expect(uncountIn(window({ used: 2 }), LIMIT, after(901))).toEqual(window({ number: NUMBER + 1, usedBefore: 1 }))
    expect(uncountIn(window(), LIMIT, after(1))).toEqual(window())
  })

  it('expires when the window after it has ended too', () => {
    expect(windowExpiry(window({ used: 1 }), LIMIT)).toEqual(after(2 * 900))
  })
})
