import { ask, type Db } from '@shop/db/client'
import { newId } from '@shop/http/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BuyerCounter, CounterState } from '../../src/buyers/domain/caps.ts'
import { readCounters } from '../../src/buyers/repository.ts'
import { ordersRepositories } from '../../src/deps.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { anOrder, changing, placing } from '../support/orders.ts'

let database: ServiceDatabase
let db: Db
let repositories: ReturnType<typeof ordersRepositories>

beforeAll(async () => {
  database = await startDatabase()
  db = database.as('orders')
  repositories = ordersRepositories(db)
})
afterAll(() => database.stop())

const now = new Date('2026-11-23T10:00:00.000Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000)
const CAPS = { maxOrders: 3, maxUnits: 100 }

/** The counters of an account, or of a guest, at an address that allows 20 units. */
function counters({
  scope = 'account',
  address = newId('user'),
}: {
  scope?: 'account' | 'email'
  address?: string
} = {}) {
  return [
    { key: `${scope}:${newId('user')}`, scope, ...CAPS },
    { key: `address:${address}`, scope: 'address', maxOrders: null, maxUnits: 20 },
  ] satisfies BuyerCounter[]
}

/** An order of 3 units, as `anOrder` makes it. */
const UNITS = 3
const place = async (of: BuyerCounter[], over: Partial<Order> = {}) => {
  const order = anOrder({ expiresAt: later(900), ...over })
  return {
    order,
    outcome: await repositories.orders.insert(placing(order), { customerKey: 'account:1', counters: of }),
  }
}
const outcomeOf = async (of: BuyerCounter[]) => (await place(of)).outcome
const statesOf = (of: BuyerCounter[]) => ask<CounterState>(database.as('orders'), readCounters(of))
const countsOf = async (of: BuyerCounter[]) => {
  const states = await statesOf(of)
  return of.map(({ key }) => {
    const state = states.find((one) => one.key === key)
    return [state?.openOrders ?? 0, state?.heldUnits ?? 0]
  })
}
const cancelling = (order: Order) =>
  changing(order, { status: 'cancelled', cancelReason: 'cancelled_by_staff' }, { type: 'cancelled' })
const fact = (order: Order) => ({
  orderId: order.id,
  paymentId: newId('payment'),
  amount: order.total,
  chargeNo: 1,
  captured: order.total,
  currency: order.currency,
})

describe('an unpaid order', () => {
  it('counts for its buyer and at its address, in the round trip that writes it', async () => {
    const of = counters()
    database.resetCounts()
    expect(await outcomeOf(of)).toBe('inserted')
    expect(database.counts().roundTrips).toBe(1)
    expect(await countsOf(of)).toEqual([
      [1, UNITS],
      [1, UNITS],
    ])
  })

  it.each([
    ['too many orders', { maxOrders: 1, maxUnits: 100 }, 20, 'open_orders'],
    ['too many units', { maxOrders: 9, maxUnits: 5 }, 20, 'held_units'],
    ['too many units at the address', { maxOrders: 9, maxUnits: 100 }, 5, 'address_units'],
    ['more units than the caps by itself', { maxOrders: 9, maxUnits: 2 }, 20, 'held_units'],
  ] as const)('that would be %s is not written, and counts nowhere', async (_, caps, addressUnits, expected) => {
    const [own, address] = counters()
    if (own === undefined || address === undefined) throw new Error('no counters')
    const of = [
      { ...own, ...caps },
      { ...address, maxUnits: addressUnits },
    ]
    const first = await outcomeOf(of)
    const before = await countsOf(of)
    const { order, outcome } = first === 'inserted' ? await place(of) : await place(of)
    expect(outcome).toBe(expected)
    expect(await repositories.orders.find(order.id)).toBeUndefined()
    expect(await countsOf(of)).toEqual(before)
  })

  it('counts nowhere when another attempt took over its key', async () => {
    const of = counters()
    const claim = { scope: newId('user'), key: 'k-1', requestHash: 'aa', claim: 'overdue' }
    expect(
      await repositories.orders.insert(placing(anOrder()), { customerKey: 'account:1', counters: of, claim }),
    ).toBe('taken_over')
    expect(await countsOf(of)).toEqual([
      [0, 0],
      [0, 0],
    ])
  })

  it('of staff, who have no counters, is written all the same', async () => {
    for (let n = 0; n < 5; n += 1) expect(await outcomeOf([])).toBe('inserted')
  })
})

describe('twenty orders at once', () => {
  it('of one buyer are written up to the cap and not beyond', async () => {
    const of = counters()
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => outcomeOf(of)))
    expect(outcomes.filter((outcome) => outcome === 'inserted')).toHaveLength(CAPS.maxOrders)
    expect(new Set(outcomes)).toEqual(new Set(['inserted', 'open_orders']))
    expect((await countsOf(of))[0]).toEqual([3, 9])
  })

  it('of twenty guests at one address hold no more than the address may', async () => {
    const address = newId('user')
    const guests = Array.from({ length: 20 }, () => counters({ scope: 'email', address }))
    const outcomes = await Promise.all(guests.map(outcomeOf))
    expect(outcomes.filter((outcome) => outcome === 'inserted')).toHaveLength(6)
    expect((await countsOf(guests[0] ?? []))[1]).toEqual([6, 18])
    const own = await Promise.all(guests.map(async (of) => (await countsOf(of))[0]?.[0] ?? 0))
    expect(own.reduce((sum, open) => sum + open, 0)).toBe(6)
  })
})

