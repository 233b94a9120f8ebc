import { EVENTS, type ShopEvent } from '@shop/contracts/events/catalogue'
import type { EventLog } from '@shop/contracts/events/log'
import type { OrderStatus } from '@shop/contracts/orders/states'
import type { Db } from '@shop/db/client'
import { sqlState } from '@shop/db/errors'
import { eventLog } from '@shop/db/events/log'
import { ordersEvents } from '@shop/db/schema/orders'
import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CancellationRepository, cancellationRepository } from '../../src/events/repository.ts'
import { newOrder } from '../../src/orders/domain/new-order.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import {
  type KeyClaim,
  type OrderKeyRepository,
  orderKeyRepository,
} from '../../src/orders/repository/idempotency-keys.ts'
import { type OrderQuery, type OrderRepository, orderRepository } from '../../src/orders/repository/index.ts'
import { type CaptureRepository, captureRepository } from '../../src/payment-events/repository.ts'
import { type OrderStockRepository, orderStockRepository } from '../../src/stock/repository/index.ts'
import { anOrder, changing, NOWHERE, placing } from '../support/orders.ts'
import { plainPart, plainTotals } from '../support/purchases.ts'
import { shipped } from '../support/shipments.ts'

let database: ServiceDatabase
let db: Db
let orders: OrderRepository
let keys: OrderKeyRepository
let captures: CaptureRepository
let orderStock: OrderStockRepository
let events: EventLog
let cancellations: CancellationRepository

beforeAll(async () => {
  database = await startDatabase()
  db = database.as('orders')
  orders = orderRepository(db)
  keys = orderKeyRepository(db)
  captures = captureRepository(db)
  orderStock = orderStockRepository(db)
  events = eventLog(db, ordersEvents)
  cancellations = cancellationRepository(db)
})
afterAll(() => database.stop())

/** Two mugs and filter papers with 10 % off, shipping and tax: 22.50 + 3.60 + 2.61. */
function aPricedOrder(): Order {
  const order = anOrder()
  const [mugs, papers] = order.lines
  if (mugs === undefined || papers === undefined) throw new Error('An order of two lines')
  const part = (subtotal: number, discount: number, tax: number) => ({
    ...{ subtotal, discount, tax, total: subtotal - discount + tax },
    adjustments: [{ promotionId: 'promo_ten', amount: discount }],
    taxLines: [{ rateId: 'taxrate_1', name: 'VAT', rate: '0.1', amount: tax }],
  })
  const option = { optionId: 'shopt_1', name: 'Parcel', estimate: '2 days', isPickup: false }
  return {
    ...order,
    lines: [
      { ...mugs, ...part(2_000, 200, 180) },
      { ...papers, ...part(500, 50, 45) },
    ],
    shipping: { ...option, ...part(400, 40, 36) },
    ...{ subtotal: 2_500, discountTotal: 290, shippingTotal: 400, taxTotal: 261, total: 2_871 },
    adjustments: [{ promotionId: 'promo_ten', code: null, name: 'Ten', type: 'percentage', amount: 290 }],
    taxLines: [{ rateId: 'taxrate_1', name: 'VAT', rate: '0.1', amount: 261 }],
    billingAddress: { line1: '1 Main St', city: 'Springfield', country: 'US', region: 'IL', postal_code: '62701' },
    ...{ note: 'Ring twice', vatId: 'DE136695976', cartId: newId('cart') },
  }
}
const firstOf = ([first, ...others]: Order['lines'], over: Partial<Order['lines'][number]>) =>
  first === undefined ? [] : [{ ...first, ...over }, ...others]

