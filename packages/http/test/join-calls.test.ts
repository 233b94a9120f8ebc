import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alone, type ListCall, runJoined } from '../src/join-calls.ts'

const pause = () => new Promise((resolve) => setTimeout(resolve, 0))

/** A list call that answers `name request`, and records its requests. */
function recorded(name: string) {
  const lists: number[][] = []
  const call: ListCall<number, string> = async (requests) => {
    lists.push(requests)
    await pause()
    return requests.map((request) => `${name} ${request}`)
  }
  return { call, lists }
}

describe('work on many items', () => {
  it('calls another worker as often as one item would, each time with the requests of all', async () => {
    const [first, second] = [recorded('first'), recorded('second')]
    const answers = await runJoined([1, 2, 3, 4, 5, 6, 7], 2, (join) => {
      const [askFirst, askSecond] = [join(first.call), join(second.call)]
      return async (item) => {
        if (item % 2 === 0) await pause()
        const one = await askFirst(item)
        return item === 4 ? [one] : [one, await askSecond(item)]
      }
    })
    expect(answers.map(([one]) => one)).toEqual([1, 2, 3, 4, 5, 6, 7].map((item) => `first ${item}`))
    expect(answers[6]).toEqual(['first 7', 'second 7'])
    expect(first.lists.map((list) => list.toSorted())).toEqual([[1, 2, 3, 4, 5, 6, 7]])
    expect(second.lists.map((list) => list.toSorted())).toEqual([[1, 2, 3, 5, 6, 7]])
  })

  it('runs as many items at a time as it may, those that wait for an answer not counted', async () => {
    const { call } = recorded('one')
    let [running, most] = [0, 0]
    const busy = async () => {
      running += 1
      most = Math.max(most, running)
      await pause()
      running -= 1
    }
    await runJoined(
      Array.from({ length: 20 }, (_, n) => n),
      3,
      (join) => {
        const ask = join(call)
        return async (item) => {
          await busy()
          await ask(item)
          await busy()
        }
      },
    )
    expect(most).toBe(3)
  })

  it('goes on with the others when one fails before its call', async () => {
    const { call, lists } = recorded('one')
    const failing = runJoined([1, 2, 3], 5, (join) => {
      const ask = join(call)
      return async (item) => {
        if (item === 2) throw new Error('broken')
        return ask(item)
      }
    })
    await expect(failing).rejects.toThrow('broken')
    await pause()
    expect(lists).toEqual([[1, 3]])
  })

  it.each([
    ['fails', () => Promise.reject(new Error('lost')), 'lost'],
    ['answers too few', async () => [], 'did not answer each request once'],
  ] as const)('fails each item that waits for a list call which %s', async (_, call, message) => {
    const outcomes = await runJoined([1, 2], 5, (join) => {
      const ask = join<number, string>(call)
      return (item) => ask(item).catch((error: Error) => error.message)
    })
    expect(outcomes).toEqual([expect.stringContaining(message), expect.stringContaining(message)])
  })

  it('joins what one item asks at once', async () => {
    const { call, lists } = recorded('one')
    const answers = await runJoined([10, 20], 5, (join) => {
      const ask = join(call)
      return (item) => Promise.all([ask(item), ask(item + 1), ask(item + 2)])
    })
    expect(lists).toEqual([[10, 11, 12, 20, 21, 22]])
    expect(answers[1]).toEqual(['one 20', 'one 21', 'one 22'])
  })

  it('of none does nothing', async () => {
    expect(await runJoined([], 5, () => async () => 1)).toEqual([])
  })

  it('gives every item its own answer, in no more rounds than the longest takes, whatever the order of events', async () => {
    const steps = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 5 }), fc.scheduler(), async (stepsOf, concurrency, s) => {
        const lists: number[][] = []
        const call: ListCall<number, number> = async (requests) => {
          lists.push(requests)
          await s.schedule(Promise.resolve())
          return requests.map((request) => request * 2)
        }
        const done = runJoined(stepsOf, concurrency, (join) => {
          const ask = join(call)
          return async (count) => {
            let value = 1
            for (let step = 0; step < count; step += 1) {
              await s.schedule(Promise.resolve())
              value = await ask(value)
            }
            return value
          }
        })
        expect(await s.waitFor(done)).toEqual(stepsOf.map((count) => 2 ** count))
        expect(lists.length).toBe(Math.max(...stepsOf))
      }),
    )
  })
})

describe('a call made alone', () => {
  it('is a list of one', async () => {
    const { call, lists } = recorded('one')
    expect(await alone(call)(7)).toBe('one 7')
    expect(lists).toEqual([[7]])
  })
})
