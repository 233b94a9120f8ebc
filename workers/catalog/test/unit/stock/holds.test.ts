import { ok } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'
import { commitHolds } from '../../../src/stock/commit-holds.ts'
import { extendHolds } from '../../../src/stock/extend-holds.ts'
import { findHolds } from '../../../src/stock/find-holds.ts'
import { holdStock } from '../../../src/stock/hold-stock.ts'
import { releaseHolds } from '../../../src/stock/release-holds.ts'
import { returnSales } from '../../../src/stock/return-sales.ts'
import { later, NOW } from '../../support/catalog.ts'
import { fakeStock } from '../../support/fake-stock.ts'

const holdId = 'order_a'
const lines = [
  { variantId: 1, quantity: 2 },
  { variantId: 2, quantity: 3 },
]
const order = { holdId, variantIds: [1, 2] }

async function heldOrder() {
  const clock = { now: NOW }
  const shop = fakeStock({ 1: 5, 2: 5 }, clock)
  await holdStock(shop, { holdId, lines: shop.linesWithTerms(lines), expiresAt: later(900) })
  return { shop, clock, held: () => [shop.level(1).held, shop.level(2).held] }
}

describe('extending holds', () => {
  it('keeps all of them until the new time', async () => {
    const { shop, clock, held } = await heldOrder()
    expect(await extendHolds(shop, [{ ...order, expiresAt: later(2_000) }])).toEqual(ok([ok()]))
    clock.now = later(1_999)
    expect(held()).toEqual([2, 3])
  })

  it('extends the other holds when one is gone, and says which', async () => {
    const { shop, clock, held } = await heldOrder()
    shop.stockOf(1).release({ holdId }, NOW)
    expect(await extendHolds(shop, [{ ...order, expiresAt: later(2_000) }])).toEqual(
      ok([{ ok: false, failure: { code: 'hold_gone', variantId: 1, holdId, reason: 'released' } }]),
    )
    clock.now = later(1_999)
    expect(held()).toEqual([0, 3])
  })
})

describe('releasing holds', () => {
  it('makes the units available again, once', async () => {
    const { shop, held } = await heldOrder()
    await releaseHolds(shop, [order])
    expect(await releaseHolds(shop, [order])).toEqual(ok([ok()]))
    expect(held()).toEqual([0, 0])
    expect(shop.level(1).onHand).toBe(5)
  })

  it('keeps sold units sold', async () => {
    const { shop } = await heldOrder()
    await commitHolds(shop, [{ holdId, lines }])
    await releaseHolds(shop, [order])
    expect([shop.level(1).onHand, shop.level(2).onHand]).toEqual([3, 2])
  })

  it('is unavailable when a stock object does not answer, so that the caller repeats it', async () => {
    const { shop } = await heldOrder()
    shop.faults.push({ variantId: 2, method: 'release', when: 'before' })
    expect(await releaseHolds(shop, [order])).toEqual(ok([{ ok: false, failure: { code: 'service_unavailable' } }]))
    await releaseHolds(shop, [order])
    expect(shop.level(2).held).toBe(0)
  })
})

describe('returning sales', () => {
  it('returns each unit to stock once', async () => {
    const { shop } = await heldOrder()
    await commitHolds(shop, [{ holdId, lines }])
    await returnSales(shop, [order])
    expect(await returnSales(shop, [order])).toEqual(ok([ok()]))
    expect([shop.level(1), shop.level(2)]).toEqual([
      { onHand: 5, held: 0 },
      { onHand: 5, held: 0 },
    ])
  })

  it('returns nothing of an order that was never sold', async () => {
    const { shop, held } = await heldOrder()
    await returnSales(shop, [order])
    expect(held()).toEqual([2, 3])
  })
})

describe('finding holds', () => {
  it('answers the state of each hold with one call per variant', async () => {
    const { shop } = await heldOrder()
    shop.calls.splice(0)
    const found = await findHolds(shop, [
      { holdId, variantIds: [1, 2, 2] },
      { holdId: 'order_unknown', variantIds: [1] },
    ])
    expect(shop.calls).toEqual(['findHolds 1', 'findHolds 2'])
    const expiresAt = later(900)
    expect(found).toEqual({
      ok: true,
      value: [
        { variantId: 1, holdId, state: 'live', quantity: 2, expiresAt },
        { variantId: 1, holdId: 'order_unknown', state: 'unknown', quantity: 0, expiresAt: null },
        { variantId: 2, holdId, state: 'live', quantity: 3, expiresAt },
      ],
    })
  })
})