describe('the end of an unpaid order', () => {
  const ENDS: [string, (order: Order) => Promise<unknown>][] = [
    ['its capture', (order) => repositories.captures.capturePending(fact(order), now)],
    [
      'its authorization',
      (order) =>
        repositories.orders.saveChange(
          changing(order, { status: 'processing', paymentStatus: 'authorized' }, { type: 'authorized' }),
        ),
    ],
    ['its cancellation', (order) => repositories.orders.saveChange(cancelling(order))],
    ['its expiry', () => repositories.orders.expire({ now: later(901), limit: 10_000 })],
  ]

  it.each(ENDS)('by %s, ten times at once, takes it out of its counters once', async (_, end) => {
    const of = counters()
    const [kept, ended] = [await place(of, { expiresAt: later(9_000) }), await place(of)]
    expect([kept.outcome, ended.outcome]).toEqual(['inserted', 'inserted'])
    await Promise.all(Array.from({ length: 10 }, () => end(ended.order)))
    await end(ended.order)
    expect(await countsOf(of)).toEqual([
      [1, UNITS],
      [1, UNITS],
    ])
  })

  it('costs no round trip of its own', async () => {
    const { order } = await place(counters())
    database.resetCounts()
    await repositories.orders.saveChange(cancelling(order))
    expect(database.counts().roundTrips).toBe(1)
  })

  it('is none while its time is only extended', async () => {
    const of = counters()
    const { order } = await place(of)
    await repositories.orders.saveChange(changing(order, { expiresAt: later(1_800) }, { type: 'extended' }))
    expect((await countsOf(of))[0]).toEqual([1, UNITS])
  })

  it('cannot be written without taking it out of its counters', async () => {
    const { order } = await place(counters())
    const direct = sql`update orders.orders set status = 'cancelled', cancel_reason = 'expired' where id = ${order.id}`
    await expect(db.execute(direct)).rejects.toThrow()
  })
})

