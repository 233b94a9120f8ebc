import type { OrderStatus } from '@shop/contracts/orders/states'
import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import type { GiftCardId, UserId } from '@shop/kernel/ids'
import { addSeconds } from '@shop/kernel/time'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ordersRepositories } from '../../src/deps.ts'
import type { GiftCard, NewGiftCard } from '../../src/gift-cards/domain/gift-card.ts'
import { giftCardCodes } from '../../src/gift-cards/gift-card-codes.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { receiveEvents } from '../../src/payment-events/receive-events.ts'
import { isSettled } from '../../src/privacy/domain/remains.ts'
import { eraseCustomers } from '../../src/privacy/erase-customers.ts'
import { exportCustomer } from '../../src/privacy/export-customer.ts'
import { toOrdersExport } from '../../src/privacy/routes/orders-export-view.ts'
import { memoryCarts } from '../support/memory-carts.ts'
import { anOrder, changing, NOWHERE, placing } from '../support/orders.ts'
import { paymentEvent } from '../support/payments-events.ts'
import { testDeps } from '../support/test-deps.ts'

let database: ServiceDatabase
let repositories: ReturnType<typeof ordersRepositories>
beforeAll(async () => {
  database = await startDatabase()
  repositories = ordersRepositories(database.as('orders'))
})
afterAll(() => database.stop())
// A sweep goes through the erasures of everybody.
beforeEach(() => database.as('orders').execute(sql`delete from orders.erasures`))

const START = new Date('2026-11-23T10:00:00.000Z')
const ADDRESS = { name: 'Ada', line1: '1 Main Street', city: 'Berlin', postal_code: '10117', country: 'DE' }
const PERSONAL = { email: 'ada@example.com', note: 'Ring twice', shippingAddress: ADDRESS, billingAddress: ADDRESS }
const PAID = { paymentStatus: 'paid', capturedAmount: 2_500, stockCommitted: true } as const

/** The operations on the real database, with a clock of its own. */
function shop() {
  const clock = { now: START }
  const over = { ...repositories, ...memoryCarts(() => clock.now, repositories.rules.find), now: () => clock.now }
  const { deps } = testDeps({ over: { ...over, cartRows: repositories.cartRows } })
  return {
    deps,
    sweep: (now = clock.now) => {
      clock.now = now
      return eraseCustomers(deps)
    },
  }
}

/** An order of the user as it was placed and then changed. */
async function anOrderOf(userId: UserId, to: Partial<Order> = {}): Promise<Order> {
  const order = anOrder({ ...PERSONAL, userId })
  await repositories.orders.insert(placing(order), NOWHERE)
  if (Object.keys(to).length === 0) return order
  const change = changing(order, to, { type: 'updated' })
  expect(await repositories.orders.saveChange(change)).toBe('saved')
  return change.order
}

const ended = (status: OrderStatus, over: Partial<Order> = {}): Partial<Order> =>
  status === 'cancelled' ? { status, cancelReason: 'expired', ...over } : { status, ...PAID, ...over }
async function aCardOf({ id: orderId }: Order, over: Partial<NewGiftCard>, createdAt = START): Promise<GiftCardId> {
  const id = newId('giftCard')
  const card = {
    id,
    currency: currency('USD'),
    initialBalance: 500,
    source: 'refund',
    orderId,
    lineId: null,
    unit: null,
  } as const
  const codes = giftCardCodes(['a secret of at least thirty-two characters'])
  const rest = { refundId: newId('refund'), recipientEmail: null, note: null, expiresAt: null, createdAt }
  await repositories.giftCards.issue([{ ...card, ...rest, ...(await codes.issue(id)), ...over }])
  return id
}
const find = async ({ id }: Order) => (await repositories.orders.find(id)) as Order
const HOUR = 3_600

