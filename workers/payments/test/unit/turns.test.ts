import { describe, expect, it } from 'vitest'
import { type Bucket, type Pace, type Priority, paceWithin, pauseTurns, takeTurn } from '../../src/domain/turns.ts'

const PACE = paceWithin(25)

/** Takes turns at those instants, and says when each may be used; null for one that was refused. */
function usedAt(instants: number[], { pace = PACE, priority = 'customer' as Priority, withinMs = 1_000 } = {}) {
  let bucket: Bucket | undefined
  return instants.map((now) => {
    const taken = takeTurn(bucket, pace, { priority, withinMs, now })
    bucket = taken.bucket
    return taken.turn.waitMs === null ? null : now + taken.turn.waitMs
  })
}

const most = (used: (number | null)[], withinMs: number) => {
  const given = used.filter((at) => at !== null)
  return Math.max(...given.map((start) => given.filter((at) => at >= start && at < start + withinMs).length))
}

describe('turns', () => {
  it('come five at once, then evenly, and none that would come later than a second', () => {
    const used = usedAt(Array.from({ length: 100 }, () => 0))
    const given = used.filter((at) => at !== null)
    expect(given.slice(0, 7)).toEqual([0, 0, 0, 0, 0, 58, 115])
    expect(Math.max(...given)).toBeLessThanOrEqual(1_000)
    expect(given).toHaveLength(22)
    expect(used.slice(22)).toEqual(Array.from({ length: 78 }, () => null))
  })

  it('never make more in any second than Stripe takes, though each is asked for at the worst moment', () => {
    for (const limit of [1, 2, 25, 100]) {
      const instants = Array.from(
        { length: 40 * limit },
        (_, index) => Math.floor(index / (10 * limit)) * 1_500 + (index % 7),
      )
      expect(most(usedAt(instants, { pace: paceWithin(limit) }), 1_000)).toBeLessThanOrEqual(Math.max(limit, 2))
    }
  })

  it('refused cost nothing, and say when one can be had', () => {
    let bucket: Bucket | undefined = { turns: -17.5, at: 0 }
    const ask = { priority: 'customer', withinMs: 1_000, now: 0 } as const
    const refused = takeTurn(bucket, PACE, ask)
    expect(refused.turn).toEqual({ waitMs: null, retryAfterMs: 58, spares: 0 })
    bucket = refused.bucket
    expect(takeTurn(bucket, PACE, { ...ask, now: 58 }).turn.waitMs).toBe(1_000)
  })

  it('are left to customers by what runs in the background', () => {
    const background = usedAt([0, 0, 0, 0, 0], { priority: 'background' })
    expect(background).toEqual([0, 0, 0, null, null])
    let { bucket } = takeTurn(undefined, PACE, { priority: 'background', withinMs: 1_000, now: 0 })
    for (let times = 0; times < 3; times += 1) {
      bucket = takeTurn(bucket, PACE, { priority: 'background', withinMs: 1_000, now: 0 }).bucket
    }
    expect(takeTurn(bucket, PACE, { priority: 'customer', withinMs: 0, now: 0 }).turn.waitMs).toBe(0)
  })

  it('stop for as long as Stripe asks', () => {
    const bucket = pauseTurns(undefined, PACE, { ms: 2_000, now: 0 })
    expect(takeTurn(bucket, PACE, { priority: 'customer', withinMs: 0, now: 1_999 }).turn.waitMs).toBeNull()
    expect(takeTurn(bucket, PACE, { priority: 'customer', withinMs: 0, now: 2_001 }).turn.waitMs).toBe(0)
  })

  it('bring spares where there are many, which count as taken', () => {
    const pace: Pace = paceWithin(1_000)
    const { bucket, turn } = takeTurn(undefined, pace, { priority: 'customer', withinMs: 0, now: 0 })
    expect(turn.spares).toBe(10)
    expect(bucket.turns).toBe(200 - 1 - 10)
  })
})
