import { describe, expect, it } from 'vitest'
import { sweepOrders } from '../../src/sweep.ts'
import { anOrder } from '../support/orders.ts'
import { testDeps } from '../support/test-deps.ts'

describe('the sweep', () => {
  it('expires, sells, compares and deletes, and reports the count of each', async () => {
    const unsold = anOrder({ status: 'processing', paymentStatus: 'paid', updatedAt: new Date(0) })
    const { deps } = testDeps({ orders: [unsold] })
    const report = await sweepOrders({
      ...deps,
      orders: { ...deps.orders, expire: async () => 3 },
      keys: { ...deps.keys, prune: async () => 4 },
      events: { ...deps.events, prune: async () => 5 },
    })
    expect(report).toEqual({ expired: 3, sold: 1, differing: 0, pruned: 9 })
  })
})
