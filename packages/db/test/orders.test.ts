import type { Order, OrderStatus } from '@shop/contracts'
import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { anOrder, changing, placing } from '@shop/testing/orders'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../src/client.ts'
import { sqlState } from '../src/errors.ts'
import {
  claimCancelled,
  claimKey,
  claimShipped,
  confirmAnnounced,
  dropClaim,
  expireOrders,
  findOrder,
  findOrderWithEvents,
  insertOrder,
  listDecided,
  listOrders,
  listUnsold,
  type OrderQuery,
  pruneOrders,
  saveCaptured,
  saveChange,
} from '../src/repositories/orders/index.ts'

let database: ServiceDatabase
let db: Db

beforeAll(async () => {
  database = await startDatabase()
  db = database.as('orders')
})
afterAll(() => database.stop())

const now = new Date('2026-11-23T10:00:00.000Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000)
const aKey = (over = {}) => ({
  scope: `${newId('user')}:placeOrder`,
  key: 'k-1',
  requestHash: 'aa',
  claim: crypto.randomUUID(),
  ...over,
})
const capture = (order: Order, paymentId = newId('payment')) => ({
  orderId: order.id,
  paymentId,
  amount: order.total,
  captured: order.total,
  currency: order.currency,
})
const cancelling = (order: Order) =>
  changing(
    order,
    { status: 'cancelled', cancelReason: 'cancelled_by_staff', updatedAt: now },
    { type: 'cancelled', data: { reason: 'cancelled_by_staff' } },
    'cancelled',
  )
/** A paid order and what a refund of it makes of it. */
const refunding = (order: Order, refundId = newId('refund'), refundedAmount = order.total) =>
  changing(
    order,
    { paymentStatus: refundedAmount < order.capturedAmount ? 'partially_refunded' : 'refunded', refundedAmount },
    { type: 'refunded', data: { refundId, amount: refundedAmount } },
  )

async function placed(over: Partial<Order> = {}): Promise<Order> {
  const order = anOrder(over)
  expect(await insertOrder(db, placing(order), undefined)).toBe(true)
  return order
}

describe('an order', () => {
  it('is read back as it was written', async () => {
    const order = await placed()
    expect(await findOrder(db, order.id)).toEqual(order)
  })

  it('costs one trip to write and one to read', async () => {
    database.resetCounts()
    const order = await placed()
    expect(database.counts().roundTrips).toBe(1)
    await findOrder(db, order.id)
    expect(database.counts().roundTrips).toBe(2)
  })

  it('cannot be written with a line whose total is not price times quantity', async () => {
    const order = anOrder()
    const wrong = order.lines.map((line) => ({ ...line, total: line.total + 1 }))
    await expect(insertOrder(db, placing({ ...order, lines: wrong }), undefined)).rejects.toThrow()
    expect(await findOrder(db, order.id)).toBeUndefined()
  })
})

describe('the list of a customer', () => {
  it('goes through every order once, newest first, however the pages fall', async () => {
    const userId = newId('user')
    const orders: Order[] = []
    for (let n = 0; n < 7; n += 1) orders.push(await placed({ userId, createdAt: later(Math.floor(n / 3)) }))
    await placed()
    const seen: string[] = []
    let after: { sortKey: string; id: string } | undefined
    for (;;) {
      const page = await listOrders(db, { of: userId, limit: 2, after })
      seen.push(...page.map((order) => order.id))
      const last = page.at(-1)
      if (last === undefined) break
      after = { sortKey: last.createdAt.toISOString(), id: last.id }
    }
    const expected = orders
      .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1))
      .map((order) => order.id)
    expect(seen).toEqual(expected)
  })

  it('of one status has his orders of that status and nobody else’s', async () => {
    const userId = newId('user')
    const [pending, cancelled] = [await placed({ userId }), await placed({ userId })]
    const others = await placed()
    for (const order of [cancelled, others]) expect(await saveChange(db, cancelling(order))).toBe('saved')
    const listed = async (status: OrderStatus) =>
      (await listOrders(db, { of: userId, status, limit: 10 })).map(({ id }) => id)
    expect(await listed('pending')).toEqual([pending.id])
    expect(await listed('cancelled')).toEqual([cancelled.id])
    expect(await listed('shipped')).toEqual([])
  })
})

