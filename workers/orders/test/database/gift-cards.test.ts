import type { Db } from '@shop/db/client'
import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { derivedId } from '@shop/kernel/derived-id'
import type { GiftCardId } from '@shop/kernel/ids'
import { ok } from '@shop/kernel/result'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ordersRepositories } from '../../src/deps.ts'
import { creditGiftCards } from '../../src/gift-cards/credit-gift-cards.ts'
import type { NewGiftCard } from '../../src/gift-cards/domain/gift-card.ts'
import { giftCardCodes } from '../../src/gift-cards/gift-card-codes.ts'
import { issueSoldCards } from '../../src/gift-cards/issue-sold-cards.ts'
import { issueStoreCredit } from '../../src/gift-cards/issue-store-credit.ts'
import { changeOrder, SYSTEM } from '../../src/orders/change-order.ts'
import { newOrder } from '../../src/orders/domain/new-order.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { cancelled, UNCHANGED } from '../../src/orders/domain/steps.ts'
import { applyRefund } from '../../src/payment-events/internal/apply-refund.ts'
import { anOrder, changing, NOWHERE } from '../support/orders.ts'
import { plainTotals } from '../support/purchases.ts'

let database: ServiceDatabase
let db: Db
let repositories: ReturnType<typeof ordersRepositories>
beforeAll(async () => {
  database = await startDatabase()
  db = database.as('orders')
  repositories = ordersRepositories(db)
})
afterAll(() => database.stop())

const USD = currency('USD')
const codes = giftCardCodes(['a secret of at least thirty-two characters'])
const placedAt = new Date('2026-11-23T10:00:00.000Z')
const deps = () => ({
  ...repositories,
  giftCardCodes: codes,
  now: () => new Date('2026-11-23T10:05:00.000Z'),
  wakeConsumers: async () => {},
})

async function issue(initialBalance: number, over: Partial<NewGiftCard> = {}): Promise<GiftCardId> {
  const id = newId('giftCard')
  await repositories.giftCards.issue([
    {
      ...{
        id,
        currency: USD,
        initialBalance,
        source: 'staff',
        orderId: null,
        lineId: null,
        unit: null,
        refundId: null,
      },
      ...{ recipientEmail: null, note: null, expiresAt: null, createdAt: new Date('2026-11-01T00:00:00.000Z') },
      ...(await codes.issue(id)),
      ...over,
    },
  ])
  return id
}

/** Places an order of 25.00 USD that cards pay in part. */
async function place(cards: [id: GiftCardId, amount: number][], over: Partial<Order> = {}) {
  const { lines, ...priced } = anOrder({ userId: null, email: 'guest@example.com', ...over })
  const id = newId('order')
  const { order, ...placed } = newOrder({
    ...{ id, number: priced.number, placedAt, expiresAt: new Date('2026-11-23T10:15:00.000Z') },
    buyer: { actor: { kind: 'guest' }, userId: null, email: 'guest@example.com' },
    priced: { ...priced, lines, giftCards: cards.map(([card, amount]) => ({ id: card, lastFour: '0000', amount })) },
    details: { shippingAddress: null, billingAddress: null, note: null, vatId: null, cartId: null, exchangeOf: null },
    giftCardPaymentId: await derivedId('payment', `gift_card:${id}`),
  })
  const fresh = { ...order, id, lines: lines.map((line) => ({ ...line, id: newId('orderLine') })) }
  return { order: fresh, written: await repositories.orders.insert({ order: fresh, ...placed }, NOWHERE) }
}

const cancel = (order: Order) =>
  changeOrder(deps(), { orderId: order.id, actor: SYSTEM }, (current) =>
    ok(current.status === 'cancelled' ? UNCHANGED : cancelled(current, 'cancelled_by_staff')),
  )

async function balanceOf(id: GiftCardId): Promise<number> {
  const found = await repositories.giftCards.findWithEntries(id)
  expect(found?.entries.reduce((sum, { amount }) => sum + amount, 0)).toBe(found?.card.balance)
  expect(found?.entries.length).toBeGreaterThan(0)
  return found?.card.balance ?? -1
}

async function eventsOf(key: string): Promise<unknown[]> {
  const { rows } = await db.execute<{ type: string; payload: { amount: number } }>(
    sql`select type, payload from orders.events where key = ${key} and type like 'gift_card.%' order by id`,
  )
  return rows.map(({ type, payload }) => [type, payload.amount])
}

