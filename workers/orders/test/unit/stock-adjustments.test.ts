import { ok } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import { describe, expect, it } from 'vitest'
import { changeOrder, SYSTEM } from '../../src/orders/change-order.ts'
import { step } from '../../src/orders/domain/steps.ts'
import { applyOpenAdjustments } from '../../src/stock/apply-open-adjustments.ts'
import { applyStockAdjustments } from '../../src/stock/apply-stock-adjustments.ts'
import type { StockAdjustment } from '../../src/stock/domain/stock-adjustment.ts'
import { anOrder } from '../support/orders.ts'
import { DOWN, NOW, testDeps } from '../support/test-deps.ts'

const order = anOrder({ status: 'processing', paymentStatus: 'paid', stockCommitted: true })
const restock: StockAdjustment = { key: 'a', variantId: 11, quantity: 2, kind: 'restock', reason: 'order edited' }

/** An order that was changed so that it gives units back, and the catalog's answers. */
async function changed(takeBack?: () => Promise<typeof DOWN>) {
  const made = testDeps({ orders: [order], catalog: takeBack === undefined ? {} : { takeBack } })
  const target = { orderId: order.id, actor: SYSTEM }
  await changeOrder(made.deps, target, () => ok({ ...step('updated', {}), stockAdjustments: [restock] }))
  const later = { ...made.deps, now: () => addSeconds(NOW, 61) }
  return { ...made, later, ofOrder: [{ ...restock, orderId: order.id }] }
}

describe('what a change gives back to the stock', () => {
  it('is made once the change is saved, and then is done', async () => {
    const { deps, later, ofOrder, calls } = await changed()
    expect(await applyStockAdjustments(deps, ofOrder)).toBe(1)
    expect(calls.filter((call) => call.startsWith('take back'))).toEqual(['take back 2 of 11'])
    expect(await applyOpenAdjustments(later)).toEqual({ done: 0, next: undefined })
  })

  it('stays open while the catalog is away, and is made by the sweep', async () => {
    let isAway = true
    const takeBack = async () => (isAway ? DOWN : (ok() as never))
    const { deps, later, ofOrder, calls } = await changed(takeBack)
    expect(await applyStockAdjustments(deps, ofOrder)).toBe(0)
    expect(calls).toContain('warn stock_not_adjusted')
    isAway = false
    expect(await applyOpenAdjustments(later)).toMatchObject({ done: 1 })
    expect(await applyOpenAdjustments(later)).toMatchObject({ done: 0 })
  })

  it('is left to its request for a minute', async () => {
    const { deps } = await changed()
    expect(await applyOpenAdjustments(deps)).toMatchObject({ done: 0 })
  })

  it('stays open where the call throws', async () => {
    const { deps, ofOrder } = await changed(() => Promise.reject(new Error('lost')))
    expect(await applyStockAdjustments(deps, ofOrder)).toBe(0)
  })
})
