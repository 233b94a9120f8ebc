import type { CatalogRpc, FoundHold, HoldState } from '@shop/contracts/catalog/rpc'
import { ok } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import { describe, expect, it, vi } from 'vitest'
import type { OrdersDeps } from '../../src/deps.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { compareStock } from '../../src/stock/compare-stock.ts'
import { stockMismatch } from '../../src/stock/domain/stock-mismatch.ts'
import { anOrder } from '../support/orders.ts'

const NOW = new Date('2026-11-23T12:00:00.000Z')
const sold = (over: Partial<Order> = {}) =>
  anOrder({ status: 'processing', paymentStatus: 'paid', stockCommitted: true, ...over })
const cancelled = (over: Partial<Order> = {}) => anOrder({ status: 'cancelled', cancelReason: 'expired', ...over })

/** The order's two variants in these states: two units of variant 11, one of 12. */
const holds = (order: Order, first: HoldState, second: HoldState = first, quantity = 2): FoundHold[] => [
  { holdId: order.id, variantId: 11, state: first, quantity, expiresAt: null },
  { holdId: order.id, variantId: 12, state: second, quantity: 1, expiresAt: null },
]

describe('an order and the stock', () => {
  it('match when every unit that the order sold is sold', () => {
    const order = sold()
    expect(stockMismatch({ order, isFreed: false }, holds(order, 'sold'))).toBeUndefined()
    for (const state of ['live', 'released', 'expired', 'returned', 'refused', 'unknown'] as const) {
      expect(stockMismatch({ order, isFreed: false }, holds(order, 'sold', state)), state).toBe('unsold')
    }
    expect(stockMismatch({ order, isFreed: false }, holds(order, 'sold', 'sold', 1))).toBe('unsold')
    expect(stockMismatch({ order, isFreed: false }, [])).toBe('unsold')
  })

  it('match when a cancelled order keeps nothing, once its payment was voided', () => {
    const order = cancelled()
    for (const state of ['released', 'expired', 'returned', 'refused', 'unknown'] as const) {
      expect(stockMismatch({ order, isFreed: true }, holds(order, state)), state).toBeUndefined()
    }
    for (const state of ['live', 'sold'] as const) {
      expect(stockMismatch({ order, isFreed: true }, holds(order, 'released', state)), state).toBe('kept')
      expect(stockMismatch({ order, isFreed: false }, holds(order, state)), state).toBeUndefined()
    }
  })

  it('are not compared before the stock of the order is committed', () => {
    const order = sold({ stockCommitted: false })
    expect(stockMismatch({ order, isFreed: false }, holds(order, 'live'))).toBeUndefined()
  })
})

describe('the comparison', () => {
  type Asked = { from: Date; to: Date }

  /** Records the calls of the comparison. Everything else is missing, so using it fails the test. */
  function partsOf(orders: Order[], found: FoundHold[]) {
    const done: string[] = []
    const asked: Asked[] = []
    const looked: string[] = []
    const noting =
      (what: string) =>
      async ({ holdId }: { holdId: string }) => {
        done.push(`${what} ${holdId}`)
        return ok()
      }
    const deps = {
      now: () => NOW,
      holdSeconds: 900,
      holdGraceSeconds: 300,
      orderStock: {
        listDecided: async (window: Asked) => {
          asked.push(window)
          return orders.map((order) => ({ order, isFreed: true }))
        },
      },
      catalog: {
        findHolds: async (holds: { holdId: string }[]) => {
          looked.push(...holds.map(({ holdId }) => holdId))
          return ok(found)
        },
        releaseHolds: noting('release'),
        returnSales: noting('return'),
      },
      warn: (event: string, fields: Record<string, unknown>) =>
        done.push(`${event} ${fields.orderId} ${fields.mismatch}`),
    }
    const joinCatalog = () => deps.catalog
    // Only the members that compareStock uses.
    return { deps: { ...deps, joinCatalog } as unknown as OrdersDeps, done, asked, looked }
  }

  it('frees stock that a cancelled order kept, and reports units that are not sold', async () => {
    const [fine, kept, unsold] = [sold(), cancelled(), sold()] as const
    const found = [...holds(fine, 'sold'), ...holds(kept, 'sold', 'released'), ...holds(unsold, 'returned')]
    const { deps, done } = partsOf([fine, kept, unsold], found)
    expect(await compareStock(deps)).toBe(2)
    expect(done).toEqual([
      `order_stock_differs ${kept.id} kept`,
      `order_stock_differs ${unsold.id} unsold`,
      `release ${kept.id}`,
      `return ${kept.id}`,
    ])
  })

  it('reads the orders of two minutes, whose holds ended ten minutes ago', async () => {
    const { deps, asked } = partsOf([], [])
    expect(await compareStock(deps)).toBe(0)
    const to = addSeconds(NOW, -1_800)
    expect(asked).toEqual([{ from: addSeconds(to, -120), to, limit: 100 }])
  })

  it('calls at most four hundred stock objects, so that large orders stay within the budget of an invocation', async () => {
    const lineOf = (variantId: number) => ({ ...anOrder().lines[0], variantId }) as Order['lines'][number]
    const large = () => sold({ lines: Array.from({ length: 100 }, (_, index) => lineOf(index + 1)) })
    const orders = [large(), large(), large(), large(), large()]
    const { deps, looked } = partsOf(orders, [])
    await compareStock(deps)
    expect(looked).toEqual(orders.slice(0, 4).map(({ id }) => id))
  })
})

describe('a comparison', () => {
  const compare = async (order: Order | undefined, found: Awaited<ReturnType<CatalogRpc['findHolds']>>) => {
    const findHolds = vi.fn(async () => found)
    const warn = vi.fn()
    const orderStock = { listDecided: async () => (order === undefined ? [] : [{ order, isFreed: true }]) }
    const catalog = { findHolds }
    const times = { now: () => NOW, holdSeconds: 900, holdGraceSeconds: 300 }
    const deps = { ...times, orderStock, catalog, joinCatalog: () => catalog, warn }
    // Only the members that compareStock uses.
    return { differing: await compareStock(deps as unknown as OrdersDeps), findHolds, warn }
  }

  it('asks the stock about nothing when no order is due', async () => {
    const { differing, findHolds } = await compare(undefined, ok([]))
    expect(differing).toBe(0)
    expect(findHolds).not.toHaveBeenCalled()
  })

  it('finds nothing while the catalog is down', async () => {
    const { differing, warn } = await compare(sold(), { ok: false, failure: { code: 'service_unavailable' } })
    expect(differing).toBe(0)
    expect(warn).not.toHaveBeenCalled()
  })

  it('reports an order of which the stock knows nothing', async () => {
    const order = sold()
    const { differing, warn } = await compare(order, ok([]))
    expect(differing).toBe(1)
    const fields = { orderId: order.id, status: 'processing', mismatch: 'unsold', holds: [] }
    expect(warn).toHaveBeenCalledExactlyOnceWith('order_stock_differs', fields)
  })
})