const times = <T>(count: number, make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)))

describe('an order with gift cards', () => {
  it('takes what they pay when it is placed, and tells payments', async () => {
    const [one, other] = [await issue(2_000), await issue(3_000)]
    const { order, written } = await place([
      [one, 2_000],
      [other, 300],
    ])
    expect(written).toBe('inserted')
    const found = await repositories.orders.find(order.id)
    expect(found).toMatchObject({ giftCardAmount: 2_300, giftCardReturned: 0, status: 'pending', chargedAmount: 0 })
    expect(found?.furtherPayments).toEqual([await derivedId('payment', `gift_card:${order.id}`)])
    expect([await balanceOf(one), await balanceOf(other)]).toEqual([0, 2_700])
    expect(await eventsOf(order.id)).toEqual([['gift_card.spent', 2_300]])
    expect(await eventsOf(one)).toEqual([['gift_card.issued', 2_000]])
  })

  it('is paid by placing it where they pay all of it', async () => {
    const card = await issue(4_000)
    const { order } = await place([[card, 2_500]])
    expect(await repositories.orders.find(order.id)).toMatchObject({ status: 'processing', paymentStatus: 'paid' })
    const { rows } = await db.execute(sql`select amount from orders.money_entries where order_id = ${order.id}`)
    expect(rows).toEqual([{ amount: '0' }])
  })

  it.each([
    ['has less than its amount', { initialBalance: 100 }],
    ['has expired', { expiresAt: placedAt }],
    ['has another currency', { currency: currency('EUR') }],
  ])('is not written where a card %s', async (_, over) => {
    const [good, bad] = [await issue(1_000), await issue(2_000, over)]
    const { order, written } = await place([
      [good, 500],
      [bad, 500],
    ])
    expect(written).toBe('card_unspendable')
    expect(await repositories.orders.find(order.id)).toBeUndefined()
    expect(await balanceOf(good)).toBe(1_000)
    expect(await eventsOf(order.id)).toEqual([])
  })

  it('is not written where staff ended a card', async () => {
    const card = await issue(1_000)
    expect(await repositories.giftCards.void({ id: card, version: 1 }, placedAt)).toBe(true)
    expect(await balanceOf(card)).toBe(0)
    expect((await place([[card, 1]])).written).toBe('card_unspendable')
    expect(await eventsOf(card)).toEqual([
      ['gift_card.issued', 1_000],
      ['gift_card.ended', 1_000],
    ])
  })
})

describe('20 orders at once for the balance of one card', () => {
  it('spend exactly what is there', async () => {
    const [card, other] = [await issue(3_500), await issue(100_000)]
    const placed = await times(20, (index) => {
      const cards: [GiftCardId, number][] = [
        [card, 500],
        [other, 100],
      ]
      return place(index % 2 === 0 ? cards : cards.reverse())
    })
    expect(placed.filter(({ written }) => written === 'inserted')).toHaveLength(7)
    expect(placed.filter(({ written }) => written === 'card_unspendable')).toHaveLength(13)
    expect([await balanceOf(card), await balanceOf(other)]).toEqual([0, 99_300])
  })

  it('race with its end by staff: nothing is spent of an ended card, and nothing is lost', async () => {
    const card = await issue(10_000)
    const [placed, ended] = await Promise.all([
      times(10, () => place([[card, 500]])),
      repositories.giftCards.void({ id: card, version: 1 }, placedAt),
    ])
    const spent = placed.filter(({ written }) => written === 'inserted').length * 500
    expect(await balanceOf(card)).toBe(ended ? 0 : 10_000 - spent)
    if (ended) expect(spent).toBe(0)
  })
})

