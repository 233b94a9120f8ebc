import { addSeconds } from '@shop/kernel/time'
import { describe, expect, it } from 'vitest'
import { hasWaited, nextAttempt } from '../../../src/webhook-deliveries/domain/retry.ts'
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

  it('is given up with the attempt that comes three days after the first', () => {
    expect(nextAttempt({ attempts: 3, queuedAt: NOW }, addSeconds(NOW, 72 * HOUR))).toBeUndefined()
    expect(nextAttempt({ attempts: 3, queuedAt: NOW }, addSeconds(NOW, 72 * HOUR - 1))).toEqual(
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
