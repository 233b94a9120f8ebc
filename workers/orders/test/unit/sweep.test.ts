import { sweepAll } from '@shop/testing/sweep'
import { describe, expect, it } from 'vitest'
import { ordersTasks } from '../../src/sweep.ts'
import { anOrder } from '../support/orders.ts'
import { testDeps } from '../support/test-deps.ts'

describe('the sweep', () => {
  it('expires, sells, compares and deletes, and reports the count of each', async () => {
    const unsold = anOrder({ status: 'processing', paymentStatus: 'paid', updatedAt: new Date(0) })
    const { deps } = testDeps({ orders: [unsold] })
    const tasks = ordersTasks({
      ...deps,
      orders: { ...deps.orders, expire: async () => 3 },
      keys: { ...deps.keys, prune: async () => 4 },
      events: { ...deps.events, prune: async () => 5 },
      buyers: { ...deps.buyers, prune: async () => 6 },
      cartRows: { ...deps.cartRows, prune: async () => 7 },
    })
    expect(await sweepAll(tasks)).toEqual({
      claimed: 0,
      carts_asked: 0,
      carts_pruned: 7,
      token_requests_pruned: 0,
      customers_erased: 0,
      expired: 3,
      sold: 1,
      stock_adjusted: 0,
      differing: 0,
      ...{ gift_cards_issued: 0, gift_cards_expired: 0, gift_card_recipients_forgotten: 0 },
      keys_pruned: 4,
      events_pruned: 5,
      buyers_pruned: 6,
    })
  })

  it('does the rest when one of its tasks fails', async () => {
    const unsold = anOrder({ status: 'processing', paymentStatus: 'paid', updatedAt: new Date(0) })
    const { deps } = testDeps({ orders: [unsold] })
    const expire = () => Promise.reject(new Error('database'))
    const failed: unknown[] = []
    const tasks = ordersTasks({ ...deps, orders: { ...deps.orders, expire } })
    expect(await sweepAll(tasks, (_, { task }) => failed.push(task))).toMatchObject({ expired: 0, sold: 1 })
    expect(failed).toEqual(['expired'])
  })
})