describe('an order of somebody who was erased', () => {
  it('keeps lines and amounts, and loses what its customer can be known by', async () => {
    const { deps, sweep } = shop()
    const userId = newId('user')
    const before = await anOrderOf(userId, ended('delivered'))
    await deps.erasures.request(userId, START)
    await sweep()
    const after = await find(before)
    expect(after).toEqual({
      ...before,
      ...{ email: null, note: null, billingAddress: null, shippingAddress: { country: 'DE', postal_code: '10117' } },
      updatedAt: START,
      erasedAt: START,
      version: before.version + 1,
    })
    const history = await repositories.orders.findWithEvents(before.id)
    expect(history?.events.at(-1)).toMatchObject({ type: 'erased', actor: { kind: 'system' }, data: {} })
    const [event] = await repositories.events.list({ key: before.id, type: 'order.erased', limit: 1 })
    expect(event).toMatchObject({ sequence: after.version, payload: { orderId: before.id } })
  })

  it('keeps what is needed to ship it until it is shipped', async () => {
    const { deps, sweep } = shop()
    const userId = newId('user')
    const open = await anOrderOf(userId, { status: 'processing', ...PAID })
    await deps.erasures.request(userId, START)
    await sweep()
    expect(await find(open)).toEqual(open)
    const shipped = changing(open, { status: 'shipped' }, { type: 'shipped' })
    await repositories.orders.saveChange(shipped)
    await sweep(addSeconds(START, HOUR - 1))
    expect((await find(open)).email).toBe('ada@example.com')
    await sweep(addSeconds(START, HOUR))
    expect((await find(open)).email).toBeNull()
  })

  it('takes the notes and addresses of its gift cards with it, and leaves those of others', async () => {
    const { deps, sweep } = shop()
    const userId = newId('user')
    const [erased, kept] = [await anOrderOf(userId, ended('delivered')), await anOrderOf(newId('user'))]
    const note = 'Ada called about the teapot'
    const ofErased = await aCardOf(erased, { note, recipientEmail: 'ada@example.com' })
    const bare = await aCardOf(erased, {})
    const other = await aCardOf(kept, { note })
    await deps.erasures.request(userId, START)
    const before = await repositories.giftCards.find(ofErased)
    await sweep()
    const cardOf = async (id: string) => (await repositories.giftCards.find(id))?.card
    expect(await cardOf(ofErased)).toMatchObject({ note: null, recipientEmail: null, balance: 500, version: 2 })
    expect(await cardOf(bare)).toMatchObject({ version: 1 })
    expect(await cardOf(other)).toMatchObject({ note, version: 1 })
    // What staff decided before it cannot bring the note back.
    const stale = { ...(before?.card as GiftCard), version: 2 }
    expect(await repositories.giftCards.save(stale)).toBe(false)
  })

  it('that is placed by a request on its way is erased, too, once it has ended', async () => {
    const { deps, sweep } = shop()
    const userId = newId('user')
    await deps.erasures.request(userId, START)
    await sweep()
    const late = await anOrderOf(userId, ended('cancelled'))
    await sweep(addSeconds(START, HOUR))
    expect((await find(late)).email).toBeNull()
  })

  it('stays erased when a payment is reported late', async () => {
    const { deps, sweep } = shop()
    const userId = newId('user')
    const expired = await anOrderOf(userId, ended('cancelled'))
    await deps.erasures.request(userId, START)
    await sweep()
    const event = paymentEvent('payment.captured', expired, newId('payment'))
    expect(await receiveEvents(deps, [event])).toMatchObject({ value: [{ outcome: 'done', decision: 'rejected' }] })
    expect(await find(expired)).toMatchObject({ email: null, shippingAddress: { country: 'DE' } })
  })

  it('is erased once, when two sweeps run at once and the event comes twice', async () => {
    const { deps, sweep } = shop()
    const userId = newId('user')
    const orders = await Promise.all(Array.from({ length: 5 }, () => anOrderOf(userId, ended('delivered'))))
    await Promise.all([deps.erasures.request(userId, START), deps.erasures.request(userId, START)])
    await Promise.all([sweep(), sweep()])
    await sweep(addSeconds(START, HOUR))
    expect((await Promise.all(orders.map(find))).map(({ version }) => version)).toEqual([3, 3, 3, 3, 3])
  })

  it('refuses a change that was decided before it was erased', async () => {
    const { deps, sweep } = shop()
    const userId = newId('user')
    const order = await anOrderOf(userId, ended('delivered'))
    await deps.erasures.request(userId, START)
    await sweep()
    const stale = changing(order, { metadata: { phone: '123' } }, { type: 'updated' })
    expect(await repositories.orders.saveChange(stale)).toBe('lost')
  })

  it('is settled in SQL as it is in the rules', async () => {
    const userId = newId('user')
    const money = [0, 1_000, 2_500]
    const orders: Order[] = []
    for (const status of ['pending', 'processing', 'shipped', 'delivered', 'cancelled'] as const) {
      for (const refundedAmount of status === 'pending' ? [0] : money) {
        for (const chargedBackAmount of status === 'pending' ? [0] : money) {
          for (const disputedAmount of status === 'pending' ? [0] : [0, 500]) {
            const captured = status === 'pending' ? {} : ended(status, PAID)
            const paymentStatus = refundedAmount === 2_500 ? 'refunded' : captured.paymentStatus
            const to = { ...captured, ...(paymentStatus && { paymentStatus }), refundedAmount, chargedBackAmount }
            orders.push(await anOrderOf(userId, { ...to, status, disputedAmount }))
          }
        }
      }
    }
    for (const paymentStatus of ['partially_paid', 'partially_refunded'] as const) {
      const captured = { ...ended('processing', PAID), paymentStatus, capturedAmount: 1_000, refundedAmount: 1_000 }
      orders.push(await anOrderOf(userId, captured))
    }
    const found = await repositories.erasures.listSettled(userId, 1_000)
    const expected = orders.filter(isSettled).map(({ id }) => id)
    expect(found.map(({ id }) => id).toSorted()).toEqual(expected.toSorted())
  })
})