const now = new Date('2026-11-23T10:00:00.000Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000)
const aKey = (over = {}) => ({
  scope: `${newId('user')}:placeOrder`,
  key: 'k-1',
  requestHash: 'aa',
  claim: crypto.randomUUID(),
  ...over,
})
const keyed = (claim: KeyClaim) => ({ ...NOWHERE, claim })
const query = { codes: [], now, customerKey: null, userId: null, country: null }
const claimed = async (claim: KeyClaim, times: { now: Date; claimedUntil: Date }) =>
  (await keys.begin(claim, { ...times, counters: [], query })).key
const capture = (order: Order, paymentId = newId('payment')) => ({
  orderId: order.id,
  paymentId,
  amount: order.total,
  chargeNo: 1,
  captured: order.total,
  currency: order.currency,
})
const cancelling = (order: Order) =>
  changing(
    order,
    { status: 'cancelled', cancelReason: 'cancelled_by_staff', updatedAt: now },
    { type: 'cancelled', data: { reason: 'cancelled_by_staff' } },
  )
/** A paid order, and the same order after a refund. */
const refunding = (order: Order, refundId = newId('refund'), refundedAmount = order.total) =>
  changing(
    order,
    { paymentStatus: refundedAmount < order.capturedAmount ? 'partially_refunded' : 'refunded', refundedAmount },
    { type: 'refunded', data: { refundId, amount: refundedAmount } },
  )

async function placed(over: Partial<Order> = {}): Promise<Order> {
  const order = anOrder(over)
  expect(await orders.insert(placing(order), NOWHERE)).toBe('inserted')
  return order
}

describe('an order', () => {
  it('is read back as written', async () => {
    const order = await placed()
    expect(await orders.find(order.id)).toEqual(order)
  })

  it('costs one round trip to write and one to read', async () => {
    database.resetCounts()
    const order = await placed()
    expect(database.counts().roundTrips).toBe(1)
    await orders.find(order.id)
    expect(database.counts().roundTrips).toBe(2)
  })

  it('has ids of its lines, each once in the shop, and each place once', async () => {
    const { lines } = await placed()
    const [line, other] = lines
    if (line === undefined || other === undefined) throw new Error('The order has two lines')
    const again = anOrder({ lines: [{ ...other, id: newId('orderLine') }, line] })
    await expect(orders.insert(placing(again), NOWHERE)).rejects.toThrow()
    expect(await orders.find(again.id)).toBeUndefined()
    const twice = sql`insert into orders.order_lines
      select (jsonb_populate_record(l, jsonb_build_object('id', ${newId('orderLine')}::text))).*
      from orders.order_lines l where l.id = ${line.id}`
    await expect(db.execute(twice)).rejects.toMatchObject({ cause: { constraint: 'order_lines_of_order' } })
  })

  it('has a number that no other order has, the next one for each attempt', async () => {
    const begin = () => keys.begin(undefined, { now, claimedUntil: now, counters: [], query })
    const numbers = await Promise.all(Array.from({ length: 10 }, async () => (await begin()).number))
    const sorted = numbers.toSorted((a, b) => a - b)
    expect(sorted[0]).toBeGreaterThanOrEqual(1_001)
    expect(sorted).toEqual(sorted.map((_, n) => (sorted[0] ?? 0) + n))
    const order = await placed()
    const twice = await orders.insert(placing(anOrder({ number: order.number })), NOWHERE).catch(sqlState)
    expect(twice).toBe('23505')
  })

  it('keeps its metadata, of which its event says nothing', async () => {
    const order = await placed()
    const metadata = { erp_id: 'A-1', note: 'naïve ☕' }
    expect(await orders.saveChange(changing(order, { metadata }, { type: 'updated' }))).toBe('saved')
    expect(await orders.find(order.id)).toMatchObject({ metadata, version: 2 })
    const [event] = await events.list({ key: order.id, limit: 1 })
    expect(event).toMatchObject({ type: 'order.updated', sequence: 2 })
    expect(JSON.stringify(event)).not.toMatch(/erp_id|A-1/)
  })

  it('is read back with all its amounts and what makes them up', async () => {
    const order = { ...aPricedOrder(), taxProvider: 'stripe', taxCalculationId: 'taxcalc_1' } as const
    expect(await orders.insert(placing(order), NOWHERE)).toBe('inserted')
    expect(await orders.find(order.id)).toEqual(order)
  })

  it.each<[string, (order: Order) => Partial<Order>]>([
    ['a line that is not price times quantity', ({ lines }) => ({ lines: firstOf(lines, { subtotal: 1_999 }) })],
    ['a line whose parts do not add up', ({ lines }) => ({ lines: firstOf(lines, { total: 2_001 }) })],
    ['a discount above its line', ({ lines }) => ({ lines: firstOf(lines, { discount: 2_001, total: -1 }) })],
    ['a total above its parts', ({ total }) => ({ total: total + 1 })],
    ['a total below its parts', ({ total }) => ({ total: total - 1 })],
    ['tax that is added to prices which include it', () => ({ pricesIncludeTax: true })],
    ['lines that have other discounts', ({ lines }) => ({ lines: firstOf(lines, { discount: 199, total: 1_801 }) })],
    [
      'a discount of shipping above its price',
      ({ shipping }) => ({ shipping: shipping && { ...shipping, discount: 500 } }),
    ],
    ['tax for a buyer who pays none', () => ({ taxExemption: 'buyer' })],
    ['Stripe’s tax without a calculation', () => ({ taxProvider: 'stripe' })],
    ['a calculation beside the shop’s own tax', () => ({ taxCalculationId: 'taxcalc_1' })],
  ])('cannot be written with %s', async (_, wrong) => {
    const order = aPricedOrder()
    const placed = placing({ ...order, ...wrong(order) })
    expect(await orders.insert(placed, NOWHERE).catch(sqlState)).toBe('23514')
    expect(await orders.find(order.id)).toBeUndefined()
  })

  it('of a cart is the only one, until it is cancelled unpaid', async () => {
    const cartId = newId('cart')
    const raced = Array.from({ length: 8 }, () => anOrder({ cartId }))
    const outcomes = await Promise.all(raced.map((one) => orders.insert(placing(one), NOWHERE)))
    expect(outcomes.sort()).toEqual([...Array.from({ length: 7 }, () => 'cart_ordered'), 'inserted'])
    const order = await orders.findOfCart(cartId)
    if (order === undefined) throw new Error('No order')
    expect(raced.map(({ id }) => id)).toContain(order.id)
    const cancel = { status: 'cancelled', cancelReason: 'expired' } as const
    await orders.saveChange(changing(order, cancel, { type: 'cancelled' }))
    expect(await orders.findOfCart(cartId)).toBeUndefined()
    const second = anOrder({ cartId })
    expect(await orders.insert(placing(second), NOWHERE)).toBe('inserted')
    // Money that comes late is recorded with the cancelled order, and the cart stays with the other one.
    const cancelled = await orders.find(order.id)
    const late = { paymentStatus: 'paid', capturedAmount: order.total, paymentId: newId('payment') } as const
    expect(await orders.saveChange(changing(cancelled ?? order, late, { type: 'paid' }))).toBe('saved')
    expect((await orders.findOfCart(cartId))?.id).toBe(second.id)
  })

  it('keeps its cart when it is cancelled after it was paid, unless it cost nothing', async () => {
    const cancel = { status: 'cancelled', cancelReason: 'cancelled_by_staff' } as const
    const free = anOrder().lines.map((line) => ({ ...line, unitPrice: 0, ...plainPart(0) }))
    for (const [over, keeps] of [
      [{}, true],
      [{ lines: free, ...plainTotals(0) }, false],
    ] as const) {
      const order = await placed({ cartId: newId('cart'), ...over })
      const paid = { paymentStatus: 'paid', capturedAmount: order.total, status: 'processing' } as const
      const taken = changing(order, paid, { type: 'paid' })
      expect(await orders.saveChange(taken)).toBe('saved')
      expect(await orders.saveChange(changing(taken.order, cancel, { type: 'cancelled' }))).toBe('saved')
      expect((await orders.findOfCart(order.cartId ?? newId('cart')))?.id).toBe(keeps ? order.id : undefined)
    }
  })
})

describe('the list of a customer', () => {
  it('has every order once, newest first, across pages', async () => {
    const userId = newId('user')
    const all: Order[] = []
    for (let n = 0; n < 7; n += 1) all.push(await placed({ userId, createdAt: later(Math.floor(n / 3)) }))
    await placed()
    const seen: string[] = []
    let after: { sortKey: string; id: string } | undefined
    for (;;) {
      const page = await orders.list({ of: userId, limit: 2, after })
      seen.push(...page.map((order) => order.id))
      const last = page.at(-1)
      if (last === undefined) break
      after = { sortKey: last.createdAt.toISOString(), id: last.id }
    }
    const expected = all
      .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1))
      .map((order) => order.id)
    expect(seen).toEqual(expected)
  })

  it('of one status has their orders in that status and nobody else’s', async () => {
    const userId = newId('user')
    const [pending, cancelled] = [await placed({ userId }), await placed({ userId })]
    const others = await placed()
    for (const order of [cancelled, others]) expect(await orders.saveChange(cancelling(order))).toBe('saved')
    const listed = async (status: OrderStatus) =>
      (await orders.list({ of: userId, status, limit: 10 })).map(({ id }) => id)
    expect(await listed('pending')).toEqual([pending.id])
    expect(await listed('cancelled')).toEqual([cancelled.id])
    expect(await listed('shipped')).toEqual([])
  })
})

