import { describe, expect, it } from 'vitest'
import { createHashQueue } from '../../src/passwords/hash-queue.ts'

function queueOf(waiting: number) {
  const turns: (() => void)[] = []
  const clock = { now: new Date(0) }
  const nextTurn = () => new Promise<void>((resolve) => turns.push(resolve))
  return { run: createHashQueue({ waiting, nextTurn, now: () => clock.now }), turns, clock }
}

describe('the queue of hashes', () => {
  it('computes one at a time, in order of arrival', async () => {
    const { run, turns } = queueOf(2)
    const first = run(() => 'first')
    const second = run(() => 'second')
    turns[0]?.()
    expect(await first).toEqual({ ok: true, value: 'first' })
    turns[1]?.()
    expect(await second).toEqual({ ok: true, value: 'second' })
  })

  it('refuses when too many wait, and accepts more when one is done', async () => {
    const { run, turns } = queueOf(1)
    const waiting = run(() => 1)
    expect(await run(() => 2)).toEqual({ ok: false, failure: { code: 'too_busy' } })
    turns[0]?.()
    await waiting
    const next = run(() => 3)
    turns[1]?.()
    expect(await next).toEqual({ ok: true, value: 3 })
  })

  it('frees its place when the computation throws', async () => {
    const { run, turns } = queueOf(1)
    const failing = run(() => {
      throw new Error('no memory')
    })
    turns[0]?.()
    await expect(failing).rejects.toThrow('no memory')
    const next = run(() => 1)
    turns[1]?.()
    expect(await next).toEqual({ ok: true, value: 1 })
  })

  it('drops a request that was cancelled while it waited', async () => {
    const { run, turns, clock } = queueOf(1)
    void run(() => 'never')
    clock.now = new Date(10_001)
    const next = run(() => 1)
    turns[1]?.()
    expect(await next).toEqual({ ok: true, value: 1 })
  })
})
