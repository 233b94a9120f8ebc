import { Unavailable } from '@shop/kernel/unavailable'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { stockClient } from '../../../src/stock/object/stock-client.ts'
import { termsWith } from '../../support/terms.ts'

afterEach(() => {
  vi.useRealTimers()
})

const TERMS = { terms: termsWith() }
const LEVEL = { onHand: 5, held: 0, available: 5, sequence: 1 }
const retryable = (over = {}) => Object.assign(new Error('lost'), { retryable: true, ...over })

/** A client over one object whose calls return the given answers in turn; `names` are the objects that were called. */
function clientOf(...answers: (() => Promise<unknown>)[]) {
  const names: string[] = []
  const objects = (name: string) => {
    names.push(name)
    return { level: () => (answers.shift() ?? (() => Promise.resolve(LEVEL)))() }
  }
  // Only the method that the tests call.
  return { client: stockClient(objects as unknown as Parameters<typeof stockClient>[0]), names }
}

describe('a call of a stock object', () => {
  it('goes to the object of its variant', async () => {
    const { client, names } = clientOf()
    expect(await client.level(7, TERMS)).toEqual(LEVEL)
    expect(names).toEqual(['7'])
  })

  it('is made once more, on a fresh stub, when the platform marks the error as retryable', async () => {
    const { client, names } = clientOf(() => Promise.reject(retryable()))
    expect(await client.level(7, TERMS)).toEqual(LEVEL)
    expect(names).toEqual(['7', '7'])
  })

  it.each([
    ['the second attempt fails too', [retryable(), retryable()], 2],
    ['the object is overloaded', [retryable({ overloaded: true })], 1],
    ['the object throws', [new Error('a bug')], 1],
  ] as const)('is unavailable when %s', async (_, errors, calls) => {
    const { client, names } = clientOf(...errors.map((error) => () => Promise.reject(error)))
    await expect(client.level(7, TERMS)).rejects.toThrow(Unavailable)
    expect(names).toHaveLength(calls)
  })

  it.each([
    ['was not accepted by an overloaded object', [retryable({ overloaded: true })], false],
    ['was lost', [new Error('a bug')], true],
    [
      'was lost, even if the object was overloaded at the second attempt',
      [retryable(), retryable({ overloaded: true })],
      true,
    ],
  ] as const)('says that it may have had an effect, or not, when it %s', async (_, errors, wasAsked) => {
    const { client } = clientOf(...errors.map((error) => () => Promise.reject(error)))
    await expect(client.level(7, TERMS)).rejects.toMatchObject({ name: 'Unavailable', wasAsked })
  })

  it('is unavailable, and had no effect, when the object has lost its stock, which is logged as an error', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    const failure = { code: 'stock_lost', variantId: 7 }
    const { client, names } = clientOf(() => Promise.resolve({ ok: false, failure }))
    await expect(client.level(7, TERMS)).rejects.toMatchObject({ name: 'Unavailable', wasAsked: false })
    expect(names).toEqual(['7'])
    expect(logged.mock.calls.flat().join()).toContain('"stock_lost"')
    logged.mockRestore()
  })

  it('is unavailable when it takes longer than 3 s', async () => {
    vi.useFakeTimers()
    const { client } = clientOf(() => new Promise(() => {}))
    const failed = expect(client.level(7, TERMS)).rejects.toThrow(Unavailable)
    await vi.advanceTimersByTimeAsync(3_000)
    await failed
  })
})