describe('the list of all orders', () => {
  it('has the orders of all customers and of guests, newest first, of any status or of one', async () => {
    const at = (seconds: number) => new Date(Date.parse('2031-01-01T00:00:00Z') + seconds * 1_000)
    const first = await placed({ createdAt: at(0) })
    const guests = await placed({ createdAt: at(1), userId: null, email: 'guest@example.com' })
    const last = await placed({ createdAt: at(2) })
    await orders.saveChange(cancelling(guests))
    const listed = async (query: Omit<OrderQuery, 'of'>) =>
      (await orders.list({ of: 'all', ...query })).map(({ id }) => id)
    expect(await listed({ limit: 3 })).toEqual([last.id, guests.id, first.id])
    expect(await listed({ limit: 2, status: 'pending' })).toEqual([last.id, first.id])
    const after = { sortKey: last.createdAt.toISOString(), id: last.id }
    expect(await listed({ limit: 1, status: 'cancelled', after })).toEqual([guests.id])
    expect(await listed({ limit: 1, status: 'pending', after })).toEqual([first.id])
  })

  it('is narrowed by what orders have in common, and by what only one has', async () => {
    const email = `Ada-${crypto.randomUUID()}@Example.com`
    const [mine, other] = [
      await placed({ userId: null, email, createdAt: later(5_000) }),
      await placed({ createdAt: later(5_001) }),
    ]
    const ids = async (query: Omit<OrderQuery, 'of' | 'limit'>) =>
      (await orders.list({ of: 'all', limit: 1_000, ...query })).map(({ id }) => id)
    expect(await ids({ email: email.toUpperCase() })).toEqual([mine.id])
    expect(await ids({ number: other.number })).toEqual([other.id])
    expect(await ids({ number: other.number, email })).toEqual([])
    expect(await ids({ customer: other.userId ?? '' })).toEqual([other.id])
    const between = { createdFrom: later(5_000), createdTo: later(5_001) }
    expect(await ids({ ...between, sku: 'MUG-BLUE' })).toEqual([mine.id])
    expect(await ids({ ...between, sku: 'MUG-RED' })).toEqual([])
    expect(await ids({ ...between, paymentStatus: 'paid' })).toEqual([])
    expect(await ids({ ...between, paymentStatus: 'unpaid', fulfillmentStatus: 'unfulfilled' })).toEqual([mine.id])
    expect(await ids({ ...between, fulfillmentStatus: 'fulfilled' })).toEqual([])
  })

  it('has of those to be shipped none whose money went back in full', async () => {
    const [whole, half, lost] = [await placed(), await placed(), await placed()]
    const [first, second, third] = await Promise.all(
      [whole, half, lost].map((order) => captures.capturePending(capture(order), now)),
    )
    if (!first?.order || !second?.order || !third?.order) throw new Error('not captured')
    const { total: chargedBackAmount } = lost
    await orders.saveChange(changing(third.order, { chargedBackAmount }, { type: 'dispute_closed', data: {} }))
    await orders.saveChange(refunding(first.order))
    await orders.saveChange(refunding(second.order, newId('refund'), 1_000))
    const listed = await orders.list({ of: 'all', status: 'processing', toShip: true, limit: 1_000 })
    expect(listed.map(({ id }) => id)).toContain(half.id)
    expect(listed.map(({ id }) => id)).not.toContain(whole.id)
    expect(listed.map(({ id }) => id)).not.toContain(lost.id)
  })
})