describe('the list of everybody', () => {
  it('has the orders of all customers and of guests, newest first, of any status or of one', async () => {
    const at = (seconds: number) => new Date(Date.parse('2031-01-01T00:00:00Z') + seconds * 1_000)
    const first = await placed({ createdAt: at(0) })
    const guests = await placed({ createdAt: at(1), userId: null, email: 'guest@example.com' })
    const last = await placed({ createdAt: at(2) })
    await saveChange(db, cancelling(guests))
    const listed = async (query: Omit<OrderQuery, 'of'>) =>
      (await listOrders(db, { of: 'all', ...query })).map(({ id }) => id)
    expect(await listed({ limit: 3 })).toEqual([last.id, guests.id, first.id])
    expect(await listed({ limit: 2, status: 'pending' })).toEqual([last.id, first.id])
    const after = { sortKey: last.createdAt.toISOString(), id: last.id }
    expect(await listed({ limit: 1, status: 'cancelled', after })).toEqual([guests.id])
    expect(await listed({ limit: 1, status: 'pending', after })).toEqual([first.id])
  })
})

describe('an idempotency key', () => {
  const times = { now, claimedUntil: later(60) }

  it('goes to one of twenty racing attempts', async () => {
    const key = aKey()
    const attempts = Array.from({ length: 20 }, () => claimKey(db, { ...key, claim: crypto.randomUUID() }, times))
    const claims = await Promise.all(attempts)
    expect(claims.filter((claim) => claim === 'claimed')).toHaveLength(1)
    expect(claims.filter((claim) => claim === 'in_flight')).toHaveLength(19)
  })

  it('gives the order it led to, and refuses another request', async () => {
    const key = aKey()
    await claimKey(db, key, times)
    const order = anOrder()
    expect(await insertOrder(db, placing(order), key)).toBe(true)
    database.resetCounts()
    expect(await claimKey(db, { ...key, claim: 'again' }, times)).toEqual(order)
    expect(database.counts().roundTrips).toBe(1)
    expect(await claimKey(db, { ...key, requestHash: 'bb' }, times)).toBe('other_request')
  })

  it('is free again once its claim was dropped', async () => {
    const key = aKey()
    await claimKey(db, key, times)
    await dropClaim(db, key)
    expect(await claimKey(db, { ...key, claim: 'second' }, times)).toBe('claimed')
  })

  it('can be taken over when its attempt is overdue, and then the first attempt writes nothing', async () => {
    const key = aKey()
    await claimKey(db, key, times)
    const second = { ...key, claim: 'second' }
    expect(await claimKey(db, second, { now: later(61), claimedUntil: later(121) })).toBe('claimed')
    const late = anOrder()
    expect(await insertOrder(db, placing(late), key)).toBe(false)
    expect(await findOrder(db, late.id)).toBeUndefined()
    expect(await insertOrder(db, placing(anOrder()), second)).toBe(true)
  })
})

describe('two writers racing for a pending order', () => {
  it('lets exactly one of cancel and capture win', async () => {
    for (let round = 0; round < 10; round += 1) {
      const order = await placed()
      const [cancelled, { captured }] = await Promise.all([
        saveChange(db, cancelling(order)),
        saveCaptured(db, capture(order), now),
      ])
      expect([cancelled === 'saved', captured].filter(Boolean)).toHaveLength(1)
      const found = await findOrder(db, order.id)
      expect(found?.status).toBe(cancelled === 'saved' ? 'cancelled' : 'processing')
    }
  })

  it('lets exactly one of expiry and capture win', async () => {
    const order = await placed({ expiresAt: later(-1) })
    const [, { captured }] = await Promise.all([
      expireOrders(db, { now, limit: 1_000 }),
      saveCaptured(db, capture(order), now),
    ])
    expect((await findOrder(db, order.id))?.status).toBe(captured ? 'processing' : 'cancelled')
  })

  it('captures by one of ten payments', async () => {
    const order = await placed()
    const captures = await Promise.all(Array.from({ length: 10 }, () => saveCaptured(db, capture(order), now)))
    expect(captures.filter(({ captured }) => captured)).toHaveLength(1)
  })

  it('saves one of ten changes of the same version, and its event only', async () => {
    const order = await placed()
    const saved = await Promise.all(Array.from({ length: 10 }, () => saveChange(db, cancelling(order))))
    expect(saved.toSorted()).toEqual([...Array.from({ length: 9 }, () => 'lost'), 'saved'])
    expect(await typesOf(order)).toEqual(['placed', 'cancelled'])
  })
})

