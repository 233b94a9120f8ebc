import type { Order } from '@shop/contracts'
import { newId } from '@shop/http/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { anOrder } from '@shop/testing/orders'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../src/client.ts'
import {
  claimCancelled,
  claimKey,
  confirmCancelled,
  dropClaim,
  expireOrders,
  extendExpiry,
  findOrder,
  insertOrder,
  listOrders,
  saveCancelled,
  saveCaptured,
  saveRefunded,
  saveStatus,
  saveStockCommitted,
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
  currency: order.currency,
})

async function placed(over: Partial<Order> = {}): Promise<Order> {
  const order = anOrder(over)
  expect(await insertOrder(db, order, undefined)).toBe(true)
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
    await expect(insertOrder(db, { ...order, lines: wrong }, undefined)).rejects.toThrow()
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
      const page = await listOrders(db, { userId, limit: 2, after })
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
    expect(await insertOrder(db, order, key)).toBe(true)
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
    expect(await insertOrder(db, late, key)).toBe(false)
    expect(await findOrder(db, late.id)).toBeUndefined()
    expect(await insertOrder(db, anOrder(), second)).toBe(true)
  })
})

describe('two writers racing for a pending order', () => {
  it('lets exactly one of cancel and capture win', async () => {
    for (let round = 0; round < 10; round += 1) {
      const order = await placed()
      const [cancelled, { captured }] = await Promise.all([
        saveCancelled(db, { ...order, cancelReason: 'cancelled_by_customer', updatedAt: now }),
        saveCaptured(db, capture(order), now),
      ])
      expect([cancelled, captured].filter(Boolean)).toHaveLength(1)
      const found = await findOrder(db, order.id)
      expect(found?.status).toBe(cancelled ? 'cancelled' : 'processing')
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

  it('saves one of ten steps from the same version', async () => {
    const order = await placed()
    await saveCaptured(db, capture(order), now)
    const version = 2
    const step = () => saveStatus(db, { id: order.id, version, status: 'shipped', updatedAt: now })
    const saved = await Promise.all(Array.from({ length: 10 }, step))
    expect(saved.filter(Boolean)).toHaveLength(1)
  })
})

describe('a capture', () => {
  it('of another amount or currency does not pay the order', async () => {
    const order = await placed()
    const { captured } = await saveCaptured(db, { ...capture(order), amount: order.total - 1 }, now)
    expect(captured).toBe(false)
    expect((await findOrder(db, order.id))?.paymentStatus).toBe('unpaid')
  })

  it('is followed by a full refund of that payment only', async () => {
    const order = await placed()
    const payment = capture(order)
    await saveCaptured(db, payment, now)
    await saveStockCommitted(db, order.id, now)
    expect(await saveRefunded(db, { orderId: order.id, paymentId: newId('payment'), now })).toBe(false)
    expect(await saveRefunded(db, { ...payment, now })).toBe(true)
    expect(await findOrder(db, order.id)).toMatchObject({ paymentStatus: 'refunded', stockCommitted: true })
  })
})

describe('expiry', () => {
  it('cancels what is due, once, however many sweeps run', async () => {
    const due = await Promise.all([placed({ expiresAt: later(-5) }), placed({ expiresAt: later(-5) })])
    const fresh = await placed()
    const counts = await Promise.all(Array.from({ length: 4 }, () => expireOrders(db, { now, limit: 100 })))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(2)
    for (const order of due) {
      expect(await findOrder(db, order.id)).toMatchObject({ status: 'cancelled', cancelReason: 'expired' })
    }
    expect((await findOrder(db, fresh.id))?.status).toBe('pending')
  })

  it('is put off while a payment is on its way, never brought forward', async () => {
    const order = await placed()
    expect(await extendExpiry(db, { orderId: order.id, expiresAt: later(2_000), now })).toEqual(later(2_000))
    expect(await extendExpiry(db, { orderId: order.id, expiresAt: later(10), now })).toEqual(later(2_000))
    await saveCaptured(db, capture(order), now)
    expect(await extendExpiry(db, { orderId: order.id, expiresAt: later(3_000), now })).toBeUndefined()
  })
})

describe('a cancellation', () => {
  it('is announced until it is confirmed, to one puller at a time', async () => {
    const order = await placed()
    await saveCancelled(db, { ...order, cancelReason: 'cancelled_by_staff', updatedAt: now })
    const at = later(86_400)
    const pulls = await Promise.all(Array.from({ length: 5 }, () => claimCancelled(db, { limit: 100, now: at })))
    const mine = pulls.flat().filter((event) => event.orderId === order.id)
    expect(mine).toHaveLength(1)
    expect(await claimCancelled(db, { limit: 100, now: at })).toEqual([])
    const again = await claimCancelled(db, { limit: 100, now: later(2 * 86_400) })
    expect(again.map((event) => event.orderId)).toContain(order.id)
    for (const event of again) await confirmCancelled(db, event.eventId, at)
    expect(await claimCancelled(db, { limit: 100, now: later(3 * 86_400) })).toEqual([])
  })
})