describe('an idempotency key', () => {
  const times = { now, claimedUntil: later(60) }

  it('goes to one of twenty racing attempts', async () => {
    const key = aKey()
    const attempts = Array.from({ length: 20 }, () => claimed({ ...key, claim: crypto.randomUUID() }, times))
    const claims = await Promise.all(attempts)
    expect(claims.filter((one) => one?.kind === 'claimed')).toHaveLength(1)
    expect(claims.filter((one) => one?.kind === 'in_flight')).toHaveLength(19)
  })

  it('returns the order it led to, and refuses another request', async () => {
    const key = aKey()
    await claimed(key, times)
    const order = anOrder()
    expect(await orders.insert(placing(order), keyed(key))).toBe('inserted')
    database.resetCounts()
    expect(await claimed({ ...key, claim: 'again' }, times)).toMatchObject({ kind: 'known', subject: order })
    expect(database.counts().roundTrips).toBe(1)
    expect(await claimed({ ...key, requestHash: 'bb' }, times)).toEqual({ kind: 'other_request' })
  })

  it('can be claimed again once its claim was dropped', async () => {
    const key = aKey()
    await claimed(key, times)
    await keys.drop(key)
    expect(await claimed({ ...key, claim: 'second' }, times)).toEqual({ kind: 'claimed' })
  })

  it('can be taken over when its attempt is overdue, and then the first attempt writes nothing', async () => {
    const key = aKey()
    await claimed(key, times)
    const second = { ...key, claim: 'second' }
    expect(await claimed(second, { now: later(61), claimedUntil: later(121) })).toEqual({ kind: 'claimed' })
    const late = anOrder()
    expect(await orders.insert(placing(late), keyed(key))).toBe('taken_over')
    expect(await orders.find(late.id)).toBeUndefined()
    expect(await orders.insert(placing(anOrder()), keyed(second))).toBe('inserted')
  })
})