const typesOf = async ({ id }: Order) => (await findOrderWithEvents(db, id))?.events.map(({ type }) => type)

describe('a change', () => {
  it('is read back as it was saved, with the event that tells of it', async () => {
    const order = await placed({ userId: null, email: 'Guest@example.com' })
    const change = changing(
      order,
      {
        status: 'processing',
        paymentStatus: 'authorized',
        paymentId: newId('payment'),
        expiresAt: later(1_000),
        updatedAt: later(1),
      },
      { type: 'authorized', at: later(1), data: { amount: order.total, paymentId: 'pay_1' } },
    )
    expect(await saveChange(db, change)).toBe('saved')
    expect(await findOrderWithEvents(db, order.id)).toEqual({
      order: change.order,
      events: [placing(order).event, change.event],
    })
  })

  it.each([
    ['more refunded than captured', { capturedAmount: 10, refundedAmount: 11 }],
    ['more captured than the order costs', { capturedAmount: 2_501 }],
    ['less than nothing refunded', { refundedAmount: -1 }],
    ['no reason for a cancellation', { status: 'cancelled' as const }],
    ['unpaid though it goes out', { status: 'processing' as const }],
  ])('that would leave %s is refused whole', async (_, to) => {
    const order = await placed()
    const states = await saveChange(db, changing(order, to, { type: 'cancelled' })).catch(sqlState)
    expect(states).toBe('23514')
    expect(await typesOf(order)).toEqual(['placed'])
  })

  it('cannot be rewritten: its event is neither changed nor deleted', async () => {
    const order = await placed()
    for (const rewrite of [
      sql`update orders.order_events set type = 'delivered' where order_id = ${order.id}`,
      sql`delete from orders.order_events where order_id = ${order.id}`,
    ]) {
      expect(await db.execute(rewrite).then(() => 'allowed', sqlState)).toBe('42501')
    }
  })
})

describe('an order of nobody', () => {
  it('cannot be written: it has an account or an e-mail address', async () => {
    const nobody = anOrder({ userId: null, email: null })
    expect(await insertOrder(db, placing(nobody), undefined).catch(sqlState)).toBe('23514')
    expect(await findOrder(db, nobody.id)).toBeUndefined()
  })
})

describe('a capture', () => {
  it.each([
    ['of another amount', { amount: 2_499 }],
    ['in another currency', { currency: currency('EUR') }],
    ['of more than was to be paid', { captured: 2_501 }],
    ['of nothing', { captured: 0 }],
  ])('%s does not pay the order', async (_, over) => {
    const order = await placed()
    const { captured } = await saveCaptured(db, { ...capture(order), ...over }, now)
    expect(captured).toBe(false)
    expect(await findOrder(db, order.id)).toEqual(order)
  })

  it('says by how much and by which payment, in the order and in its event', async () => {
    const order = await placed()
    const payment = { ...capture(order), captured: 2_000 }
    expect((await saveCaptured(db, payment, later(5))).order).toEqual({
      ...order,
      status: 'processing',
      paymentStatus: 'paid',
      paymentId: payment.paymentId,
      capturedAmount: 2_000,
      updatedAt: later(5),
      version: 2,
    })
    expect((await findOrderWithEvents(db, order.id))?.events[1]).toEqual({
      orderId: order.id,
      seq: 2,
      type: 'paid',
      at: later(5),
      actor: { kind: 'system' },
      data: { amount: 2_000, paymentId: payment.paymentId },
    })
  })
})

describe('a refund', () => {
  it('is noted once by its id, whoever tells of it and however often', async () => {
    const order = await placed()
    const paid = (await saveCaptured(db, capture(order), now)).order ?? order
    const refundId = newId('refund')
    const first = refunding(paid, refundId, 1_000)
    expect(await saveChange(db, first)).toBe('saved')
    expect(await saveChange(db, refunding(first.order, refundId, 2_000))).toBe('repeated')
    expect(await saveChange(db, refunding(first.order, newId('refund'), 2_500))).toBe('saved')
    expect(await findOrder(db, order.id)).toMatchObject({ paymentStatus: 'refunded', refundedAmount: 2_500 })
  })
})