describe('a cancelled order', () => {
  it('returns once what its gift cards paid, by any kind of cancellation, even when repeated', async () => {
    const [one, other] = [await issue(2_000), await issue(3_000)]
    const { order } = await place([
      [one, 2_000],
      [other, 300],
    ])
    await Promise.all([cancel(order), cancel(order), cancel(order)])
    expect([await balanceOf(one), await balanceOf(other)]).toEqual([2_000, 3_000])
    expect(await repositories.orders.find(order.id)).toMatchObject({
      ...{ status: 'cancelled', paymentStatus: 'unpaid', giftCardAmount: 2_300, giftCardReturned: 2_300 },
      refundedAmount: 2_300,
    })
    expect(await eventsOf(order.id)).toEqual([
      ['gift_card.spent', 2_300],
      ['gift_card.returned', 2_300],
    ])
  })

  it('that only gift cards paid is refunded with that', async () => {
    const card = await issue(2_500)
    const { order } = await place([[card, 2_500]])
    await cancel(order)
    expect(await balanceOf(card)).toBe(2_500)
    expect(await repositories.orders.find(order.id)).toMatchObject({ paymentStatus: 'refunded', refundedAmount: 2_500 })
  })

  it('gives back only what refunds have left', async () => {
    const card = await issue(2_500)
    const { order } = await place([[card, 2_500]])
    const credit = { orderId: order.id, refundId: newId('refund'), amount: 700, currency: USD }
    await Promise.all([creditGiftCards(deps(), [credit]), creditGiftCards(deps(), [credit])])
    expect(await balanceOf(card)).toBe(700)
    await Promise.all([cancel(order), creditGiftCards(deps(), [credit])])
    expect(await balanceOf(card)).toBe(2_500)
    expect(await eventsOf(order.id)).toEqual([
      ['gift_card.spent', 2_500],
      ['gift_card.returned', 1_800],
    ])
  })

  it.each(['before', 'after'] as const)('counts a refund to its cards once, made %s it is cancelled', async (when) => {
    const card = await issue(2_000)
    const { order } = await place([[card, 2_000]])
    const paid = { status: 'processing', paymentStatus: 'paid', paymentId: newId('payment') } as const
    const money = { capturedAmount: 500, chargedAmount: 500 }
    await repositories.orders.saveChange(changing(order, { ...paid, ...money }, { type: 'paid' }))
    const refundId = newId('refund')
    const credit = () => creditGiftCards(deps(), [{ orderId: order.id, refundId, amount: 700, currency: USD }])
    if (when === 'before') await credit()
    await cancel(order)
    if (when === 'after') await credit()
    const [paymentId = newId('payment')] = order.furtherPayments
    const refund = { orderId: order.id, paymentId, refundId, amount: 700, captured: 0 }
    const details = { reason: 'broken', actor: SYSTEM, isCredit: true }
    await applyRefund(deps(), refund, details, undefined)
    await applyRefund(deps(), refund, details, undefined)
    expect(await balanceOf(card)).toBe(2_000)
    expect(await repositories.orders.find(order.id)).toMatchObject({ refundedAmount: 2_000, giftCardReturned: 2_000 })
  })

  it('lets an expired card be spent for 30 days', async () => {
    const card = await issue(2_500, { expiresAt: new Date('2026-11-23T10:01:00.000Z') })
    const { order } = await place([[card, 2_000]])
    const now = new Date('2026-11-23T10:04:00.000Z')
    await repositories.giftCards.expire({ now, limit: 10 })
    expect(await balanceOf(card)).toBe(0)
    await cancel(order)
    expect(await balanceOf(card)).toBe(2_000)
    const found = await repositories.giftCards.find(card)
    expect(found?.card.expiresAt).toEqual(new Date('2026-12-23T10:05:00.000Z'))
    expect(await repositories.giftCards.expire({ now, limit: 10 })).toBe(0)
  })
})

describe('orders that expire unpaid', () => {
  it('give the same card back all that each of them took', async () => {
    const card = await issue(5_000)
    await times(6, () => place([[card, 500]]))
    expect(await balanceOf(card)).toBe(2_000)
    const expire = () => repositories.orders.expire({ now: new Date('2026-11-24T00:00:00.000Z'), limit: 100 })
    await Promise.all([expire(), expire()])
    expect(await balanceOf(card)).toBe(5_000)
  })
})

