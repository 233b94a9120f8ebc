import type { Db } from '@shop/db/client'
import { eventLog } from '@shop/db/events/log'
import { ordersEvents } from '@shop/db/schema/orders'
import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { ok } from '@shop/kernel/result'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OrdersDeps, ordersRepositories } from '../../src/deps.ts'
import { createShipment } from '../../src/fulfillment/create-shipment.ts'
import { changeOrder } from '../../src/orders/change-order.ts'
import { amountDueOf } from '../../src/orders/domain/amount-due.ts'
import { cancel } from '../../src/orders/domain/lifecycle.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { createReturn } from '../../src/returns/create-return.ts'
import { exchangeReturn } from '../../src/returns/exchange-return.ts'
import { receiveReturn } from '../../src/returns/receive-return.ts'
import { newestReturn, receiptOf, returnDraftOf } from '../support/returns.ts'
import { draftOf } from '../support/shipments.ts'
import { readOrder, storePaidOrder } from '../support/stored-orders.ts'
import { quoteOf, testDeps } from '../support/test-deps.ts'

let database: ServiceDatabase
let db: Db
beforeAll(async () => {
  database = await startDatabase()
  db = database.as('orders')
})
afterAll(() => database.stop())

const admin = { kind: 'user', userId: newId('user'), role: 'admin' } as const

/** Everything that is for sale costs so much. */
const pricedAt = (price: number, over: Partial<OrdersDeps> = {}) =>
  testDeps({
    over: { ...ordersRepositories(db), ...over },
    catalog: { quote: async ({ refs }) => ok(refs.map((ref) => quoteOf(1, { ...ref, price }))) },
  })

/** An order of which so many units of each line came back. The mugs cost 10.00 each, the papers 5.00. */
async function returnedOrder(quantities: number[]): Promise<Order> {
  const { deps } = pricedAt(1_000)
  const order = await storePaidOrder({ db, deps })
  await createShipment(deps, admin, order.id, draftOf(order, [2, 1]), crypto.randomUUID())
  const access = { orderId: order.id, caller: admin, orderToken: null }
  await createReturn(deps, access, returnDraftOf(order, quantities), crypto.randomUUID())
  const returnId = newestReturn(await readOrder(deps, order)).id
  const receipt = { returnId, items: receiptOf(order, quantities) }
  await receiveReturn(deps, admin, receipt, crypto.randomUUID())
  return readOrder(deps, order)
}

const exchange = (deps: OrdersDeps, order: Order, quantity = 1, key: string = crypto.randomUUID()) =>
  exchangeReturn(deps, admin, { returnId: newestReturn(order).id, items: [{ variantId: 11, quantity }] }, key)

/** The events of an order beside those of its returns and shipments, by type. */
async function eventsOf(id: string) {
  const events = await eventLog(db, ordersEvents).list({ key: id, limit: 20 })
  return Object.fromEntries(events.map(({ type, payload }) => [type, payload as Record<string, unknown>]))
}

const cardsOf = async ({ id }: Order) =>
  (
    await db.execute<{ balance: number; entries: { kind: string; amount: number }[] }>(sql`
      select card.balance::int as balance, (
        select json_agg(json_build_object('kind', entry.kind, 'amount', entry.amount) order by entry.seq)
        from orders.gift_card_entries entry where entry.gift_card_id = card.id) as entries
      from orders.gift_cards card where card.order_id = ${id}`)
  ).rows