describe('expiry', () => {
  it('cancels what is due, once, however many sweeps run', async () => {
    const due = await Promise.all([placed({ expiresAt: later(-5) }), placed({ expiresAt: later(-5) })])
    const fresh = await placed()
    const counts = await Promise.all(Array.from({ length: 4 }, () => expireOrders(db, { now, limit: 100 })))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(2)
    for (const order of due) {
      expect(await findOrderWithEvents(db, order.id)).toMatchObject({
        order: { status: 'cancelled', cancelReason: 'expired', version: 2 },
        events: [{ seq: 1 }, { seq: 2, type: 'cancelled', actor: { kind: 'system' }, data: { reason: 'expired' } }],
      })
    }
    expect((await findOrder(db, fresh.id))?.status).toBe('pending')
  })
})

describe('an announcement', () => {
  it.each([
    ['cancellation', claimCancelled, cancelling],
    [
      'shipment',
      claimShipped,
      (order: Order) =>
        changing(order, { status: 'shipped', paymentStatus: 'authorized' }, { type: 'shipped' }, 'shipped'),
    ],
  ] as const)('of a %s is made until it is confirmed, to one puller at a time', async (_, claim, change) => {
    const order = await placed()
    await saveChange(db, change(order))
    const at = later(86_400)
    const pulls = await Promise.all(Array.from({ length: 5 }, () => claim(db, { limit: 100, now: at })))
    expect(pulls.flat().filter((event) => event.orderId === order.id)).toHaveLength(1)
    expect(await claim(db, { limit: 100, now: at })).toEqual([])
    const again = await claim(db, { limit: 100, now: later(2 * 86_400) })
    expect(again.map((event) => event.orderId)).toContain(order.id)
    for (const event of again) await confirmAnnounced(db, event.eventId, at)
    expect(await claim(db, { limit: 100, now: later(3 * 86_400) })).toEqual([])
  })
})

describe('what was paid and not sold', () => {
  it('is found a while after its payment, until its stock is committed', async () => {
    const order = await placed()
    const paid = (await saveCaptured(db, capture(order), now)).order ?? order
    const found = async (before: Date) => (await listUnsold(db, { before, limit: 100 })).map(({ id }) => id)
    expect(await found(now)).not.toContain(order.id)
    expect(await found(later(1))).toContain(order.id)
    await saveChange(db, changing(paid, { stockCommitted: true }, { type: 'stock_committed' }))
    expect(await found(later(1))).not.toContain(order.id)
  })
})

describe('what was decided', () => {
  it('is found by when it was placed, and its stock is back once its cancellation is confirmed', async () => {
    const at = new Date('2026-11-20T10:00:00.000Z')
    const [pending, order] = [await placed({ createdAt: at }), await placed({ createdAt: at })]
    await placed({ createdAt: new Date(at.getTime() + 1_000) })
    await saveChange(db, cancelling(order))
    const found = async () => {
      const decided = await listDecided(db, { from: at, to: new Date(at.getTime() + 1_000), limit: 10 })
      return decided.map((one) => [one.order.id, one.isFreed])
    }
    expect(await found()).toEqual([[order.id, false]])
    for (const event of await claimCancelled(db, { limit: 100, now: later(4 * 86_400) })) {
      if (event.orderId === order.id) await confirmAnnounced(db, event.eventId, now)
    }
    expect(await found()).toEqual([[order.id, true]])
    expect((await findOrder(db, pending.id))?.status).toBe('pending')
  })
})

describe('pruning', () => {
  it('keeps a key for longer than a day, and deletes it after two', async () => {
    const key = aKey()
    await claimKey(db, key, { now, claimedUntil: later(60) })
    await insertOrder(db, placing(anOrder()), key)
    await pruneOrders(db, later(25 * 3_600))
    expect(await claimKey(db, key, { now: later(25 * 3_600), claimedUntil: later(26 * 3_600) })).toMatchObject({
      status: 'pending',
    })
    await pruneOrders(db, later(49 * 3_600))
    expect(await claimKey(db, key, { now: later(49 * 3_600), claimedUntil: later(50 * 3_600) })).toBe('claimed')
  })
})