describe('two writers racing for a pending order', () => {
  it('lets exactly one of cancel and capture win', async () => {
    for (let round = 0; round < 10; round += 1) {
      const order = await placed()
      const [cancelled, { captured }] = await Promise.all([
        orders.saveChange(cancelling(order)),
        captures.capturePending(capture(order), now),
      ])
      expect([cancelled === 'saved', captured].filter(Boolean)).toHaveLength(1)
      const found = await orders.find(order.id)
      expect(found?.status).toBe(cancelled === 'saved' ? 'cancelled' : 'processing')
    }
  })

  it('lets exactly one of expiry and capture win', async () => {
    const order = await placed({ expiresAt: later(-1) })
    const [, { captured }] = await Promise.all([
      orders.expire({ now, limit: 1_000 }),
      captures.capturePending(capture(order), now),
    ])
    expect((await orders.find(order.id))?.status).toBe(captured ? 'processing' : 'cancelled')
  })

  it('captures by one of ten payments', async () => {
    const order = await placed()
    const attempts = await Promise.all(Array.from({ length: 10 }, () => captures.capturePending(capture(order), now)))
    expect(attempts.filter(({ captured }) => captured)).toHaveLength(1)
  })

  it('saves one of ten changes of the same version, with only its event', async () => {
    const order = await placed()
    const saved = await Promise.all(Array.from({ length: 10 }, () => orders.saveChange(cancelling(order))))
    expect(saved.toSorted()).toEqual([...Array.from({ length: 9 }, () => 'lost'), 'saved'])
    expect(await typesOf(order)).toEqual(['placed', 'cancelled'])
  })
})

const typesOf = async ({ id }: Order) => (await orders.findWithEvents(id))?.events.map(({ type }) => type)

