import { describe, expect, it } from 'vitest'
import { CircuitBreaker } from '../src/circuit-breaker.ts'

/** A breaker of a dependency that failed five times in a row, the last time at `openedAt`. */
function openBreaker(openedAt = 0): CircuitBreaker {
  const breaker = new CircuitBreaker()
  for (let failures = 0; failures < 5; failures += 1) breaker.fail(openedAt, openedAt)
  return breaker
}

describe('a circuit breaker', () => {
  it('opens after five failures in a row', () => {
    const breaker = new CircuitBreaker()
    for (let failures = 0; failures < 5; failures += 1) {
      expect(breaker.admits(0)).toBe(true)
      breaker.fail(0, 0)
    }
    expect(breaker.admits(0)).toBe(false)
  })

  it('stays closed while failures are not in a row', () => {
    const breaker = new CircuitBreaker()
    for (let now = 0; now < 20; now += 1) {
      breaker.fail(now, now)
      if (now % 4 === 3) breaker.succeed(now)
    }
    expect(breaker.admits(20)).toBe(true)
  })

  it('lets one probe a second through while it is open', () => {
    const breaker = openBreaker()
    expect(breaker.admits(999)).toBe(false)
    expect(breaker.admits(1_000)).toBe(true)
    expect(breaker.admits(1_000)).toBe(false)
    expect(breaker.admits(1_999)).toBe(false)
    expect(breaker.admits(2_000)).toBe(true)
  })

  it('lets the next probe through a second after one failed, so that not every request waits for a timeout', () => {
    const breaker = openBreaker()
    expect(breaker.admits(1_000)).toBe(true)
    breaker.fail(1_000, 2_100)
    expect(breaker.admits(3_099)).toBe(false)
    expect(breaker.admits(3_100)).toBe(true)
  })

  it('lets the next probe through when one was cancelled and never ends', () => {
    const breaker = openBreaker()
    expect(breaker.admits(1_000)).toBe(true)
    expect(breaker.admits(2_000)).toBe(true)
    breaker.succeed(2_010)
    expect(breaker.admits(2_010)).toBe(true)
    expect(breaker.admits(2_010)).toBe(true)
  })

  it('is closed by a probe that succeeds late, after others have started', () => {
    const breaker = openBreaker()
    expect(breaker.admits(1_000)).toBe(true)
    expect(breaker.admits(2_000)).toBe(true)
    breaker.succeed(2_500)
    expect(breaker.admits(2_501)).toBe(true)
    expect(breaker.admits(2_501)).toBe(true)
  })

  it('does not open for calls that started before the last success and time out after it', () => {
    const breaker = new CircuitBreaker()
    breaker.succeed(3_000)
    for (let failures = 0; failures < 20; failures += 1) breaker.fail(2_000, 7_000)
    expect(breaker.admits(7_000)).toBe(true)
  })

  it('does not postpone the next probe because of calls that hung and end after it opened', () => {
    const breaker = openBreaker()
    for (let now = 1_000; now <= 5_000; now += 1_000) expect(breaker.admits(now)).toBe(true)
    breaker.fail(1_000, 5_990)
    expect(breaker.admits(6_000)).toBe(true)
  })

  // Calls that hang end after 5 s; requests arrive at any distance.
  it.each([10, 100, 900])(
    'lets everything through a second and one request after a hang, with a request every %d ms',
    (everyMs) => {
      const breaker = new CircuitBreaker()
      const answersAgainAt = 23_456
      const hanging: number[] = []
      let normalAt: number | undefined
      for (let now = 0; normalAt === undefined; now += 1) {
        while (hanging[0] !== undefined && hanging[0] + 5_000 <= now) breaker.fail(hanging.shift() ?? 0, now)
        if (now % everyMs !== 0 || !breaker.admits(now)) continue
        if (now < answersAgainAt) hanging.push(now)
        else {
          breaker.succeed(now)
          normalAt = now
        }
      }
      expect(normalAt - answersAgainAt).toBeLessThanOrEqual(1_000 + everyMs)
      for (let now = normalAt; now < normalAt + 10_000; now += 1) {
        while (hanging[0] !== undefined && hanging[0] + 5_000 <= now) breaker.fail(hanging.shift() ?? 0, now)
        expect(breaker.admits(now)).toBe(true)
      }
    },
  )
})
