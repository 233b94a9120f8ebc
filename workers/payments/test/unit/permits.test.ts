import { describe, expect, it } from 'vitest'
import {
  type Bucket,
  grantPermit,
  type Pace,
  type Priority,
  paceWithin,
  pausePermits,
} from '../../src/stripe/domain/permits.ts'

const PACE = paceWithin(25)

/**
 * Requests permits at those instants.
 *
 * @returns when each may be used; null where it was refused
 */
function usedAt(instants: number[], { pace = PACE, priority = 'customer' as Priority, withinMs = 1_000 } = {}) {
  let bucket: Bucket | undefined
  return instants.map((now) => {
    const granted = grantPermit(bucket, pace, { priority, withinMs, now })
    bucket = granted.bucket
    return granted.permit.waitMs === null ? null : now + granted.permit.waitMs
  })
}

const most = (used: (number | null)[], withinMs: number) => {
  const given = used.filter((at) => at !== null)
  return Math.max(...given.map((start) => given.filter((at) => at >= start && at < start + withinMs).length))
}

describe('permits', () => {
  it('are granted five at once, then evenly, and none later than a second', () => {
    const used = usedAt(Array.from({ length: 100 }, () => 0))
    const given = used.filter((at) => at !== null)
    expect(given.slice(0, 7)).toEqual([0, 0, 0, 0, 0, 58, 115])
    expect(Math.max(...given)).toBeLessThanOrEqual(1_000)
    expect(given).toHaveLength(22)
    expect(used.slice(22)).toEqual(Array.from({ length: 78 }, () => null))
  })

  it('never allow more calls in a second than Stripe does, at the worst moments', () => {
    for (const limit of [1, 2, 25, 100]) {
      const instants = Array.from(
        { length: 40 * limit },
        (_, index) => Math.floor(index / (10 * limit)) * 1_500 + (index % 7),
      )
      expect(most(usedAt(instants, { pace: paceWithin(limit) }), 1_000)).toBeLessThanOrEqual(Math.max(limit, 2))
    }
  })

  it('that are refused cost nothing, and say when to retry', () => {
    let bucket: Bucket | undefined = { permits: -17.5, at: 0 }
    const request = { priority: 'customer', withinMs: 1_000, now: 0 } as const
    const refused = grantPermit(bucket, PACE, request)
    expect(refused.permit).toEqual({ waitMs: null, retryAfterMs: 58, prefetched: 0 })
    bucket = refused.bucket
    expect(grantPermit(bucket, PACE, { ...request, now: 58 }).permit.waitMs).toBe(1_000)
  })

  it('are left to customers by background work', () => {
    const background = usedAt([0, 0, 0, 0, 0], { priority: 'background' })
    expect(background).toEqual([0, 0, 0, null, null])
    let { bucket } = grantPermit(undefined, PACE, { priority: 'background', withinMs: 1_000, now: 0 })
    for (let times = 0; times < 3; times += 1) {
      bucket = grantPermit(bucket, PACE, { priority: 'background', withinMs: 1_000, now: 0 }).bucket
    }
    expect(grantPermit(bucket, PACE, { priority: 'customer', withinMs: 0, now: 0 }).permit.waitMs).toBe(0)
  })

  it('pause for as long as Stripe asks', () => {
    const bucket = pausePermits(undefined, PACE, { ms: 2_000, now: 0 })
    expect(grantPermit(bucket, PACE, { priority: 'customer', withinMs: 0, now: 1_999 }).permit.waitMs).toBeNull()
    expect(grantPermit(bucket, PACE, { priority: 'customer', withinMs: 0, now: 2_001 }).permit.waitMs).toBe(0)
  })

  it('are prefetched where there are many, and count as granted', () => {
    const pace: Pace = paceWithin(1_000)
    const { bucket, permit } = grantPermit(undefined, pace, { priority: 'customer', withinMs: 0, now: 0 })
    expect(permit.prefetched).toBe(10)
    expect(bucket.permits).toBe(200 - 1 - 10)
  })
})
