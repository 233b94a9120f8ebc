import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { coalesce } from '../../../src/stock/object/coalesce.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('coalescing', () => {
  it('handles calls that arrive within the interval together, and gives each caller the answer', async () => {
    const handled: number[][] = []
    const add = coalesce(100, async (items: number[]) => {
      handled.push(items)
      return items.length
    })
    const answers = [add(1), add(2)]
    await vi.advanceTimersByTimeAsync(99)
    answers.push(add(3))
    await vi.advanceTimersByTimeAsync(1)
    const next = add(4)
    await vi.advanceTimersByTimeAsync(100)
    expect(await Promise.all([...answers, next])).toEqual([3, 3, 3, 1])
    expect(handled).toEqual([[1, 2, 3], [4]])
  })

  it('fails every caller of a failed batch, and then starts a new one', async () => {
    let isDown = true
    const add = coalesce(100, async (items: number[]) => {
      if (isDown) throw new Error('down')
      return items.length
    })
    const failed = Promise.allSettled([add(1), add(2)])
    await vi.advanceTimersByTimeAsync(100)
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    isDown = false
    const answer = add(3)
    await vi.advanceTimersByTimeAsync(100)
    expect(await answer).toBe(1)
  })
})
