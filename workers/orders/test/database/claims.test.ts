import type { Db } from '@shop/db/client'
import { newId } from '@shop/http/ids'
import type { OrderId, UserId } from '@shop/kernel/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { eventually } from '@shop/testing/eventually'
import { planOf } from '@shop/testing/plans'
import { sql } from 'drizzle-orm'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { customerKeyOf } from '../../src/buyers/customer-key.ts'
import type { VerifiedEmail } from '../../src/claims/domain/verified-email.ts'
import { claimRepository } from '../../src/claims/repository.ts'
import { ordersRepositories } from '../../src/deps.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { anOrder, changing, placing } from '../support/orders.ts'

let database: ServiceDatabase
let db: Db
let shop: ReturnType<typeof ordersRepositories>

beforeAll(async () => {
  database = await startDatabase()
  db = database.as('orders')
  shop = ordersRepositories(db)
})
afterAll(() => database.stop())

const now = new Date('2026-12-01T10:00:00.000Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000)
const anEmail = () => `${crypto.randomUUID()}@example.com`
const CAPS = { maxOrders: 3, maxUnits: 100 }

/** A pending order of a guest, counted at the address. */
async function placed(email: string, over: Partial<Order> = {}): Promise<Order> {
  const order = anOrder({ userId: null, email, expiresAt: later(900), ...over })
  const customerKey = await customerKeyOf({ userId: null, email })
  const counters = [{ key: customerKey, scope: 'email' as const, ...CAPS }]
  expect(await shop.orders.insert(placing(order), { customerKey, counters })).toBe('inserted')
  return order
}
const capture = (order: Order) =>
  shop.captures.capturePending(
    {
      ...{ orderId: order.id, paymentId: newId('payment'), chargeNo: 1, amount: order.total, captured: order.total },
      currency: order.currency,
    },
    now,
  )
async function paid(email: string): Promise<Order> {
  const order = await placed(email)
  expect((await capture(order)).captured).toBe(true)
  return order
}
const cancel = (order: Order) =>
  shop.orders.saveChange(
    changing(order, { status: 'cancelled', cancelReason: 'cancelled_by_customer' }, { type: 'cancelled' }),
  )

async function verify(email: string, { userId = newId('user'), verifiedAt = now }: Partial<VerifiedEmail> = {}) {
  const customerKey = await customerKeyOf({ userId: null, email })
  const isCurrent = await shop.claims.saveVerified({ customerKey, userId, verifiedAt })
  return { userId, customerKey, isCurrent }
}
/** What the event of a verified address does. */
async function claim(email: string, userId: UserId = newId('user')) {
  const { customerKey } = await verify(email, { userId })
  return shop.claims.claimOf({ customerKey, userId }, now)
}
const ownerOf = async (id: OrderId) => (await shop.orders.find(id))?.userId
const eventsOf = async ({ id }: Order) => (await shop.events.list({ key: id, limit: 20 })).toReversed()
const counted = async (email: string) => {
  const { rows } = await db.execute<{ open_orders: number; held_units: number }>(
    sql`select open_orders, held_units::int from orders.buyer_counters
        where key = ${await customerKeyOf({ userId: null, email })}`,
  )
  return rows[0]
}

describe('a paid order of a guest', () => {
  it('goes to the account with its address, and keeps its version and its history', async () => {
    const email = anEmail()
    const order = await paid(email)
    const before = await shop.orders.findWithEvents(order.id)
    const userId = newId('user')
    expect(await claim(email, userId)).toBe(1)
    const { order: after, events } = (await shop.orders.findWithEvents(order.id)) ?? {}
    expect(after).toEqual({ ...before?.order, userId, claimedAt: now })
    expect(events).toEqual(before?.events)
    expect((await shop.orders.list({ of: userId, limit: 5 })).map(({ id }) => id)).toEqual([order.id])
  })

  it('is announced once, however often it is claimed', async () => {
    const email = anEmail()
    const order = await paid(email)
    const userId = newId('user')
    const claimed = await Promise.all(Array.from({ length: 20 }, () => claim(email, userId)))
    expect(claimed.reduce((sum, one) => sum + one, 0)).toBe(1)
    const events = await eventsOf(order)
    expect(events.map(({ type }) => type)).toEqual(['order.placed', 'order.paid', 'order.claimed'])
    expect(events[2]).toMatchObject({ sequence: 2, createdAt: now, payload: { userId, orderId: order.id } })
  })

  it('goes to one account when two claim it at the same moment', async () => {
    const email = anEmail()
    const order = await paid(email)
    const [one, other] = [newId('user'), newId('user')]
    const claimed = await Promise.all([claim(email, one), claim(email, other)])
    expect(claimed.reduce((sum, count) => sum + count, 0)).toBe(1)
    expect([one, other]).toContain(await ownerOf(order.id))
  })

  it('is claimed with all others of its address, and no other order is', async () => {
    const [email, other] = [anEmail(), anEmail()]
    const mine = await Promise.all([paid(email), paid(email)])
    const theirs = await paid(other)
    const userId = newId('user')
    expect(await claim(email, userId)).toBe(2)
    expect(await Promise.all([...mine, theirs].map(({ id }) => ownerOf(id)))).toEqual([userId, userId, null])
  })

  it('keeps its owner when its money is refunded at the same moment', async () => {
    const email = anEmail()
    const order = await paid(email)
    const read = await shop.orders.find(order.id)
    if (read === undefined) throw new Error('The order exists')
    const userId = newId('user')
    const refunded = changing(
      read,
      { paymentStatus: 'refunded', refundedAmount: read.total },
      { type: 'refunded', data: { refundId: newId('refund'), amount: read.total } },
    )
    expect(await Promise.all([claim(email, userId), shop.orders.saveChange(refunded)])).toEqual([1, 'saved'])
    expect(await shop.orders.find(order.id)).toMatchObject({ userId, paymentStatus: 'refunded', version: 3 })
  })
})

describe('an unpaid order of a guest', () => {
  it('stays the guest’s, and in the counter of the address, until it is paid for', async () => {
    const email = anEmail()
    const order = await placed(email)
    const userId = newId('user')
    expect(await claim(email, userId)).toBe(0)
    expect(await counted(email)).toEqual({ open_orders: 1, held_units: 3 })
    await capture(order)
    expect(await shop.claims.claimThese([order.id], now)).toBe(1)
    expect([await ownerOf(order.id), await counted(email)]).toEqual([userId, { open_orders: 0, held_units: 0 }])
  })

  it.each(['is cancelled', 'expires'])(
    'that %s is nobody else’s, so strangers cannot fill an account with orders',
    async (how) => {
      const email = anEmail()
      const order = await placed(email, how === 'expires' ? { expiresAt: later(-1) } : {})
      await (how === 'expires' ? shop.orders.expire({ now, limit: 1_000 }) : cancel(order))
      expect(await claim(email)).toBe(0)
      expect(await shop.claims.claimThese([order.id], now)).toBe(0)
    },
  )

  it.each([
    ['a payment', capture],
    ['a cancellation', cancel],
  ])('that meets %s and a verification at the same moment is counted once', async (_, change) => {
    const email = anEmail()
    const order = await placed(email)
    const userId = newId('user')
    await Promise.all([claim(email, userId), change(order)])
    await shop.claims.claimThese([order.id], now)
    const isPaid = (await shop.orders.find(order.id))?.paymentStatus === 'paid'
    expect(await ownerOf(order.id)).toBe(isPaid ? userId : null)
    expect(await counted(email)).toEqual({ open_orders: 0, held_units: 0 })
  })

  it('is claimed whichever comes first, of many that are paid while the address is verified', async () => {
    const email = anEmail()
    const orders: Order[] = []
    for (let made = 0; made < 3; made += 1) orders.push(await placed(email))
    const userId = newId('user')
    // Each payment is followed by its event, as a sweep would take it.
    const paying = orders.map(async (order) => {
      await capture(order)
      await shop.claims.claimThese([order.id], now)
    })
    await Promise.all([claim(email, userId), ...paying])
    expect(await Promise.all(orders.map(({ id }) => ownerOf(id)))).toEqual([userId, userId, userId])
  })

  it('is named to the sweep that claims it once it is paid or authorized', async () => {
    const email = anEmail()
    const order = await paid(email)
    const last = (await eventsOf(order)).at(-1)
    expect(last).toMatchObject({ type: 'order.paid', payload: { userId: null } })
    expect(last?.deliveries.map(({ consumer }) => consumer)).toContain('orders_claims')
  })
})

describe('a verified address', () => {
  it('is that of one account: the later verification wins, in whatever order the events arrive', async () => {
    const email = anEmail()
    const [former, owner] = [newId('user'), newId('user')]
    expect((await verify(email, { userId: owner, verifiedAt: later(9) })).isCurrent).toBe(true)
    expect((await verify(email, { userId: former, verifiedAt: later(5) })).isCurrent).toBe(false)
    const order = await paid(email)
    await shop.claims.claimThese([order.id], now)
    expect(await ownerOf(order.id)).toBe(owner)
  })

  it('is no longer the account’s once it has verified another one', async () => {
    const [before, after] = [anEmail(), anEmail()]
    const { userId } = await verify(before)
    await verify(after, { userId, verifiedAt: later(5) })
    // Its first event again, late.
    expect((await verify(before, { userId })).isCurrent).toBe(false)
    const orders = [await paid(before), await paid(after)]
    await shop.claims.claimThese(
      orders.map(({ id }) => id),
      now,
    )
    expect(await Promise.all(orders.map(({ id }) => ownerOf(id)))).toEqual([null, userId])
  })

  it('is the last one that the account has verified, when two are told at the same moment', async () => {
    const [before, after] = [anEmail(), anEmail()]
    const userId = newId('user')
    const customerKey = await customerKeyOf({ userId: null, email: before })
    const earlier = new pg.Client({ connectionString: database.adminUrl })
    await earlier.connect()
    await earlier.query('begin')
    await earlier.query('insert into orders.verified_emails values ($1, $2, $3)', [customerKey, userId, now])
    // The later one cannot see the earlier, which is not committed yet.
    const saving = verify(after, { userId, verifiedAt: later(5) })
    await eventually(
      async () => (await earlier.query("select 1 from pg_stat_activity where wait_event_type = 'Lock'")).rows.length,
      (waiting) => waiting === 1,
      10_000,
    ).finally(() => earlier.query('commit'))
    await earlier.end()
    expect((await saving).isCurrent).toBe(true)
    const orders = [await paid(before), await paid(after)]
    await shop.claims.claimThese(
      orders.map(({ id }) => id),
      now,
    )
    expect(await Promise.all(orders.map(({ id }) => ownerOf(id)))).toEqual([null, userId])
  })

  it('is nobody’s once the account is erased: an order would be erased that a guest has just paid for', async () => {
    const email = anEmail()
    const { userId, customerKey } = await verify(email)
    const before = await paid(email)
    await shop.erasures.request(userId, now)
    const after = await paid(email)
    expect(await shop.claims.claimThese([after.id], now)).toBe(0)
    // Its first event again, late.
    expect((await verify(email, { userId })).isCurrent).toBe(false)
    expect(await shop.claims.claimOf({ customerKey, userId }, now)).toBe(0)
    expect([await ownerOf(before.id), await ownerOf(after.id)]).toEqual([null, null])
  })

  it('is kept as a hash', async () => {
    const email = anEmail()
    await verify(email)
    const { rows } = await db.execute(sql`select * from orders.verified_emails`)
    expect(JSON.stringify(rows)).not.toContain(email)
  })
})

describe('a promotion for first orders', () => {
  it.each([true, false])('knows an order that the account has claimed: %s', async (isClaimed) => {
    const email = anEmail()
    const userId = newId('user')
    await paid(email)
    if (isClaimed) await claim(email, userId)
    const rules = await shop.rules.find({ codes: [], now, customerKey: `account:${userId}`, userId, country: null })
    expect(rules.isFirstOrder).toBe(!isClaimed)
  })

  it('still knows the order of the guest after an account has claimed it', async () => {
    const email = anEmail()
    await paid(email)
    await claim(email)
    const customerKey = await customerKeyOf({ userId: null, email })
    const rules = await shop.rules.find({ codes: [], now, customerKey, userId: null, country: null })
    expect(rules.isFirstOrder).toBe(false)
  })
})

describe('with 20,000 orders of guests', () => {
  it('those of an address are found by their index', async () => {
    const admin = new pg.Client({ connectionString: database.adminUrl })
    await admin.connect()
    await admin.query(`
      insert into orders.orders (id, email, customer_key, status, payment_status, subtotal, total, currency, created_at,
                                 updated_at, expires_at)
      select 'order_' || n, 'guest@example.com', 'email:' || n % 5000, 'delivered', 'paid', 100, 100, 'USD', now(), now(), now()
      from generate_series(1, 20000) n`)
    await admin.query(`
      insert into orders.verified_emails (customer_key, user_id, verified_at)
      select 'email:' || n, 'user_' || n, now() from generate_series(1, 5000) n`)
    await admin.query('vacuum analyze orders.orders, orders.verified_emails')
    const plan = await planOf(admin, () =>
      claimRepository(database.as('orders')).claimOf({ customerKey: 'email:7', userId: 'user_7' }, now),
    )
    await admin.end()
    expect(plan).toMatch(/orders_of_customer/)
    expect(plan).not.toMatch(/Seq Scan on orders/)
  })
})
