import { claimedBatch, onlyBatch, type SweepTask } from '@shop/contracts/service'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type OpenTask, runTasks } from '../../src/sweep/run-tasks.ts'

const START = new Date('2026-11-23T10:00:00.000Z')
const openOf = (tasks: SweepTask[]): OpenTask[] => tasks.map(({ name }) => ({ name }))

/** A backlog that is worked off in batches of ten; each batch makes `callsPerBatch` calls. */
function backlog(name: string, items: number, invocation: { calls: number }, callsPerBatch: number) {
  const state = { left: items, batches: 0 }
  const task: SweepTask = {
    name,
    work: async () => {
      const done = Math.min(10, state.left)
      state.left -= done
      state.batches += 1
      invocation.calls += callsPerBatch
      return claimedBatch(done, 10)
    },
  }
  return { task, state }
}

const limitsOf = (invocation: { calls: number }) => ({
  callsMade: () => invocation.calls,
  now: () => START,
  until: new Date(START.getTime() + 20_000),
  warn: () => {},
})

describe('an invocation of a sweep', () => {
  it('works through every task until its last batch is not full', async () => {
    const invocation = { calls: 0 }
    const one = backlog('one', 25, invocation, 0)
    const run = await runTasks([one.task], openOf([one.task]), limitsOf(invocation))
    expect(run).toEqual({ left: [], report: { one: 25 } })
    expect(one.state.batches).toBe(3)
  })

  it('begins no batch that could exceed its calls, and leaves the rest, those not tried first', async () => {
    const invocation = { calls: 0 }
    const tasks = [backlog('one', 100, invocation, 6), backlog('two', 5, invocation, 1)].map(({ task }) => task)
    const run = await runTasks(tasks, openOf(tasks), limitsOf(invocation))
    expect(run).toEqual({ left: [{ name: 'two' }, { name: 'one', from: 'more' }], report: { one: 20 } })
    expect(invocation.calls).toBeLessThan(25)
  })

  it('does one batch in any case, so that it always gets on', async () => {
    const invocation = { calls: 24 }
    const { task } = backlog('one', 100, invocation, 1)
    const { left, report } = await runTasks([task], openOf([task]), limitsOf(invocation))
    expect([left, report]).toEqual([[{ name: 'one', from: 'more' }], { one: 10 }])
  })

  it('begins no batch after its time', async () => {
    const invocation = { calls: 0 }
    const tasks = [backlog('one', 100, invocation, 0), backlog('two', 5, invocation, 0)].map(({ task }) => task)
    const times = [START, new Date(START.getTime() + 20_000)]
    const limits = { ...limitsOf(invocation), now: () => times.shift() ?? START }
    const { left } = await runTasks(tasks, openOf(tasks), limits)
    expect(left.map(({ name }) => name)).toEqual(['two', 'one'])
  })

  it('lets the other tasks go on after four batches of one', async () => {
    const invocation = { calls: 0 }
    const [one, two] = [backlog('one', 1_000, invocation, 0), backlog('two', 5, invocation, 0)]
    const run = await runTasks([one.task, two.task], openOf([one.task, two.task]), limitsOf(invocation))
    expect(run).toEqual({ left: [{ name: 'one', from: 'more' }], report: { one: 40, two: 5 } })
  })

  it('does the later tasks when one fails, which is left to the next sweep', async () => {
    const failed: unknown[] = []
    const broken: SweepTask = { name: 'broken', work: () => Promise.reject(new Error('database')) }
    const fine: SweepTask = { name: 'fine', work: async () => onlyBatch(3) }
    const limits = {
      ...limitsOf({ calls: 0 }),
      warn: (event: string, fields: object) => failed.push({ event, ...fields }),
    }
    const run = await runTasks([broken, fine], openOf([broken, fine]), limits)
    expect(run).toEqual({ left: [], report: { broken: 0, fine: 3 } })
    expect(failed).toEqual([{ event: 'sweep_failed', task: 'broken', error: new Error('database') }])
  })

  it('continues a task where its batch before ended, and forgets tasks that no longer exist', async () => {
    const seen: unknown[] = []
    const task: SweepTask = {
      name: 'one',
      work: async (from) => {
        seen.push(from)
        return from === 'b' ? { done: 1 } : { done: 1, next: 'b' }
      },
    }
    const run = await runTasks([task], [{ name: 'gone' }, { name: 'one', from: 'a' }], limitsOf({ calls: 0 }))
    expect([seen, run.left]).toEqual([['a', 'b'], []])
  })

  it('drains any backlogs over several invocations, each with fewer than 25 calls', async () => {
    const sizes = fc.array(
      fc.record({ items: fc.integer({ min: 0, max: 300 }), calls: fc.integer({ min: 0, max: 14 }) }),
      { minLength: 1, maxLength: 5 },
    )
    await fc.assert(
      fc.asyncProperty(sizes, async (given) => {
        const invocation = { calls: 0 }
        const backlogs = given.map(({ items, calls }, index) => backlog(`task ${index}`, items, invocation, calls))
        const tasks = backlogs.map(({ task }) => task)
        let open = openOf(tasks)
        for (let rounds = 0; open.length > 0; rounds += 1) {
          if (rounds > 1_000) throw new Error('It does not end')
          invocation.calls = 0
          open = (await runTasks(tasks, open, limitsOf(invocation))).left
          expect(invocation.calls).toBeLessThan(25)
        }
        expect(backlogs.map(({ state }) => state.left)).toEqual(given.map(() => 0))
      }),
    )
  })
})