describe('an account that has paid', () => {
  it('counts at no address any more, and stays one that has paid', async () => {
    const of = counters()
    const { order } = await place(of)
    await repositories.captures.capturePending(fact(order), now)
    expect((await statesOf(of)).find(({ key }) => key === of[0]?.key)?.hasPaid).toBe(true)
    await place(of)
    expect(await countsOf(of)).toEqual([
      [1, UNITS],
      [0, 0],
    ])
  })

  it('is none that only cancelled its order, nor a guest', async () => {
    const [account, guest] = [counters(), counters({ scope: 'email' })]
    const { order: cancelled } = await place(account)
    await repositories.orders.saveChange(cancelling(cancelled))
    const { order: paid } = await place(guest)
    await repositories.captures.capturePending(fact(paid), now)
    const states = [...(await statesOf(account)), ...(await statesOf(guest))]
    expect(states.map(({ hasPaid }) => hasPaid)).toEqual([false, false, false, false])
  })
})

describe('caps that are lowered', () => {
  it('refuse further orders, and let those that are open end', async () => {
    const of = counters()
    const { order } = await place(of)
    await place(of)
    const lower = of.map((counter) => ({ ...counter, maxOrders: counter.maxOrders === null ? null : 1 }))
    expect(await outcomeOf(lower)).toBe('open_orders')
    await repositories.orders.saveChange(cancelling(order))
    expect((await countsOf(of))[0]).toEqual([1, UNITS])
  })
})

describe('any history of orders', () => {
  /** Buyers and addresses are few, so that statements meet in the same rows, in every order. */
  const steps = fc.array(
    fc.record({ buyer: fc.nat(3), address: fc.nat(1), end: fc.constantFrom('capture', 'cancel', 'expire', 'none') }),
    { minLength: 1, maxLength: 12 },
  )

  it('leaves in each counter exactly the orders that are unpaid, and never waits for ever', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 3 }), async (rounds) => {
        const run = newId('user')
        const of = (buyer: number, address: number): BuyerCounter[] => [
          { key: `email:${run}-${buyer}`, scope: 'email', maxOrders: 4, maxUnits: 15 },
          { key: `address:${run}-${address}`, scope: 'address', maxOrders: null, maxUnits: 18 },
        ]
        for (const round of rounds) {
          await Promise.all(
            round.map(async ({ buyer, address, end }) => {
              const { order, outcome } = await place(of(buyer, address), {
                expiresAt: later(end === 'expire' ? -1 : 900),
              })
              if (outcome !== 'inserted') return
              if (end === 'capture') await repositories.captures.capturePending(fact(order), now)
              if (end === 'cancel') await repositories.orders.saveChange(cancelling(order))
              if (end === 'expire') await repositories.orders.expire({ now, limit: 100 })
            }),
          )
        }
        const { rows } = await db.execute<{ key: string; orders: number; units: number }>(sql`
          select c.key, c.open_orders - count(o.id)::int as orders, (c.held_units - coalesce(sum(o.counted_units), 0))::int as units
          from orders.buyer_counters c left join orders.orders o on c.key = any(o.counted_in)
          where c.key like ${`%:${run}-%`} group by c.key`)
        expect(rows.filter(({ orders, units }) => orders !== 0 || units !== 0)).toEqual([])
        const { rows: beyond } = await db.execute(sql`
          select key from orders.buyer_counters where held_units > max_units or open_orders > max_orders`)
        expect(beyond).toEqual([])
      }),
      { numRuns: 25 },
    )
  })
})

describe('pruning', () => {
  it('deletes counters that count nothing for a day, and keeps accounts that have paid', async () => {
    const [idle, open, paid] = [counters(), counters(), counters()]
    const { order } = await place(idle)
    await repositories.orders.saveChange(cancelling(order))
    await place(open)
    await repositories.captures.capturePending(fact((await place(paid)).order), now)
    const kept = async () =>
      Promise.all([idle, open, paid].map(async (of) => (await statesOf(of)).some(({ key }) => key === of[0]?.key)))
    await repositories.buyers.prune(later(3_600))
    expect(await kept()).toEqual([true, true, true])
    await repositories.buyers.prune(later(25 * 3_600))
    expect(await kept()).toEqual([false, true, true])
    expect(await outcomeOf(idle)).toBe('inserted')
  })
})