describe('an erasure', () => {
  it('erases more orders than one batch has, without waiting', async () => {
    const { deps, sweep } = shop()
    const userId = newId('user')
    const orders = await Promise.all(Array.from({ length: 21 }, () => anOrderOf(userId, ended('delivered'))))
    await deps.erasures.request(userId, START)
    await sweep()
    await sweep()
    expect((await Promise.all(orders.map(find))).filter(({ email }) => email !== null)).toEqual([])
  })

  it('ends after a day, when no request from before can be on its way', async () => {
    const { deps, sweep } = shop()
    const userId = newId('user')
    await deps.erasures.request(userId, START)
    await sweep()
    const claim = (now: Date) => deps.erasures.claimDue({ now, leaseUntil: now, limit: 100 })
    expect(await claim(addSeconds(START, HOUR))).toContainEqual({ userId, requestedAt: START })
    await sweep(addSeconds(START, 25 * HOUR))
    const left = await claim(addSeconds(START, 1_000 * HOUR))
    expect(left.map((erasure) => erasure.userId)).not.toContain(userId)
  })

  it('deletes the carts of the customer, and their rows', async () => {
    const { deps, sweep } = shop()
    const userId = newId('user')
    const id = newId('cart')
    await repositories.cartRows.save({ id, userId, email: 'ada@example.com', createdAt: START, changedAt: START })
    await deps.erasures.request(userId, START)
    await sweep()
    expect(await deps.erasures.listCarts(userId, 10)).toEqual([])
  })

  it('tries again with a cart of which an order is being made', async () => {
    const { deps, sweep } = shop()
    const userId = newId('user')
    const id = newId('cart')
    await repositories.cartRows.save({ id, userId, email: null, createdAt: START, changedAt: START })
    await deps.erasures.request(userId, START)
    const { erase } = deps.carts
    deps.carts.erase = async () => ({ ok: false, failure: { code: 'cart_completing' } })
    await sweep()
    expect(await deps.erasures.listCarts(userId, 10)).toEqual([id])
    deps.carts.erase = erase
    await sweep(addSeconds(START, HOUR))
    expect(await deps.erasures.listCarts(userId, 10)).toEqual([])
  })
})

describe('the export of an account', () => {
  it('has the gift cards of its orders, newest first, without their codes', async () => {
    const { deps } = shop()
    const userId = newId('user')
    const order = await anOrderOf(userId)
    const older = await aCardOf(order, { note: 'For the broken teapot' })
    const newer = await aCardOf(order, { expiresAt: addSeconds(START, HOUR) }, addSeconds(START, 1))
    await aCardOf(await anOrderOf(newId('user')), {})
    const known = await exportCustomer(deps, userId)
    const { giftCards } = known.ok ? toOrdersExport(known.value, userId) : {}
    const shown = { status: 'active', balance: 5, initial_balance: 5, currency: 'USD', last_four: expect.any(String) }
    expect(giftCards).toMatchObject({
      items: [
        { ...shown, id: newer, expires_at: addSeconds(START, HOUR).toISOString() },
        { ...shown, id: older, order_id: order.id, note: 'For the broken teapot', expires_at: null },
      ],
      more: false,
    })
    expect(JSON.stringify(giftCards)).not.toMatch(/code/)
  })

  it('has at most 200 gift cards, and says that there are more', async () => {
    const { deps } = shop()
    const userId = newId('user')
    const order = await anOrderOf(userId)
    await Promise.all(Array.from({ length: 201 }, () => aCardOf(order, {})))
    const known = await exportCustomer(deps, userId)
    expect(known).toMatchObject({ value: { giftCards: { length: 200 }, hasMoreGiftCards: true } })
  })
})
