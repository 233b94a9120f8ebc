import type { FoundHold, HoldState, Order } from '@shop/contracts'
import { addSeconds, ok } from '@shop/kernel'
import { anOrder } from '@shop/testing/orders'
import { describe, expect, it } from 'vitest'
import { stockFault } from '../../src/domain/stock-facts.ts'
import { compareStock } from '../../src/operations/compare-stock.ts'
import type { OrdersDeps } from '../../src/ports.ts'

const NOW = new Date('2026-11-23T12:00:00.000Z')
const sold = (over: Partial<Order> = {}) =>
  anOrder({ status: 'processing', paymentStatus: 'paid', stockCommitted: true, ...over })
const cancelled = (over: Partial<Order> = {}) => anOrder({ status: 'cancelled', cancelReason: 'expired', ...over })

/** The order's two variants in these states, two of 11 and one of 12. */
const holds = (order: Order, first: HoldState, second: HoldState = first, quantity = 2): FoundHold[] => [
  { holdId: order.id, variantId: 11, state: first, quantity, expiresAt: null },
  { holdId: order.id, variantId: 12, state: second, quantity: 1, expiresAt: null },
]

describe('an order and the stock', () => {
  it('agree where what is sold is sold, each unit of it', () => {
    const order = sold()
    expect(stockFault({ order, isFreed: false }, holds(order, 'sold'))).toBeUndefined()
    for (const state of ['live', 'released', 'expired', 'returned', 'refused', 'unknown'] as const) {
      expect(stockFault({ order, isFreed: false }, holds(order, 'sold', state)), state).toBe('unsold')
    }
    expect(stockFault({ order, isFreed: false }, holds(order, 'sold', 'sold', 1))).toBe('unsold')
    expect(stockFault({ order, isFreed: false }, [])).toBe('unsold')
  })

  it('agree where what is cancelled keeps nothing, once it was called off', () => {
    const order = cancelled()
    for (const state of ['released', 'expired', 'returned', 'refused', 'unknown'] as const) {
      expect(stockFault({ order, isFreed: true }, holds(order, state)), state).toBeUndefined()
    }
    for (const state of ['live', 'sold'] as const) {
      expect(stockFault({ order, isFreed: true }, holds(order, 'released', state)), state).toBe('kept')
      expect(stockFault({ order, isFreed: false }, holds(order, state)), state).toBeUndefined()
    }
  })

  it('are not compared before the stock of the order is committed', () => {
    const order = sold({ stockCommitted: false })
    expect(stockFault({ order, isFreed: false }, holds(order, 'live'))).toBeUndefined()
  })
})

describe('the comparison', () => {
  type Asked = { from: Date; to: Date }

  /** What is asked of the parts the comparison uses; others are not there, and using them fails the test. */
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
      store: {
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
      warn: (event: string, fields: Record<string, unknown>) => done.push(`${event} ${fields.orderId} ${fields.fault}`),
    }
    // Only what compareStock uses is made.
    return { deps: deps as unknown as OrdersDeps, done, asked, looked }
  }

  it('frees what a cancelled order has kept, and tells of what is not sold', async () => {
    const [fine, kept, unsold] = [sold(), cancelled(), sold()] as const
    const found = [...holds(fine, 'sold'), ...holds(kept, 'sold', 'released'), ...holds(unsold, 'returned')]
    const { deps, done } = partsOf([fine, kept, unsold], found)
    expect(await compareStock(deps)).toBe(2)
    expect(done).toEqual([
      `order_stock_differs ${kept.id} kept`,
      `release ${kept.id}`,
      `return ${kept.id}`,
      `order_stock_differs ${unsold.id} unsold`,
    ])
  })

  it('looks at orders of two minutes, whose holds ended ten minutes ago', async () => {
    const { deps, asked } = partsOf([], [])
    expect(await compareStock(deps)).toBe(0)
    const to = addSeconds(NOW, -1_800)
    expect(asked).toEqual([{ from: addSeconds(to, -120), to, limit: 100 }])
  })

  it('asks no more than four hundred stock objects, so that large orders do not take what a Worker may ask', async () => {
    const lineOf = (variantId: number) => ({ ...anOrder().lines[0], variantId }) as Order['lines'][number]
    const large = () => sold({ lines: Array.from({ length: 100 }, (_, index) => lineOf(index + 1)) })
    const orders = [large(), large(), large(), large(), large()]
    const { deps, looked } = partsOf(orders, [])
    await compareStock(deps)
    expect(looked).toEqual(orders.slice(0, 4).map(({ id }) => id))
  })
})
