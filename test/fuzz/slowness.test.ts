import { describe, expect, it } from 'vitest'
import { Slowness } from './slowness.ts'

const learned = (ms: number, at: number) => {
  const slowness = new Slowness()
  slowness.learn({ ms }, at)
  return slowness
}

describe('a slow machine', () => {
  it('excuses a 503 that took all the time of a request, and those of the next ten seconds', () => {
    const slowness = learned(5_000, 1_000)
    expect([1_000, 10_999, 11_000].map((now) => slowness.excuses({ status: 503 }, now))).toEqual([true, true, false])
  })

  it('excuses no other server error', () => {
    expect(learned(5_000, 0).excuses({ status: 500 }, 0)).toBe(false)
  })

  it('is none while answers come in time', () => {
    expect(learned(4_999, 0).excuses({ status: 503 }, 0)).toBe(false)
  })
})
