import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { CatalogRpc } from '@shop/contracts/catalog/rpc'
import { alone } from '@shop/http/join-calls'
import { forEachAnswer } from '@shop/http/list-rpc'
import { traced } from '@shop/http/rpc'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CatalogService } from '../../src/index.ts'
import { fakePostgres } from '../support/fake-postgres.ts'
import { withTerms } from '../support/stock-stub.ts'
import { termsWith } from '../support/terms.ts'

const lists = traced<CatalogRpc>(new CatalogService(createExecutionContext(), env), 'catalog')
/** The methods that take lists, each for one order. */
const catalog = {
  quote: lists.quote,
  holdStock: lists.holdStock,
  findHolds: lists.findHolds,
  extendHolds: alone(forEachAnswer(lists.extendHolds)),
  releaseHolds: alone(forEachAnswer(lists.releaseHolds)),
  commitHolds: alone(forEachAnswer(lists.commitHolds)),
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  for (const level of ['warn', 'error'] as const) vi.spyOn(console, level).mockImplementation(() => {})
  fakePostgres()
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

// Storage is shared by all tests, so each has its own variants.
let lastVariant = 5_000
function variantWith(onHand: number) {
  lastVariant += 1
  const stub = withTerms(env.STOCK.getByName(String(lastVariant)), termsWith({ openingStock: onHand }))
  return { variantId: lastVariant, stub }
}
async function heldOrder(holdId: string) {
  const [a, b] = [variantWith(5), variantWith(5)]
  const lines = [
    { variantId: a.variantId, quantity: 2 },
    { variantId: b.variantId, quantity: 3 },
  ]
  const held = lines.map((line) => ({ ...line, terms: a.stub.terms }))
  const expiresAt = new Date(Date.now() + 900_000)
  expect(await catalog.holdStock({ holdId, lines: held, expiresAt })).toEqual({ ok: true, value: undefined })
  return { a: a.stub, b: b.stub, order: { holdId, lines }, variantIds: [a.variantId, b.variantId] }
}
const passSeconds = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000)

describe('the RPC that orders calls', () => {
  it('sells what an order holds, once', async () => {
    const { a, b, order } = await heldOrder('order_1')
    expect(await catalog.commitHolds(order)).toEqual({ ok: true, value: undefined })
    expect(await catalog.commitHolds(order)).toEqual({ ok: true, value: undefined })
    expect([(await a.level()).onHand, (await b.level()).onHand]).toEqual([3, 2])
  })

  it('releases what an order holds, after which nothing of it can be sold', async () => {
    const { a, b, order, variantIds } = await heldOrder('order_2')
    await catalog.releaseHolds({ holdId: 'order_2', variantIds })
    expect([(await a.level()).available, (await b.level()).available]).toEqual([5, 5])
    expect(await catalog.commitHolds(order)).toMatchObject({ failure: { code: 'hold_conflict', reason: 'released' } })
    expect([(await a.level()).onHand, (await b.level()).onHand]).toEqual([5, 5])
  })

  it('sells the units of an expired hold to a late payment', async () => {
    const { a, b, order } = await heldOrder('order_3')
    passSeconds(901)
    expect(await catalog.commitHolds(order)).toEqual({ ok: true, value: undefined })
    expect([await a.level(), await b.level()]).toMatchObject([
      { onHand: 3, held: 0 },
      { onHand: 2, held: 0 },
    ])
  })

  it('gives a late payment all lines or none, and the same answer ever after', async () => {
    const { a, b, order } = await heldOrder('order_4')
    passSeconds(901)
    await b.adjust({ delta: -3, reason: 'damage', key: 'broken' })
    const soldOut = { ok: false, failure: { code: 'out_of_stock', requested: 3, available: 2 } }
    const answers = await Promise.all([catalog.commitHolds(order), catalog.commitHolds(order)])
    expect(answers).toMatchObject([soldOut, soldOut])
    await b.adjust({ delta: 100, reason: 'receive', key: 'delivery' })
    expect(await catalog.commitHolds(order)).toEqual(answers[0])
    expect([await a.level(), await b.level()]).toMatchObject([
      { onHand: 5, held: 0 },
      { onHand: 102, held: 0 },
    ])
  })

  it('extends holds until they have expired', async () => {
    const { a, order, variantIds } = await heldOrder('order_5')
    const expiresAt = new Date(Date.now() + 2_000_000)
    expect(await catalog.extendHolds({ holdId: order.holdId, variantIds, expiresAt })).toMatchObject({ ok: true })
    passSeconds(1_900)
    expect((await a.level()).held).toBe(2)
    passSeconds(101)
    expect(await catalog.extendHolds({ holdId: order.holdId, variantIds, expiresAt })).toMatchObject({
      failure: { code: 'hold_gone', reason: 'expired' },
    })
  })

  it('finds the state and quantity of holds', async () => {
    const held = await heldOrder('order_6')
    const { a, variantIds } = held
    const states = async () => {
      const found = await catalog.findHolds([{ holdId: 'order_6', variantIds }])
      if (!found.ok) throw new Error(found.failure.code)
      return found.value.map(({ state, quantity }) => [state, quantity])
    }
    expect(await states()).toEqual([
      ['live', 2],
      ['live', 3],
    ])
    await a.commit({ holdId: 'order_6', quantity: 2 })
    passSeconds(901)
    expect(await states()).toEqual([
      ['sold', 2],
      ['expired', 3],
    ])
    await a.returnSale({ holdId: 'order_6' })
    expect((await states())[0]).toEqual(['returned', 2])
    const found = await catalog.findHolds([{ holdId: 'order_unheard', variantIds }])
    expect(found).toMatchObject({ value: [{ state: 'unknown', quantity: 0 }, { state: 'unknown' }] })
  })

  it('answers service_unavailable, not an exception, when the database does not answer', async () => {
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('connection refused'))
    expect(await catalog.quote([{ productId: 1 }])).toEqual({ ok: false, failure: { code: 'service_unavailable' } })
  })
})
