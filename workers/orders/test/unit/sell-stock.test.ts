import { fail, ok } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import { sweepAll } from '@shop/testing/sweep'
import { describe, expect, it, vi } from 'vitest'
import { changeOrder, SYSTEM } from '../../src/orders/change-order.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { step } from '../../src/orders/domain/steps.ts'
import { freeCancelledOrder } from '../../src/stock/free-cancelled-order.ts'
import { sellStock } from '../../src/stock/sell-stock.ts'
import { sellUnsoldOrders } from '../../src/stock/sell-unsold-orders.ts'
import { anOrder } from '../support/orders.ts'
import { DOWN, NOW, OUT_OF_STOCK, testDeps } from '../support/test-deps.ts'

const paid = (over: Partial<Order> = {}) =>
  anOrder({ status: 'processing', paymentStatus: 'paid', paymentId: 'pay_1', capturedAmount: 2_500, ...over })
const cancelled = (over: Partial<Order> = {}) =>
  paid({ status: 'cancelled', cancelReason: 'cancelled_by_staff', ...over })

describe('selling the stock of an order', () => {
  it('commits its holds, then records it', async () => {
    const order = paid()
    const { deps, calls, find } = testDeps({ orders: [order] })
    expect(await sellStock(deps, order)).toEqual(ok('sold'))
    expect(find(order.id)?.stockCommitted).toBe(true)
    expect(calls).toEqual([`sell ${order.id}`, 'save stock_committed'])
  })

  it('is done once: a sold order needs nothing', async () => {
    const order = paid({ stockCommitted: true })
    const { deps, calls } = testDeps({ orders: [order] })
    expect(await sellStock(deps, order)).toEqual(ok('sold'))
    expect(calls).toEqual([])
  })

  it('takes nothing for a cancelled order', async () => {
    const order = cancelled()
    const { deps, calls } = testDeps({ orders: [order] })
    expect(await sellStock(deps, order)).toEqual(ok('gone'))
    expect(calls).toEqual([])
  })

  it('cancels the order when units of a line are no longer available', async () => {
    const order = paid()
    const { deps, calls, find } = testDeps({ orders: [order], catalog: { commitHolds: async () => OUT_OF_STOCK } })
    expect(await sellStock(deps, order)).toEqual(ok('gone'))
    expect(find(order.id)).toMatchObject({ status: 'cancelled', cancelReason: 'stock_gone' })
    expect(calls).toEqual([`sell ${order.id}`, 'save cancelled', 'wake'])
  })

  it('waits where an edit made a sold hold smaller and the stock does not know yet', async () => {
    const order = paid()
    const conflict = { code: 'hold_conflict', variantId: 11, holdId: order.id, reason: 'other_quantity' } as const
    const { deps, find } = testDeps({ orders: [order], catalog: { commitHolds: async () => fail(conflict) } })
    expect(await sellStock(deps, order)).toEqual(DOWN)
    expect(find(order.id)).toEqual(order)
  })

  it('changes nothing while the catalog is down', async () => {
    const order = paid()
    const { deps, find } = testDeps({ orders: [order], catalog: { commitHolds: async () => DOWN } })
    expect(await sellStock(deps, order)).toEqual(DOWN)
    expect(find(order.id)).toEqual(order)
  })

  describe('that is cancelled during the sale', () => {
    const during = (over: { returnSales?: () => Promise<typeof DOWN> }) => {
      const order = paid()
      const made = testDeps({
        orders: [order],
        catalog: {
          commitHolds: async () => {
            const to = { status: 'cancelled', cancelReason: 'cancelled_by_staff' } as const
            await changeOrder(made.deps, { orderId: order.id, actor: SYSTEM }, () => ok(step('cancelled', to)))
            return ok()
          },
          ...over,
        },
      })
      return { ...made, order }
    }

    it('returns the sale after it, so that no unit is lost', async () => {
      const { deps, calls, order, find } = during({})
      expect(await sellStock(deps, order)).toEqual(ok('gone'))
      expect(find(order.id)?.stockCommitted).toBe(false)
      expect(calls).toEqual([`sell ${order.id}`, 'save cancelled', 'wake', `return ${order.id}`])
    })

    it('is retried when the sale cannot be returned now', async () => {
      const { deps, order } = during({ returnSales: async () => DOWN })
      expect(await sellStock(deps, order)).toEqual(DOWN)
    })
  })
})

describe('orders that were paid but not sold', () => {
  const old = (over: Partial<Order> = {}) => paid({ updatedAt: addSeconds(NOW, -61), ...over })

  it('are sold a minute after their payment, and not before', async () => {
    const [left, fresh] = [old(), paid({ updatedAt: addSeconds(NOW, -60) })]
    const { deps, find } = testDeps({ orders: [left, fresh] })
    expect(await sellUnsoldOrders(deps)).toMatchObject({ done: 1 })
    expect(find(left.id)?.stockCommitted).toBe(true)
    expect(find(fresh.id)?.stockCommitted).toBe(false)
  })

  it('do not hold each other up: one that fails or throws is logged and left for the next sweep', async () => {
    const [down, broken, fine] = [old(), old(), old()]
    const { deps, calls } = testDeps({
      orders: [down, broken, fine],
      catalog: {
        commitHolds: async ({ holdId }) => {
          if (holdId === broken.id) throw new Error('broken')
          return holdId === down.id ? DOWN : ok()
        },
      },
    })
    expect(await sellUnsoldOrders(deps)).toMatchObject({ done: 1 })
    expect(calls.filter((call) => call === 'warn order_unsold')).toHaveLength(2)
  })

  it('are sold batch by batch, those that failed before not in the way of those after them', async () => {
    const orders = Array.from({ length: 120 }, (_, index) => old({ updatedAt: addSeconds(NOW, -1_000 + index) }))
    const broken = new Set(orders.slice(0, 60).map(({ id }) => id as string))
    const { deps, find } = testDeps({
      orders,
      catalog: { commitHolds: async ({ holdId }) => (broken.has(holdId) ? DOWN : ok()) },
    })
    expect(await sweepAll([{ name: 'sold', work: (from) => sellUnsoldOrders(deps, from) }])).toEqual({ sold: 60 })
    expect(orders.filter(({ id }) => find(id)?.stockCommitted)).toEqual(orders.slice(60))
  })
})

