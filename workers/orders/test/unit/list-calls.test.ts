import type { CatalogRpc, FoundHold } from '@shop/contracts/catalog/rpc'
import { newId } from '@shop/http/ids'
import { ok } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import { describe, expect, it } from 'vitest'
import type { OrdersDeps } from '../../src/deps.ts'
import { confirmEvents } from '../../src/events/confirm-events.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { extendOrders } from '../../src/orders/extend-orders.ts'
import { receiveEvents } from '../../src/payment-events/receive-events.ts'
import { applyStockAdjustments } from '../../src/stock/apply-stock-adjustments.ts'
import { catalogClient } from '../../src/stock/catalog-client.ts'
import { compareStock } from '../../src/stock/compare-stock.ts'
import { sellUnsoldOrders } from '../../src/stock/sell-unsold-orders.ts'
import { anOrder } from '../support/orders.ts'
import { paymentEvent } from '../support/payments-events.ts'
import { NOW, testDeps } from '../support/test-deps.ts'

// An invocation may call other workers 32 times, with all that they call: what concerns many orders makes a few calls.

const MANY = 50

/** With a catalog that grants everything; `calls` has the method and the number of orders of each call. */
function counting(orders: Order[], found: FoundHold[] = []) {
  const calls: string[] = []
  const granted = (method: string) => async (requests: unknown[]) => {
    calls.push(`${method} ${requests.length}`)
    return ok(requests.map(() => ok()))
  }
  const catalog: CatalogRpc = {
    quote: async () => ok([]),
    quoteEach: async () => ok([]),
    holdStock: async () => ok(),
    receiveUsersEvents: async () => ok([]),
    findHolds: async (holds) => {
      calls.push(`findHolds ${holds.length}`)
      return ok(found)
    },
    extendHolds: granted('extendHolds'),
    releaseHolds: granted('releaseHolds'),
    returnSales: granted('returnSales'),
    commitHolds: granted('commitHolds'),
    takeBack: granted('takeBack'),
    pullEvents: async () => ok([]),
    confirmEvents: async () => ok(),
  }
  const made = testDeps({ orders })
  const deps: OrdersDeps = {
    ...made.deps,
    catalog: catalogClient(catalog),
    joinCatalog: (join) => catalogClient(catalog, join),
  }
  return { ...made, deps, calls }
}
const many = (over: Partial<Order> = {}) => Array.from({ length: MANY }, () => anOrder(over))

describe('the catalog', () => {
  it('sells the stock of fifty captures in one call', async () => {
    const orders = many()
    const { deps, calls, find } = counting(orders)
    const events = orders.map((order) => paymentEvent('payment.captured', order, newId('payment')))
    const received = await receiveEvents(deps, events)
    expect(received).toEqual(ok(events.map(({ id }) => ({ eventId: id, outcome: 'done', decision: 'accepted' }))))
    expect(orders.every(({ id }) => find(id)?.stockCommitted)).toBe(true)
    expect(calls).toEqual([`commitHolds ${MANY}`])
  })

  it('sells the stock of captures and authorizations together, whatever else is among the events', async () => {
    const [captured, authorized, cancelled] = [
      anOrder(),
      anOrder(),
      anOrder({ status: 'cancelled', cancelReason: 'expired' }),
    ]
    const { deps, calls } = counting([captured, authorized, cancelled])
    await receiveEvents(deps, [
      paymentEvent('payment.captured', captured, newId('payment')),
      paymentEvent('payment.captured', cancelled, newId('payment')),
      paymentEvent('payment.authorized', authorized, newId('payment')),
      paymentEvent('payment.captured', anOrder(), newId('payment')),
    ])
    expect(calls).toEqual(['commitHolds 2'])
  })

  it('frees the stock of fifty cancelled orders in two calls, one for what was never paid', async () => {
    const orders = many({ status: 'cancelled', cancelReason: 'expired' })
    const paid = orders.map((order, index) => (index < 10 ? { ...order, paymentId: newId('payment') } : order))
    const { deps, calls } = counting(paid)
    const cancellations = { listOpen: async () => paid.map((order, index) => ({ eventId: index + 1, order })) }
    const receipts = paid.map((_, index) => ({ eventId: index + 1, outcome: 'done' as const }))
    await confirmEvents({ ...deps, cancellations }, { consumer: 'payments', receipts })
    expect(calls).toEqual([`releaseHolds ${MANY}`, 'returnSales 10'])
  })

  it('extends the holds of fifty orders in one call', async () => {
    const orders = many({ expiresAt: addSeconds(NOW, 60) })
    const { deps, calls } = counting(orders)
    const ids = orders.map(({ id }) => id)
    expect(await extendOrders(deps, ids)).toEqual(ok(ids.map(() => ok())))
    expect(calls).toEqual([`extendHolds ${MANY}`])
  })

  it('sells a batch of unsold orders in one call', async () => {
    const unsold = many({ status: 'processing', paymentStatus: 'paid', updatedAt: new Date(0) })
    const { deps, calls } = counting(unsold)
    expect(await sellUnsoldOrders(deps)).toMatchObject({ done: MANY })
    expect(calls).toEqual([`commitHolds ${MANY}`])
  })

  it('takes back what fifty changed orders give back in one call', async () => {
    const { deps, calls } = counting([])
    const adjustments = many().map(({ id }) => ({
      ...{ key: id, orderId: id, variantId: 11, quantity: 1 },
      ...({ kind: 'restock', reason: 'order edited' } as const),
    }))
    expect(await applyStockAdjustments(deps, adjustments)).toBe(MANY)
    expect(calls).toEqual([`takeBack ${MANY}`])
  })

  it('frees what cancelled orders kept in two calls', async () => {
    const orders = many({ status: 'cancelled', cancelReason: 'expired' })
    const kept = orders.map(
      ({ id }): FoundHold => ({ holdId: id, variantId: 11, state: 'live', quantity: 2, expiresAt: NOW }),
    )
    const { deps, calls } = counting(orders, kept)
    const listDecided = async () => orders.map((order) => ({ order, isFreed: true }))
    expect(await compareStock({ ...deps, orderStock: { ...deps.orderStock, listDecided } })).toBe(MANY)
    expect(calls).toEqual([`findHolds ${MANY}`, `releaseHolds ${MANY}`, `returnSales ${MANY}`])
  })
})

describe('a call of the catalog that concerns one order', () => {
  it('is passed on as it is', async () => {
    const { deps, calls } = counting([])
    const hold = { holdId: newId('order'), lines: [], expiresAt: NOW }
    expect(await deps.catalog.quote({ refs: [{ productId: 1 }] })).toEqual(ok([]))
    expect(await deps.catalog.holdStock(hold)).toEqual(ok())
    expect(await deps.catalog.findHolds([])).toEqual(ok([]))
    expect(calls).toEqual(['findHolds 0'])
  })
})