describe('an exchange', () => {
  it('for the same price costs nothing: the value of the units pays the new order', async () => {
    const original = await returnedOrder([1, 0])
    const { deps, calls } = pricedAt(1_000)
    const made = await exchange(deps, original)
    if (!made.ok) throw new Error(made.failure.code)
    const placed = await readOrder(deps, made.value.value.exchange)
    const returnId = newestReturn(original).id
    expect(placed).toMatchObject({
      ...{ exchangeOf: returnId, userId: original.userId, status: 'processing', paymentStatus: 'paid' },
      ...{ total: 1_000, giftCardAmount: 1_000, stockCommitted: true, shippingAddress: original.shippingAddress },
    })
    expect(calls).toContain(`sell ${placed.id}`)
    const after = await readOrder(deps, original)
    expect(after).toEqual(made.value.value.order)
    expect(newestReturn(after).exchangeOrderId).toBe(placed.id)
    expect(after.lines[0]?.units).toMatchObject({ refunded: 1, refundedAmount: 1_000, removed: 0 })
    expect(after.lineRefunds).toMatchObject([{ origin: 'exchange', state: 'reserved', amount: 1_000, returnId }])
    const [refund] = after.lineRefunds
    expect((await eventsOf(original.id))['order.refund_due']).toEqual({
      ...{ orderId: original.id, refundId: refund?.refundId, origin: 'exchange', currency: 'USD' },
      ...{ amount: 1_000, storeCredit: 1_000 },
    })
    expect((await eventsOf(placed.id))['gift_card.spent']).toMatchObject({
      ...{ orderId: placed.id, paymentId: placed.furtherPayments[0], amount: 1_000 },
    })
    expect(await cardsOf(original)).toEqual([
      {
        balance: 0,
        entries: [
          { kind: 'issued', amount: 1_000 },
          { kind: 'spent', amount: -1_000 },
        ],
      },
    ])
  })

  it('for something dearer leaves the difference to be paid', async () => {
    const original = await returnedOrder([1, 0])
    const { deps } = pricedAt(1_400)
    const made = await exchange(deps, original)
    if (!made.ok) throw new Error(made.failure.code)
    const placed = await readOrder(deps, made.value.value.exchange)
    expect(placed).toMatchObject({ status: 'pending', paymentStatus: 'unpaid', total: 1_400, giftCardAmount: 1_000 })
    expect(amountDueOf(placed)).toBe(400)
    expect((await eventsOf(original.id))['order.refund_due']).toMatchObject({ amount: 1_000, storeCredit: 1_000 })
  })

  it('that is cancelled gives the value back to a card, whose code is mailed then and not before', async () => {
    const original = await returnedOrder([1, 0])
    const { deps } = pricedAt(1_000)
    const made = await exchange(deps, original)
    if (!made.ok) throw new Error(made.failure.code)
    const [card] = await deps.giftCards.list({ orderId: original.id, limit: 5 }, deps.now())
    if (card === undefined) throw new Error('no card')
    expect(await deps.giftCards.listMailed([card.id])).toEqual([])
    const target = { orderId: made.value.value.exchange.id, actor: { kind: 'staff', userId: admin.userId } } as const
    await changeOrder(deps, target, (order) => cancel(order, target.actor))
    expect((await eventsOf(card.id))['gift_card.restored']).toMatchObject({ source: 'exchange', amount: 1_000 })
    expect(await deps.giftCards.listMailed([card.id])).toMatchObject([
      { card: { balance: 1_000 }, userId: original.userId },
    ])
  })

  it('for something cheaper leaves the rest to be refunded', async () => {
    const original = await returnedOrder([2, 1])
    const { deps } = pricedAt(700)
    const made = await exchange(deps, original)
    if (!made.ok) throw new Error(made.failure.code)
    expect(await readOrder(deps, made.value.value.exchange)).toMatchObject({ paymentStatus: 'paid', total: 700 })
    expect((await eventsOf(original.id))['order.refund_due']).toMatchObject({ amount: 2_500, storeCredit: 700 })
    expect((await cardsOf(original)).map(({ balance }) => balance)).toEqual([0])
  })

  it('is made once for each key, and once for a return, however many ask for it at once', async () => {
    const original = await returnedOrder([1, 0])
    const { deps } = pricedAt(1_000)
    const key = crypto.randomUUID()
    const answers = await Promise.all([1, 2, 3].map(() => exchange(deps, original, 1, key)))
    const ids = answers.map((answer) => (answer.ok ? answer.value.value.exchange.id : answer.failure.code))
    expect(new Set(ids).size).toBe(1)
    expect(answers.filter((answer) => answer.ok && !answer.value.replayed)).toHaveLength(1)
    const { rows } = await db.execute(
      sql`select id from orders.orders where exchange_of = ${newestReturn(original).id}`,
    )
    expect(rows).toHaveLength(1)
    expect(await cardsOf(original)).toHaveLength(1)
    expect(await exchange(deps, original)).toEqual({
      ok: false,
      failure: { code: 'return_exchanged', returnId: newestReturn(original).id, exchangeOrderId: ids[0] },
    })
  })

  it('writes nothing where the original order changes at the same time, and releases the stock', async () => {
    const original = await returnedOrder([1, 0])
    const { deps, calls } = pricedAt(1_000)
    const changing: OrdersDeps = {
      ...deps,
      returns: {
        ...deps.returns,
        saveExchange: async (made) => {
          await db.execute(sql`update orders.orders set version = version + 1 where id = ${original.id}`)
          return deps.returns.saveExchange(made)
        },
      },
    }
    expect(await exchange(changing, original)).toEqual({ ok: false, failure: { code: 'order_changed' } })
    expect(calls.filter((call) => call.startsWith('release'))).toHaveLength(1)
    expect(await cardsOf(original)).toEqual([])
    expect(await readOrder(deps, original)).toMatchObject({ lineRefunds: [], returns: [{ exchangeOrderId: null }] })
    const { rows } = await db.execute(
      sql`select id from orders.orders where exchange_of = ${newestReturn(original).id}`,
    )
    expect(rows).toEqual([])
  })

  it('that leaves an amount which Stripe cannot refund is refused before anything is held', async () => {
    const KWD = currency('KWD')
    const original = await returnedOrder([1, 0])
    await db.execute(sql`update orders.orders set currency = 'KWD' where id = ${original.id}`)
    const soldAt = (price: number) => {
      const quote: OrdersDeps['catalog']['quote'] = async ({ refs }) =>
        ok(refs.map((ref) => quoteOf(1, { ...ref, price, currency: KWD })))
      return testDeps({ over: { ...ordersRepositories(db) }, catalog: { quote } })
    }
    const odd = soldAt(705)
    expect(await exchange(odd.deps, original)).toMatchObject({
      failure: { code: 'amount_not_chargeable', currency: 'KWD', step: 0.01 },
    })
    expect(odd.calls).toEqual([])
    expect(await cardsOf(original)).toEqual([])
    const made = await exchange(soldAt(700).deps, original)
    expect(made.ok && made.value.value.exchange).toMatchObject({ total: 700, giftCardAmount: 700 })
  })

  it('is of units that came back', async () => {
    const original = await returnedOrder([1, 0])
    const { deps } = pricedAt(1_000)
    expect(
      await exchange(deps, { ...original, returns: [{ ...newestReturn(original), id: newId('return') }] }),
    ).toMatchObject({
      failure: { code: 'return_not_found' },
    })
    const access = { orderId: original.id, caller: admin, orderToken: null }
    await createReturn(deps, access, returnDraftOf(original, [0, 1]), crypto.randomUUID())
    expect(await exchange(deps, await readOrder(deps, original))).toEqual({
      ok: false,
      failure: { code: 'nothing_to_refund' },
    })
  })
})