describe('a refund of an order', () => {
  it('is credited to the card that was spent last, before the others', async () => {
    const [first, last] = [await issue(1_000, { expiresAt: new Date('2027-01-01T00:00:00.000Z') }), await issue(2_000)]
    const { order } = await place([
      [first, 1_000],
      [last, 500],
    ])
    const credit = { orderId: order.id, refundId: newId('refund'), amount: 800, currency: USD }
    expect(await creditGiftCards(deps(), [credit])).toEqual(ok([ok()]))
    expect([await balanceOf(first), await balanceOf(last)]).toEqual([300, 2_000])
    expect(await repositories.orders.find(order.id)).toMatchObject({ giftCardReturned: 800, version: 1 })
    const more = { ...credit, refundId: newId('refund') }
    await expect(creditGiftCards(deps(), [more])).rejects.toThrow('exceeds what gift cards paid')
  })

  it('is a new card where the customer gets store credit, once', async () => {
    const { order } = await place([])
    const refund = { orderId: order.id, refundId: newId('refund'), amount: 1_200, currency: USD }
    const unknown = { ...refund, orderId: newId('order'), refundId: newId('refund') }
    const answer = ok([ok(), { ok: false, failure: { code: 'order_not_found' } }])
    expect(await issueStoreCredit(deps(), [refund, unknown])).toEqual(answer)
    expect(await issueStoreCredit(deps(), [refund, unknown])).toEqual(answer)
    const cards = await repositories.giftCards.list({ orderId: order.id, limit: 5 }, placedAt)
    expect(cards).toMatchObject([{ source: 'refund', balance: 1_200, recipientEmail: 'guest@example.com' }])
    expect(await eventsOf(cards[0]?.id ?? '')).toEqual([['gift_card.issued', 1_200]])
  })
})

describe('a paid order of gift cards', () => {
  const sweep = () => issueSoldCards({ ...deps(), giftCardDays: 365, warn: () => {} })
  const cardsOf = ({ id }: Order) => repositories.giftCards.list({ orderId: id, limit: 5 }, placedAt)

  /** An order of two gift cards of 10.00 each. */
  async function placeCards(): Promise<Order> {
    const [line] = anOrder().lines
    if (line === undefined) throw new Error('no line')
    return (await place([], { lines: [{ ...line, isGiftCard: true }], ...plainTotals(2_000) })).order
  }

  /** Records that so much of 20.00 was captured, and that the units have left the stock. */
  async function capture(order: Order, capturedAmount: number): Promise<void> {
    const paid = { status: 'processing', paymentStatus: 'paid', paymentId: newId('payment') } as const
    const money = { chargedAmount: 2_000, capturedAmount }
    await repositories.orders.saveChange(changing(order, { ...paid, ...money }, { type: 'paid' }))
    const found = await repositories.orders.find(order.id)
    if (found === undefined) throw new Error('no order')
    await repositories.orders.saveChange(changing(found, { stockCommitted: true }, { type: 'stock_committed' }))
  }

  it('gets one card for each unit, however often the sweep comes by, and has delivered them', async () => {
    const order = await placeCards()
    await sweep()
    expect(await cardsOf(order)).toEqual([])
    await capture(order, 2_000)
    await Promise.all([sweep(), sweep()])
    await sweep()
    const cards = await cardsOf(order)
    expect(cards.map(({ unit }) => unit).sort()).toEqual([1, 2])
    expect(cards[0]).toMatchObject({ balance: 1_000, source: 'sale', recipientEmail: 'guest@example.com' })
    expect(cards[0]?.expiresAt).toEqual(new Date('2027-11-23T10:05:00.000Z'))
    expect(await repositories.orders.find(order.id)).toMatchObject({ status: 'delivered' })
  })

  it('gets none, and ships none, while only a part of what is due was captured', async () => {
    const order = await placeCards()
    await capture(order, 1_999)
    await sweep()
    expect(await cardsOf(order)).toEqual([])
    const found = await repositories.orders.find(order.id)
    expect(found).toMatchObject({ status: 'processing', fulfillmentStatus: 'unfulfilled', shipments: [] })
    if (found === undefined) throw new Error('no order')
    await repositories.orders.saveChange(changing(found, { capturedAmount: 2_000 }, { type: 'paid' }))
    await sweep()
    expect(await cardsOf(order)).toHaveLength(2)
  })
})

describe('codes that an address names', () => {
  it('are refused beyond the limit, exactly, and counted anew after an hour', async () => {
    const count = (at: string) => repositories.codeAttempts.count('one address', 1, { quota: 5, now: new Date(at) })
    const counted = await times(9, () => count('2026-11-23T10:00:00.000Z'))
    expect(counted.filter(({ isAllowed }) => isAllowed)).toHaveLength(5)
    expect(counted[0]?.resetsAt).toEqual(new Date('2026-11-23T11:00:00.000Z'))
    expect(await count('2026-11-23T11:00:00.000Z')).toMatchObject({ isAllowed: true })
  })
})