describe('freeing the stock of a cancelled order', () => {
  it('releases its holds first, then returns its sales, then records it', async () => {
    const order = cancelled({ stockCommitted: true })
    const { deps, calls, find } = testDeps({ orders: [order] })
    expect(await freeCancelledOrder(deps, order)).toEqual(ok())
    expect(find(order.id)?.stockCommitted).toBe(false)
    expect(calls).toEqual([`release ${order.id}`, `return ${order.id}`, 'save stock_returned'])
  })

  it('only releases the holds of an order that was never paid', async () => {
    const order = cancelled({ paymentId: null, paymentStatus: 'unpaid', capturedAmount: 0 })
    const { deps, calls } = testDeps({ orders: [order] })
    expect(await freeCancelledOrder(deps, order)).toEqual(ok())
    expect(calls).toEqual([`release ${order.id}`])
  })

  it('returns the sale of an order that cost nothing, though it never had a payment', async () => {
    const free = { total: 0, paymentId: null, capturedAmount: 0, stockCommitted: true } as const
    const order = cancelled({ ...free, paymentStatus: 'refunded' })
    const { deps, calls } = testDeps({ orders: [order] })
    expect(await freeCancelledOrder(deps, order)).toEqual(ok())
    expect(calls).toEqual([`release ${order.id}`, `return ${order.id}`, 'save stock_returned'])
  })

  it('returns no sale while a hold cannot be released, since the sale might follow', async () => {
    const order = cancelled({ stockCommitted: true })
    const { deps, calls, find } = testDeps({ orders: [order], catalog: { releaseHolds: async () => DOWN } })
    expect(await freeCancelledOrder(deps, order)).toEqual(DOWN)
    expect(calls).toEqual([`release ${order.id}`])
    expect(find(order.id)).toEqual(order)
  })
})

describe('a sale that cannot be recorded', () => {
  it('is retried when other writers win each time', async () => {
    const order = paid()
    const { deps, calls } = testDeps({ orders: [order] })
    const saveChange = async () => 'lost' as const
    const sold = await sellStock({ ...deps, orders: { ...deps.orders, saveChange } }, order)
    expect(sold).toEqual({ ok: false, failure: { code: 'order_changed' } })
    expect(calls).toEqual([`sell ${order.id}`])
  })

  it('is given up for an order that is gone', async () => {
    const order = paid()
    const { deps } = testDeps({ orders: [] })
    const sold = await sellStock(deps, order)
    expect(sold).toEqual({ ok: false, failure: { code: 'order_not_found' } })
  })
})

describe('the sweep of unsold orders', () => {
  const old = () => paid({ updatedAt: addSeconds(NOW, -61) })

  it('logs which order could not be sold, and why', async () => {
    const [down, broken] = [old(), old()]
    const error = new Error('broken')
    const warn = vi.fn()
    const { deps } = testDeps({
      orders: [down, broken],
      catalog: {
        commitHolds: async ({ holdId }) => {
          if (holdId === broken.id) throw error
          return DOWN
        },
      },
      over: { warn },
    })
    await sellUnsoldOrders(deps)
    expect(warn.mock.calls).toEqual([
      ['order_unsold', { orderId: down.id, code: 'service_unavailable' }],
      ['order_unsold', { orderId: broken.id, error }],
    ])
  })
})

describe('a cancelled order whose authorization has ended', () => {
  it('still returns what was sold for it', async () => {
    const order = cancelled({ paymentStatus: 'unpaid', capturedAmount: 0, stockCommitted: true })
    const { deps, calls } = testDeps({ orders: [order] })
    expect(await freeCancelledOrder(deps, order)).toEqual(ok())
    expect(calls).toEqual([`release ${order.id}`, `return ${order.id}`, 'save stock_returned'])
  })
})

describe('a batch of unsold orders', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => paid({ updatedAt: addSeconds(NOW, -1_000 + index) }))

  it('is the last one when it is not full', async () => {
    expect(await sellUnsoldOrders(testDeps({ orders: many(49) }).deps)).toEqual({ done: 49, next: undefined })
  })

  it('that is full is followed by one after its last order', async () => {
    const orders = many(51)
    const last = orders[49]
    const { deps } = testDeps({ orders })
    const list = vi.spyOn(deps.orderStock, 'listUnsold')
    const batch = await sellUnsoldOrders(deps)
    const sortKey = last?.updatedAt.toISOString()
    expect(batch).toEqual({ done: 50, next: `${sortKey} ${last?.id}` })
    await sellUnsoldOrders(deps, batch.next)
    const before = addSeconds(NOW, -60)
    expect(list.mock.calls).toEqual([
      [{ before, after: undefined, limit: 50 }],
      [{ before, after: { sortKey, id: last?.id }, limit: 50 }],
    ])
  })
})
