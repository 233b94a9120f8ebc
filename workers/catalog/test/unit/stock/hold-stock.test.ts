import { describe, expect, it } from 'vitest'
import { holdStock } from '../../../src/stock/hold-stock.ts'
import { fakeStock } from '../../support/fake-stock.ts'
import { termsWith } from '../../support/terms.ts'

const clock = { now: new Date('2026-11-23T10:00:00.000Z') }
const expiresAt = new Date('2026-11-23T10:15:00.000Z')
const request = (holdId: string, ...lines: [number, number][]) => ({
  holdId,
  expiresAt,
  lines: lines.map(([variantId, quantity]) => ({ variantId, quantity, terms: termsWith({ openingStock: 5 }) })),
})

describe('holding the stock of an order', () => {
  it('holds every line', async () => {
    const shop = fakeStock({ 1: 5, 2: 5 }, clock)
    expect(await holdStock(shop, request('order_a', [1, 2], [2, 3]))).toEqual({ ok: true, value: undefined })
    expect([shop.level(1).held, shop.level(2).held]).toEqual([2, 3])
  })

  it('holds nothing when one line is short, and leaves other holds alone', async () => {
    const shop = fakeStock({ 1: 5, 2: 5 }, clock)
    await holdStock(shop, request('order_other', [1, 1], [2, 4]))
    expect(await holdStock(shop, request('order_a', [1, 2], [2, 3]))).toEqual({
      ok: false,
      failure: { code: 'out_of_stock', variantId: 2, requested: 3, available: 1 },
    })
    expect([shop.level(1).held, shop.level(2).held]).toEqual([1, 4])
  })

  it('holds once when it is called twice', async () => {
    const shop = fakeStock({ 1: 5 }, clock)
    await holdStock(shop, request('order_a', [1, 2]))
    expect(await holdStock(shop, request('order_a', [1, 2]))).toMatchObject({ ok: true })
    expect(shop.level(1).held).toBe(2)
  })

  it('keeps the first quantity when an order’s id is used again with another one', async () => {
    const shop = fakeStock({ 1: 5, 2: 5, 3: 5 }, clock)
    await holdStock(shop, request('order_a', [1, 2], [2, 2]))
    const again = await holdStock(shop, request('order_a', [1, 2], [2, 3], [3, 1]))
    expect(again).toMatchObject({ ok: false, failure: { code: 'hold_conflict', reason: 'other_quantity' } })
    expect([shop.level(1).held, shop.level(2).held, shop.level(3).held]).toEqual([2, 2, 0])
  })

  it('releases what it holds elsewhere, and makes no call of an object that was too busy to accept its hold', async () => {
    const shop = fakeStock({ 1: 5, 2: 5 }, clock)
    shop.faults.push({ variantId: 2, method: 'hold', when: 'before', isOverloaded: true })
    await expect(holdStock(shop, request('order_a', [1, 2], [2, 3]))).rejects.toThrow('stock is unavailable')
    expect(shop.calls.filter((call) => call.endsWith(' 2'))).toEqual(['hold 2'])
    expect(shop.level(1).held).toBe(0)
  })

  it.each(['before', 'after'] as const)(
    'holds nothing when a stock object fails %s its hold took effect',
    async (when) => {
      const shop = fakeStock({ 1: 5, 2: 5 }, clock)
      shop.faults.push({ variantId: 2, method: 'hold', when })
      await expect(holdStock(shop, request('order_a', [1, 2], [2, 3]))).rejects.toThrow('stock is unavailable')
      expect([shop.level(1).held, shop.level(2).held]).toEqual([0, 0])
      expect(shop.stockOf(2).hold({ holdId: 'order_a', quantity: 3, expiresAt }, clock.now)).toMatchObject({
        failure: { code: 'hold_conflict', reason: 'released' },
      })
    },
  )
})