describe('a change', () => {
  it('is read back as saved, with its event', async () => {
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
    expect(await orders.saveChange(change)).toBe('saved')
    expect(await orders.findWithEvents(order.id)).toEqual({
      order: change.order,
      events: [...placing(order).events, change.event],
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
    const states = await orders.saveChange(changing(order, to, { type: 'updated' })).catch(sqlState)
    expect(states).toBe('23514')
    expect(await typesOf(order)).toEqual(['placed'])
  })

  it('cannot be rewritten: its event can neither be changed nor deleted', async () => {
    const order = await placed()
    for (const rewrite of [
      sql`update orders.order_events set type = 'delivered' where order_id = ${order.id}`,
      sql`update orders.order_events set data = '{"reason": "other"}' where order_id = ${order.id}`,
      sql`delete from orders.order_events where order_id = ${order.id}`,
    ]) {
      expect(await db.execute(rewrite).then(() => 'allowed', sqlState)).toBe('42501')
    }
  })
})

describe('an order without a buyer', () => {
  it('cannot be written: it has an account or an e-mail address', async () => {
    const nobody = anOrder({ userId: null, email: null })
    expect(await orders.insert(placing(nobody), NOWHERE).catch(sqlState)).toBe('23514')
    expect(await orders.find(nobody.id)).toBeUndefined()
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
    const { captured } = await captures.capturePending({ ...capture(order), ...over }, now)
    expect(captured).toBe(false)
    expect(await orders.find(order.id)).toEqual(order)
  })

  it('records the amount and the payment, in the order and in its event', async () => {
    const order = await placed()
    const payment = capture(order)
    expect((await captures.capturePending(payment, later(5))).order).toEqual({
      ...order,
      status: 'processing',
      paymentStatus: 'paid',
      paymentId: payment.paymentId,
      capturedAmount: 2_500,
      chargedAmount: 2_500,
      invoiced: { total: 2_500, taxLines: [], isByLine: true },
      updatedAt: later(5),
      version: 2,
    })
    expect((await orders.findWithEvents(order.id))?.events[1]).toEqual({
      orderId: order.id,
      seq: 2,
      type: 'paid',
      at: later(5),
      actor: { kind: 'system' },
      data: { amount: 2_500, paymentId: payment.paymentId },
    })
  })
})

describe('a refund', () => {
  it('is recorded once by its id, whatever reports it and however often', async () => {
    const order = await placed()
    const paid = (await captures.capturePending(capture(order), now)).order ?? order
    const refundId = newId('refund')
    const first = refunding(paid, refundId, 1_000)
    expect(await orders.saveChange(first)).toBe('saved')
    expect(await orders.saveChange(refunding(first.order, refundId, 2_000))).toBe('repeated')
    expect(await orders.saveChange(refunding(first.order, newId('refund'), 2_500))).toBe('saved')
    expect(await orders.find(order.id)).toMatchObject({ paymentStatus: 'refunded', refundedAmount: 2_500 })
  })
})

describe('an order that costs nothing', () => {
  it('is written as paid, with the events of placing and of paying it', async () => {
    const lines = anOrder().lines.map((line) => ({ ...line, unitPrice: 0, ...plainPart(0) }))
    const {
      order,
      events: history,
      giftCards,
    } = newOrder({
      id: newId('order'),
      number: 1_001,
      buyer: { actor: { kind: 'guest' }, userId: null, email: 'guest@example.com' },
      priced: { lines, ...plainTotals(0), currency: currency('USD'), giftCards: [] },
      giftCardPaymentId: newId('payment'),
      details: { shippingAddress: null, billingAddress: null, note: null, vatId: null, cartId: null, exchangeOf: null },
      placedAt: now,
      expiresAt: later(900),
    })
    expect(await orders.insert({ order, events: history, giftCards }, NOWHERE)).toBe('inserted')
    expect(await orders.findWithEvents(order.id)).toEqual({ order, events: history })
    expect(order).toMatchObject({ status: 'processing', paymentStatus: 'paid', capturedAmount: 0, version: 2 })
    const written = (await events.list({ key: order.id, limit: 10 })).reverse()
    expect(written).toMatchObject([
      { type: 'order.placed', sequence: 1, payload: { status: 'pending', paymentStatus: 'unpaid', total: 0 } },
      { type: 'order.paid', sequence: 2, payload: { status: 'processing', paymentStatus: 'paid', total: 0 } },
    ])
  })
})

describe('expiry', () => {
  it('cancels due orders, once, however many sweeps run', async () => {
    const due = await Promise.all([placed({ expiresAt: later(-5) }), placed({ expiresAt: later(-5) })])
    const fresh = await placed()
    const counts = await Promise.all(Array.from({ length: 4 }, () => orders.expire({ now, limit: 100 })))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(2)
    for (const order of due) {
      expect(await orders.findWithEvents(order.id)).toMatchObject({
        order: { status: 'cancelled', cancelReason: 'expired', version: 2 },
        events: [{ seq: 1 }, { seq: 2, type: 'cancelled', actor: { kind: 'system' }, data: { reason: 'expired' } }],
      })
    }
    expect((await orders.find(fresh.id))?.status).toBe('pending')
  })
})

describe('the event of a change', () => {
  /** The events of an order as consumers get them, oldest first. */
  const eventsOf = async ({ id }: Order) => (await events.list({ key: id, limit: 100 })).reverse()

  it('is written with the order when it is placed, with its ids, amounts and states', async () => {
    const order = await placed()
    expect(await eventsOf(order)).toMatchObject([
      {
        type: 'order.placed',
        version: 1,
        key: order.id,
        sequence: 1,
        createdAt: order.createdAt,
        payload: {
          orderId: order.id,
          userId: order.userId,
          status: 'pending',
          paymentStatus: 'unpaid',
          cancelReason: null,
          total: 2_500,
          currency: 'USD',
          capturedAmount: 0,
          refundedAmount: 0,
          paymentId: null,
        },
        deliveries: [{ consumer: 'webhooks' }],
      },
    ])
  })

  it('is one for each version of the order, as the event catalogue defines it, without names or addresses', async () => {
    const order = await placed({ email: 'ada@example.com' })
    const paid = (await captures.capturePending(capture(order), later(1))).order ?? order
    const first = refunding(paid, newId('refund'), 1_000)
    await orders.saveChange(first)
    const cancelled = cancelling({ ...first.order, status: 'processing' })
    await orders.saveChange(cancelled)
    const written = await eventsOf(order)
    expect(written.map(({ type, sequence }) => [type, sequence])).toEqual([
      ['order.placed', 1],
      ['order.paid', 2],
      ['order.refunded', 3],
      ['order.cancelled', 4],
    ])
    for (const { type, payload } of written) expect(Object.keys(payload)).toEqual(memberNames(type, payload))
    expect(written[2]?.payload).toMatchObject({ refundId: first.event.data.refundId, amount: 1_000 })
    expect(JSON.stringify(written)).not.toContain('ada@example.com')
  })

  /** Parsing strips names that are not in the schema, so the remaining names are those it allows. */
  const memberNames = (type: ShopEvent['type'], payload: object) =>
    Object.keys(payload).filter((name) => name in EVENTS[type].payload.parse(payload))

  it('is not written for a change that lost a race, nor for a refund that is already recorded', async () => {
    const order = await placed()
    const paid = (await captures.capturePending(capture(order), now)).order ?? order
    await captures.capturePending(capture(order), now)
    const first = refunding(paid, newId('refund'), 1_000)
    for (const expected of ['saved', 'lost'] as const) expect(await orders.saveChange(first)).toBe(expected)
    expect(await orders.saveChange(changing(first.order, {}, { type: 'refunded', data: first.event.data }))).toBe(
      'repeated',
    )
    expect((await eventsOf(order)).map(({ type }) => type)).toEqual(['order.placed', 'order.paid', 'order.refunded'])
  })

  it('cancelled is delivered to payments, webhook endpoints and live pages, and has a mail', async () => {
    const order = await placed()
    await orders.saveChange(cancelling(order))
    expect((await eventsOf(order)).at(-1)).toMatchObject({
      type: 'order.cancelled',
      deliveries: [
        { consumer: 'live', status: 'pending' },
        { consumer: 'notifications', status: 'pending' },
        { consumer: 'payments', status: 'pending' },
        { consumer: 'webhooks', status: 'pending' },
      ],
    })
  })

  it('of expiry is written for each order', async () => {
    const expired = await Promise.all([placed({ expiresAt: later(-9) }), placed({ expiresAt: later(-9) })])
    await orders.expire({ now, limit: 1_000 })
    for (const order of expired) {
      expect((await eventsOf(order)).at(-1)).toMatchObject({
        type: 'order.cancelled',
        sequence: 2,
        createdAt: now,
        payload: { status: 'cancelled', cancelReason: 'expired' },
      })
    }
  })
})

describe('a cancellation', () => {
  it('waits for its confirmation, and is found by its event until then', async () => {
    const [order, other] = [await placed(), await placed()]
    await orders.saveChange(cancelling(order))
    const sold = { ...other, status: 'processing', stockCommitted: true, chargedAmount: other.total } as const
    const [shipment] = shipped(sold, [1, 0]).shipments
    const change = changing(other, { status: 'shipped', paymentStatus: 'paid' }, { type: 'shipped' })
    await orders.saveChange({ ...change, shipment: shipment && { shipment, events: ['shipment.shipped'] } })
    const consumer = 'payments'
    const due = (await events.pull({ consumer, limit: 1_000, now: later(86_400) })).filter(({ key }) =>
      [order.id, other.id].some((id) => id === key),
    )
    expect(due).toHaveLength(2)
    const eventIds = due.map(({ id }) => id)
    const open = await cancellations.listOpen({ consumer, eventIds })
    expect(open.map((one) => one.order.id)).toEqual([order.id])
    const receipts = open.map(({ eventId }) => ({ eventId, outcome: 'done' as const }))
    await events.settle({ consumer, receipts, now })
    expect(await cancellations.listOpen({ consumer, eventIds })).toEqual([])
  })
})

describe('an order that was paid but not sold', () => {
  it('is found a while after its payment, until its stock is committed', async () => {
    const order = await placed()
    const paid = (await captures.capturePending(capture(order), now)).order ?? order
    const found = async (before: Date) => (await orderStock.listUnsold({ before, limit: 100 })).map(({ id }) => id)
    expect(await found(now)).not.toContain(order.id)
    expect(await found(later(1))).toContain(order.id)
    await orders.saveChange(changing(paid, { stockCommitted: true }, { type: 'stock_committed' }))
    expect(await found(later(1))).not.toContain(order.id)
  })
})

describe('an order whose stock is settled', () => {
  it('is found by when it was placed, and counts as returned once its cancellation is confirmed', async () => {
    const at = new Date('2026-11-20T10:00:00.000Z')
    const [pending, order] = [await placed({ createdAt: at }), await placed({ createdAt: at })]
    await placed({ createdAt: new Date(at.getTime() + 1_000) })
    await orders.saveChange(cancelling(order))
    const found = async () => {
      const decided = await orderStock.listDecided({ from: at, to: new Date(at.getTime() + 1_000), limit: 10 })
      return decided.map((one) => [one.order.id, one.isFreed])
    }
    expect(await found()).toEqual([[order.id, false]])
    const due = await events.pull({ consumer: 'payments', limit: 1_000, now: later(4 * 86_400) })
    const receipts = due
      .filter(({ key }) => key === order.id)
      .map(({ id }) => ({ eventId: id, outcome: 'done' as const }))
    await events.settle({ consumer: 'payments', receipts, now })
    expect(await found()).toEqual([[order.id, true]])
    expect((await orders.find(pending.id))?.status).toBe('pending')
  })
})

describe('pruning', () => {
  it('keeps a key for longer than a day, and deletes it after two', async () => {
    const key = aKey()
    await claimed(key, { now, claimedUntil: later(60) })
    await orders.insert(placing(anOrder()), keyed(key))
    await keys.prune(later(25 * 3_600))
    expect(await claimed(key, { now: later(25 * 3_600), claimedUntil: later(26 * 3_600) })).toMatchObject({
      kind: 'known',
      subject: { status: 'pending' },
    })
    await keys.prune(later(49 * 3_600))
    expect(await claimed(key, { now: later(49 * 3_600), claimedUntil: later(50 * 3_600) })).toEqual({
      kind: 'claimed',
    })
  })
})
