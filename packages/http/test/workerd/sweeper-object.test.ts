import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { onlyBatch, type SweepTask } from '@shop/contracts/service'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { callCount, countCall } from '../../src/invocation.ts'
import { type Sweeper, tasksOfTests } from './worker.ts'

const lines: Record<string, unknown>[] = []
beforeEach(() => {
  lines.length = 0
  for (const level of ['log', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((line: string) => void lines.push(JSON.parse(line)))
  }
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** A sweeper of its own, with these tasks. */
function sweeperOf(...tasks: SweepTask[]) {
  const name = crypto.randomUUID()
  tasksOfTests.set(name, () => tasks)
  // The binding of the config beside this file; the generated types are those of the workers.
  const { SWEEPER } = env as unknown as { SWEEPER: DurableObjectNamespace<Sweeper> }
  return { sweeper: SWEEPER.getByName(name), name }
}

/** A task that takes what `items` contains, and can be held in the middle. */
function aTask(name: string, items: string[] = []) {
  const state = { runs: 0, running: 0, most: 0, seen: [] as string[] }
  let gate: Promise<unknown> = Promise.resolve()
  const task: SweepTask = {
    name,
    work: async () => {
      state.runs += 1
      state.running += 1
      state.most = Math.max(state.most, state.running)
      const taken = items.splice(0)
      await gate
      state.seen.push(...taken)
      state.running -= 1
      return onlyBatch(taken.length)
    },
  }
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    gate = promise
    return resolve
  }
  return { task, state, items, hold }
}

describe('a sweeper', () => {
  it('does all its tasks when it is woken, and reports what it did', async () => {
    const [one, two] = [aTask('one', ['a', 'b']), aTask('two', ['c'])]
    const { sweeper } = sweeperOf(one.task, two.task)
    expect(await sweeper.sweep({ waits: true })).toEqual({ one: 2, two: 1 })
    expect(lines).toEqual([{ level: 'info', event: 'swept', service: 'test', report: { one: 2, two: 1 } }])
  })

  it('answers who only wakes it at once, before the work is done', async () => {
    const one = aTask('one', ['a'])
    const release = one.hold()
    const { sweeper } = sweeperOf(one.task)
    expect(await sweeper.sweep()).toEqual({})
    release()
    await vi.waitUntil(() => one.state.seen.length === 1)
  })

  it('runs once at a time, however often it is woken, and once more for all that came meanwhile', async () => {
    const one = aTask('one')
    const release = one.hold()
    const { sweeper } = sweeperOf(one.task)
    await sweeper.sweep()
    await vi.waitUntil(() => one.state.running === 1)
    const waiting = [1, 2, 3].map(() => sweeper.sweep({ waits: true }))
    await sweeper.sweep()
    release()
    await Promise.all(waiting)
    expect(one.state).toMatchObject({ runs: 2, most: 1 })
  })

  it('loses no wake-up that comes when the sweep has passed what it is about', async () => {
    const [first, second] = [aTask('first'), aTask('second')]
    const release = second.hold()
    const { sweeper } = sweeperOf(first.task, second.task)
    await sweeper.sweep()
    await vi.waitUntil(() => second.state.running === 1)
    first.items.push('late')
    await sweeper.sweep()
    expect(first.state.seen).toEqual([])
    release()
    await vi.waitUntil(() => first.state.seen.length === 1)
  })

  it('continues a backlog in further invocations, each with its own calls, and never loses the rest', async () => {
    const callsOf: number[] = []
    let left = 100
    const task: SweepTask = {
      name: 'backlog',
      work: async () => {
        for (let call = 0; call < 5; call += 1) countCall()
        left -= 10
        callsOf.push(callCount().calls)
        return left > 0 ? { done: 10, next: 'more' } : { done: 10 }
      },
    }
    const { sweeper } = sweeperOf(task)
    expect(await sweeper.sweep({ waits: true })).toEqual({ backlog: 100 })
    expect(Math.max(...callsOf)).toBeLessThan(25)
    expect(callsOf.filter((calls) => calls === 5).length).toBeGreaterThan(1)
  })

  it('continues where an instance that was lost had stopped, and then begins anew', async () => {
    const seen: (string | undefined)[] = []
    const two: SweepTask = {
      name: 'two',
      work: async (from) => {
        seen.push(from)
        return onlyBatch(1)
      },
    }
    const one = aTask('one', ['a'])
    const { sweeper } = sweeperOf(one.task, two)
    await runInDurableObject(sweeper, (_, { storage }) => {
      storage.kv.put('sweep', { open: [{ name: 'two', from: 'x' }], report: { one: 5 } })
    })
    expect(await sweeper.sweep({ waits: true })).toEqual({ one: 1, two: 1 })
    expect(seen).toEqual(['x', undefined])
  })

  it('does the later tasks when one fails, and tries that one at the next sweep', async () => {
    let isBroken = true
    const broken: SweepTask = {
      name: 'broken',
      work: async () => {
        if (isBroken) throw new Error('database')
        return onlyBatch(1)
      },
    }
    const fine = aTask('fine', ['a'])
    const { sweeper } = sweeperOf(broken, fine.task)
    expect(await sweeper.sweep({ waits: true })).toEqual({ broken: 0, fine: 1 })
    expect(lines[0]).toMatchObject({ level: 'warn', event: 'sweep_failed', service: 'test', task: 'broken' })
    isBroken = false
    expect(await sweeper.sweep({ waits: true })).toEqual({ broken: 1, fine: 0 })
  })

  it('begins later if it is told so, and earlier if somebody cannot wait', async () => {
    const one = aTask('one', ['a'])
    const { sweeper } = sweeperOf(one.task)
    const alarm = () => runInDurableObject(sweeper, (_, { storage }) => storage.getAlarm())
    await sweeper.sweep({ delaySeconds: 100 })
    const at = await alarm()
    expect(((at ?? 0) - Date.now()) / 1_000).toBeCloseTo(100, 0)
    await sweeper.sweep({ delaySeconds: 200 })
    expect(await alarm()).toBe(at)
    expect(await sweeper.sweep({ waits: true })).toEqual({ one: 1 })
    expect(await alarm()).toBeNull()
  })

  it('reports only that it failed when it cannot begin, as without its settings', async () => {
    const { sweeper, name } = sweeperOf()
    tasksOfTests.set(name, () => {
      throw new Error('canary')
    })
    await sweeper.sweep({ delaySeconds: 100 })
    await expect(runDurableObjectAlarm(sweeper)).rejects.toThrow(/^sweep_failed$/)
    expect(lines).toMatchObject([{ level: 'error', event: 'sweep_failed' }])
  })
})
