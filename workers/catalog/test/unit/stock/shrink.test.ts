import { ok } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'
import { commitHolds } from '../../../src/stock/commit-holds.ts'
import { holdStock } from '../../../src/stock/hold-stock.ts'
import { returnSales } from '../../../src/stock/return-sales.ts'
import { takeBack } from '../../../src/stock/take-back.ts'
import { later, NOW } from '../../support/catalog.ts'
import { fakeStock } from '../../support/fake-stock.ts'

const holdId = 'order_a'
const kept = (quantity: number) => ({ holdId, variantId: 1, quantity })

/** Four of ten units are held. */
async function held() {
  const shop = fakeStock({ 1: 10 }, { now: NOW })
  const lines = shop.linesWithTerms([{ variantId: 1, quantity: 4 }])
  await holdStock(shop, { holdId, lines, expiresAt: later(900) })
  return { shop, level: () => shop.level(1) }
}
const sell = (shop: Awaited<ReturnType<typeof held>>['shop'], quantity: number) =>
  commitHolds(shop, [{ holdId, lines: [{ variantId: 1, quantity }] }])

describe('an order that was made smaller', () => {
  it('holds no more than is left of it, however often this is said', async () => {
    const { shop, level } = await held()
    for (const _ of [1, 2]) expect(await takeBack(shop, [kept(1)])).toEqual(ok([ok()]))
    expect(level()).toEqual({ onHand: 10, held: 1 })
    expect(await sell(shop, 1)).toEqual(ok([ok()]))
    expect(level()).toEqual({ onHand: 9, held: 0 })
  })

  it('keeps sold no more than is left of it, and sells the same again without effect', async () => {
    const { shop, level } = await held()
    await sell(shop, 4)
    for (const _ of [1, 2]) await takeBack(shop, [kept(3)])
    expect(level()).toEqual({ onHand: 7, held: 0 })
    expect(await sell(shop, 3)).toEqual(ok([ok()]))
    expect(level()).toEqual({ onHand: 7, held: 0 })
  })

  it('is as small as the smallest request, in whatever order they arrive', async () => {
    const { shop, level } = await held()
    await sell(shop, 4)
    await takeBack(shop, [kept(1), kept(3), kept(2)])
    expect(level().onHand).toBe(9)
  })

  it('returns the rest when it is cancelled, and no unit twice', async () => {
    const { shop, level } = await held()
    await sell(shop, 4)
    await takeBack(shop, [kept(3)])
    await returnSales(shop, [{ holdId, variantIds: [1] }])
    await takeBack(shop, [kept(2)])
    expect(level()).toEqual({ onHand: 10, held: 0 })
  })

  it('holds and has sold nothing where nothing is left of the hold', async () => {
    const [unpaid, paid] = [await held(), await held()]
    await takeBack(unpaid.shop, [kept(0)])
    expect(unpaid.level()).toEqual({ onHand: 10, held: 0 })
    await sell(paid.shop, 4)
    await takeBack(paid.shop, [kept(0)])
    expect(paid.level()).toEqual({ onHand: 10, held: 0 })
  })

  it('never grows, and takes nothing for a hold that never was', async () => {
    const { shop, level } = await held()
    await takeBack(shop, [kept(9), { ...kept(2), holdId: 'order_b' }])
    expect(level()).toEqual({ onHand: 10, held: 4 })
  })
})
