import { ok } from '@shop/kernel/result'
import { describe, expect, it, vi } from 'vitest'
import type { Order } from '../../src/orders/domain/order.ts'
import { stockLinesOf } from '../../src/stock/domain/stock-lines.ts'
import { cancelForMissingStock, recordSale, recordStockReturn } from '../../src/stock/domain/stock-steps.ts'
import { holdStock } from '../../src/stock/hold-stock.ts'
import { anOrder } from '../support/orders.ts'
import { DOWN, quoteOf, testDeps } from '../support/test-deps.ts'

const UNCHANGED = { kind: 'unchanged' }
const paid = (over: Partial<Order> = {}) =>
  anOrder({ status: 'processing', paymentStatus: 'paid', paymentId: 'pay_1', capturedAmount: 2_500, ...over })

describe('the sale of an order', () => {
  it('is recorded once, and only while the order waits for it', () => {
    expect(recordSale(paid())).toEqual({
      kind: 'changed',
      type: 'stock_committed',
      to: { stockCommitted: true },
      data: {},
    })
    expect(recordSale(paid({ stockCommitted: true }))).toEqual(UNCHANGED)
    for (const status of ['pending', 'shipped', 'delivered', 'cancelled'] as const) {
      expect(recordSale(paid({ status }))).toEqual(UNCHANGED)
    }
  })
})

describe('an order whose units are gone', () => {
  it('is cancelled for that reason', () => {
    expect(cancelForMissingStock(paid())).toEqual({
      ok: true,
      value: {
        kind: 'changed',
        type: 'cancelled',
        to: { status: 'cancelled', cancelReason: 'stock_gone' },
        data: { reason: 'stock_gone' },
      },
    })
  })

  it('keeps the reason of an earlier cancellation', () => {
    const order = paid({ status: 'cancelled', cancelReason: 'cancelled_by_staff' })
    expect(cancelForMissingStock(order)).toEqual({ ok: true, value: UNCHANGED })
  })

  it.each([
    ['pending', {}],
    ['shipped', {}],
    ['delivered', {}],
    ['processing', { stockCommitted: true }],
    ['shipped', { stockCommitted: true }],
  ] as const)('is decided again when it is %s with %j meanwhile', (status, over) => {
    expect(cancelForMissingStock(paid({ status, ...over }))).toEqual({ ok: false, failure: { code: 'order_changed' } })
  })
})

describe('the return of a cancelled order’s stock', () => {
  const cancelled = (over: Partial<Order>) => paid({ status: 'cancelled', cancelReason: 'stock_gone', ...over })
  const returned = (to: object) => ({ kind: 'changed', type: 'stock_returned', to, data: {} })

  it('is recorded where units were sold, and ends an authorization', () => {
    expect(recordStockReturn(cancelled({ stockCommitted: true }))).toEqual(returned({ stockCommitted: false }))
    const ended = { stockCommitted: false, paymentStatus: 'unpaid' }
    expect(recordStockReturn(cancelled({ paymentStatus: 'authorized' }))).toEqual(returned(ended))
    expect(recordStockReturn(cancelled({ paymentStatus: 'authorized', stockCommitted: true }))).toEqual(returned(ended))
  })

  it('changes nothing of an order that has sold nothing, or is not cancelled', () => {
    expect(recordStockReturn(cancelled({}))).toEqual(UNCHANGED)
    expect(recordStockReturn(paid({ stockCommitted: true }))).toEqual(UNCHANGED)
    expect(recordStockReturn(paid({ paymentStatus: 'authorized' }))).toEqual(UNCHANGED)
  })
})

describe('holding the stock of a new order', () => {
  const order = anOrder()
  const quotes = [1, 2].map((productId) => quoteOf(productId))
  const hold = (failure: object) =>
    holdStock(testDeps({ catalog: { holdStock: async () => ({ ok: false, failure }) as never } }).deps, order, quotes)

  it('passes on the terms of the quotes, which the order does not keep', async () => {
    const held = vi.fn(async () => ok())
    await holdStock(testDeps({ catalog: { holdStock: held } }).deps, order, quotes)
    const lines = stockLinesOf(order.lines).map((line) => ({ ...line, terms: quotes[0]?.stock }))
    expect(held).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ holdId: order.id, lines }))
    expect(JSON.stringify(order)).not.toContain('openingStock')
  })

  it('cannot be asked for a variant that was not quoted: that is a bug', async () => {
    await expect(holdStock(testDeps().deps, order, [])).rejects.toThrow('was not quoted')
  })

  it('names the product that is short, as the order lists it', async () => {
    const shortage = { code: 'out_of_stock', variantId: 12, requested: 1, available: 0 }
    expect(await hold(shortage)).toEqual({
      ok: false,
      failure: {
        code: 'out_of_stock',
        productId: 2,
        variantId: 12,
        sku: null,
        name: 'Filter papers',
        requested: 1,
        available: 0,
      },
    })
  })

  it.each([{ code: 'hold_conflict', variantId: 11, holdId: order.id, reason: 'released' }, DOWN.failure])(
    'passes on another refusal of the catalog: $code',
    async (failure) => {
      expect(await hold(failure)).toEqual({ ok: false, failure })
    },
  )

  it('cannot be short of a variant that was not asked for: that is a bug', async () => {
    const strange = { code: 'out_of_stock', variantId: 99, requested: 1, available: 0 }
    await expect(hold(strange)).rejects.toThrow('The catalog refused variant 99, which the order does not have')
  })
})
