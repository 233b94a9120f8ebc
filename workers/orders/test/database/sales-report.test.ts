import type { PaymentsEvent } from '@shop/contracts/orders/rpc'
import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import type { PaymentId } from '@shop/kernel/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OrdersDeps, ordersRepositories } from '../../src/deps.ts'
import { reserveRefund } from '../../src/fulfillment/reserve-refund.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { moneyEntriesOf } from '../../src/payment-events/domain/money-entries.ts'
import { figuresOf, type SalesGroup } from '../../src/reports/domain/sales.ts'
import { capture as captureAsEvent } from '../support/capture.ts'
import { anOrder, NOWHERE, placing } from '../support/orders.ts'
import { disputeEvent, paymentEvent, refundEvent } from '../support/payments-events.ts'
import { testDeps } from '../support/test-deps.ts'

let database: ServiceDatabase
let shop: Pick<OrdersDeps, 'orders' | 'captures' | 'money' | 'sales'>
beforeAll(async () => {
  database = await startDatabase()
  shop = ordersRepositories(database.as('orders'))
})
afterAll(() => database.stop())

let year = 2100
/** A year that no other test sells in. */
const freshYear = () => {
  year += 1
  return String(year)
}

async function place(over: Partial<Order> = {}): Promise<Order> {
  const order = anOrder(over)
  expect(await shop.orders.insert(placing(order), NOWHERE)).toBe('inserted')
  return order
}

async function receive(event: PaymentsEvent, at: string): Promise<void> {
  await shop.money.record(moneyEntriesOf({ ...event, createdAt: new Date(at) }))
}

/** Pays an order as the event of its capture does. */
async function capture(order: Order, at: string, captured = order.total): Promise<PaymentId> {
  const paymentId = newId('payment')
  const { id: orderId, total: amount } = order
  const event = paymentEvent('payment.captured', order, paymentId, { capturedAmount: captured })
  const money = moneyEntriesOf({ ...event, createdAt: new Date(at) })
  const fact = { orderId, paymentId, chargeNo: 1, amount, captured, currency: order.currency }
  await captureAsEvent(shop, fact, new Date(at), money)
  return paymentId
}

const report = (from: string, to: string, over: { group?: SalesGroup; timeZone?: string; limit?: number } = {}) =>
  shop.sales.sumsOf({ from, to, timeZone: 'UTC', group: 'day', after: undefined, limit: 100, ...over })

async function figures(from: string, to: string) {
  const { totals } = await report(from, to)
  return totals.map(figuresOf)
}

describe('an order', () => {
  it('is a sale of the day of its capture, whenever it was placed', async () => {
    const y = freshYear()
    await capture(await place(), `${y}-03-05T00:00:00.000Z`)
    expect(await report(`${y}-03-04`, `${y}-03-05`)).toEqual({ rows: [], totals: [] })
    const { rows } = await report(`${y}-03-05`, `${y}-03-06`)
    expect(rows).toMatchObject([{ key: `${y}-03-05`, currency: 'USD', orders: 1, gross: 2_500, adjustments: 0 }])
    expect((await report(`${y}-03-06`, `${y}-03-07`)).totals).toEqual([])
  })

  it('is no sale while it is unpaid', async () => {
    const y = freshYear()
    await place({ createdAt: new Date(`${y}-03-05T00:00:00.000Z`) })
    expect((await report(`${y}-01-01`, `${y}-12-31`)).totals).toEqual([])
  })

  it('with nothing to pay is a sale of the day on which it was placed', async () => {
    const y = freshYear()
    await place({
      ...{ status: 'processing', paymentStatus: 'paid', createdAt: new Date(`${y}-03-05T12:00:00.000Z`) },
      ...{ total: 0, subtotal: 2_500, discountTotal: 2_500 },
      lines: anOrder().lines.map((line) => ({ ...line, discount: line.subtotal, total: 0 })),
    })
    expect(await figures(`${y}-03-05`, `${y}-03-06`)).toMatchObject([
      { orders: 1, gross: 2_500, discounts: 2_500, total: 0, captured: 0, net: 0 },
    ])
  })

  it('of which a part is captured shows the rest as a negative adjustment', async () => {
    const y = freshYear()
    await capture(await place(), `${y}-03-05T12:00:00.000Z`, 1_000)
    expect(await figures(`${y}-03-05`, `${y}-03-06`)).toMatchObject([
      { orders: 1, gross: 2_500, total: 2_500, adjustments: -1_500, captured: 1_000, net: 1_000 },
    ])
  })
})

describe('a refund', () => {
  it('counts on its own day, and nothing on the day of the sale', async () => {
    const y = freshYear()
    const order = await place()
    const paymentId = await capture(order, `${y}-03-31T23:59:59.999Z`)
    await receive(refundEvent('refund.succeeded', order, { paymentId }), `${y}-04-01T00:00:00.000Z`)
    expect(await figures(`${y}-03-01`, `${y}-04-01`)).toMatchObject([{ orders: 1, refunds: 0, net: 2_500 }])
    expect(await figures(`${y}-04-01`, `${y}-05-01`)).toMatchObject([{ orders: 0, gross: 0, refunds: 500, net: -500 }])
  })

  it('that is told several times, also before its capture, counts once and on its first day', async () => {
    const y = freshYear()
    const order = await place()
    const paymentId = newId('payment')
    const refund = refundEvent('refund.succeeded', order, { paymentId, refundId: newId('refund') })
    await Promise.all(Array.from({ length: 5 }, () => receive(refund, `${y}-03-06T12:00:00.000Z`)))
    const captured = paymentEvent('payment.captured', order, paymentId)
    await receive(captured, `${y}-03-05T12:00:00.000Z`)
    await receive(captured, `${y}-03-07T12:00:00.000Z`)
    const { rows } = await report(`${y}-03-01`, `${y}-04-01`)
    expect(rows.map(({ key, adjustments, refunds }) => [key, adjustments, refunds])).toEqual([
      [`${y}-03-05`, 2_500, 0],
      [`${y}-03-06`, 0, 500],
    ])
  })

  it('of a payment that is captured in parts adds up to them, also when it is told before some, and sells once', async () => {
    const y = freshYear()
    const [order, other] = [await place(), await place()]
    const paymentId = await capture(order, `${y}-03-05T12:00:00.000Z`, 1_000)
    const otherPayment = await capture(other, `${y}-03-05T12:00:00.000Z`, 1_000)
    const more = (of: Order, payment: PaymentId, capturedBefore: number, capturedAmount: number) =>
      receive(
        paymentEvent('payment.captured', of, payment, { capturedBefore, capturedAmount }),
        `${y}-03-06T12:00:00.000Z`,
      )
    for (let times = 0; times < 2; times += 1) {
      await more(order, paymentId, 1_000, 1_800)
      await more(order, paymentId, 1_800, 2_500)
      await receive(
        refundEvent('refund.succeeded', other, { paymentId: otherPayment, refundId: newId('refund') }),
        `${y}-04-06T12:00:00.000Z`,
      )
      await more(other, otherPayment, 1_000, 2_500)
    }
    expect(await figures(`${y}-03-01`, `${y}-04-01`)).toMatchObject([
      { orders: 2, total: 5_000, adjustments: 0, captured: 5_000, net: 5_000 },
    ])
  })

  it('of parts that a refund told first is not counted again by their own events', async () => {
    const y = freshYear()
    const order = await place()
    const paymentId = newId('payment')
    const refund = refundEvent('refund.succeeded', order, { paymentId, refundId: newId('refund') })
    await receive(refund, `${y}-03-06T12:00:00.000Z`)
    for (const [capturedBefore, capturedAmount] of [
      [0, 1_000],
      [1_000, 2_500],
    ] as const) {
      const part = paymentEvent('payment.captured', order, paymentId, { capturedBefore, capturedAmount })
      await receive(part, `${y}-03-05T12:00:00.000Z`)
    }
    expect(await figures(`${y}-03-01`, `${y}-04-01`)).toMatchObject([{ captured: 2_500, refunds: 500, net: 2_000 }])
  })

  it('that the bank sends back counts against the refunds', async () => {
    const y = freshYear()
    const order = await place()
    const paymentId = await capture(order, `${y}-03-05T12:00:00.000Z`)
    const refund = { paymentId, refundId: newId('refund') }
    await receive(refundEvent('refund.succeeded', order, refund), `${y}-03-06T12:00:00.000Z`)
    await receive(refundEvent('refund.returned', order, refund), `${y}-04-06T12:00:00.000Z`)
    expect(await figures(`${y}-04-01`, `${y}-05-01`)).toMatchObject([{ refunds: -500, net: 500 }])
    expect(await figures(`${y}-03-01`, `${y}-05-01`)).toMatchObject([{ refunds: 0, net: 2_500 }])
  })
})

describe('other money', () => {
  it('that a bank withdraws because of a dispute counts as disputes, until the shop wins', async () => {
    const y = freshYear()
    const order = await place()
    const paymentId = await capture(order, `${y}-03-05T12:00:00.000Z`)
    const dispute = disputeEvent(order, paymentId, { disputed: 2_500, chargedBack: 0 })
    const event = { ...dispute, payload: { ...dispute.payload, disputeId: newId('refund') } }
    await receive(event, `${y}-03-06T12:00:00.000Z`)
    expect(await figures(`${y}-03-01`, `${y}-04-01`)).toMatchObject([{ disputes: 2_500, net: 0 }])
    await receive({ ...event, payload: { ...event.payload, status: 'won' } }, `${y}-04-06T12:00:00.000Z`)
    expect(await figures(`${y}-04-01`, `${y}-05-01`)).toMatchObject([{ disputes: -2_500, net: 2_500 }])
  })

  it('of a second payment of the order is no second sale, but an adjustment, until it is refunded', async () => {
    const y = freshYear()
    const order = await place()
    await capture(order, `${y}-03-05T12:00:00.000Z`)
    const second = newId('payment')
    await receive(paymentEvent('payment.captured', order, second), `${y}-03-06T12:00:00.000Z`)
    const refund = refundEvent('refund.succeeded', order, { paymentId: second, amount: 2_500 })
    await receive(refund, `${y}-03-06T12:00:01.000Z`)
    expect(await figures(`${y}-03-01`, `${y}-04-01`)).toMatchObject([
      { orders: 1, total: 2_500, adjustments: 2_500, captured: 5_000, refunds: 2_500, net: 2_500 },
    ])
  })

  it('of an order that does not exist is not recorded', async () => {
    const y = freshYear()
    await receive(paymentEvent('payment.captured', anOrder(), newId('payment')), `${y}-03-05T12:00:00.000Z`)
    expect((await report(`${y}-01-01`, `${y}-12-31`)).totals).toEqual([])
  })
})

describe('events of one order that come at once', () => {
  it('are recorded once each, without failing for each other', async () => {
    const y = freshYear()
    for (let round = 0; round < 5; round += 1) {
      const order = await place()
      const [paymentId, second] = [newId('payment'), newId('payment')]
      const at = new Date(`${y}-03-05T12:00:00.000Z`)
      const captureBy = (payment: PaymentId) => {
        const { id: orderId, total: amount, currency: code } = order
        const money = moneyEntriesOf({ ...paymentEvent('payment.captured', order, payment), createdAt: at })
        const fact = { orderId, paymentId: payment, chargeNo: 1, amount, captured: amount, currency: code }
        return shop.captures.capturePending(fact, at, money)
      }
      const refunds = Array.from({ length: 4 }, () => refundEvent('refund.succeeded', order, { paymentId }))
      await Promise.all([
        ...[paymentId, second, paymentId].map(captureBy),
        ...refunds.map((refund) => receive(refund, at.toISOString())),
      ])
    }
    expect(await figures(`${y}-03-05`, `${y}-03-06`)).toMatchObject([
      { orders: 5, captured: 10 * 2_500, refunds: 20 * 500, net: 15_000 },
    ])
  })
})

describe('the rows', () => {
  it('of days follow the time zone, also when its clocks change', async () => {
    const y = freshYear()
    const timeZone = 'America/New_York'
    await capture(await place(), `${y}-01-01T04:59:59.999Z`)
    await capture(await place(), `${y}-01-01T05:00:00.000Z`)
    await capture(await place(), `${y}-07-02T03:59:59.999Z`)
    const { rows } = await report(`${y}-01-01`, `${y}-07-02`, { timeZone })
    expect(rows.map(({ key, orders }) => [key, orders])).toEqual([
      [`${y}-01-01`, 1],
      [`${y}-07-01`, 1],
    ])
  })

  it('of countries are those of the shipping address, or else of the billing address', async () => {
    const y = freshYear()
    const german = { line1: 'Hauptstraße 1', city: 'Bonn', country: 'DE' }
    const french = { line1: 'Rue 1', city: 'Paris', country: 'FR' }
    const orders = [
      await place({ shippingAddress: german, billingAddress: french }),
      await place({ shippingAddress: null, billingAddress: french }),
      await place({ shippingAddress: 'Main St 1, Springfield' }),
    ]
    for (const order of orders) await capture(order, `${y}-03-05T12:00:00.000Z`)
    const { rows } = await report(`${y}-03-05`, `${y}-03-06`, { group: 'country' })
    expect(rows.map(({ key }) => key)).toEqual([null, 'DE', 'FR'])
  })

  it('of products have what is of their lines; the rest is in a row of its own', async () => {
    const y = freshYear()
    const order = await place()
    const paymentId = await capture(order, `${y}-03-05T12:00:00.000Z`)
    await receive(refundEvent('refund.succeeded', order, { paymentId }), `${y}-03-05T13:00:00.000Z`)
    const { rows } = await report(`${y}-03-05`, `${y}-03-06`, { group: 'product' })
    expect(rows.map(({ key, name, orders, gross, refunds }) => [key, name, orders, gross, refunds])).toEqual([
      [null, null, 0, 0, 500],
      ['0000000000000001', 'Mug', 1, 2_000, 0],
      ['0000000000000002', 'Filter papers', 1, 500, 0],
    ])
  })

  it('of products have what was refunded for units of their lines; shipping and the fee stay in the row without a product', async () => {
    const y = freshYear()
    const order = await place()
    const paymentId = await capture(order, `${y}-03-05T12:00:00.000Z`)
    const refundId = newId('refund')
    const items = [{ lineId: order.lines[0]?.id ?? '', quantity: 1 }]
    const system = { kind: 'system' } as const
    const refund = { orderId: order.id, refundId, paymentId, actor: system, items, shipping: 0, restockingFee: 150 }
    expect(await reserveRefund(testDeps({ over: shop }).deps, refund)).toMatchObject({ ok: true })
    await receive(
      refundEvent('refund.succeeded', order, { paymentId, refundId, amount: 850 }),
      `${y}-03-06T12:00:00.000Z`,
    )
    const rowsOf = async (from: string, to: string) =>
      (await report(from, to, { group: 'product' })).rows.map(({ key, name, orders, refunds }) => [
        key,
        name,
        orders,
        refunds,
      ])
    const [mug, papers] = ['0000000000000001', '0000000000000002']
    expect(await rowsOf(`${y}-03-06`, `${y}-03-07`)).toEqual([
      [null, null, 0, -150],
      [mug, 'Mug', 0, 1_000],
    ])
    await receive(
      refundEvent('refund.returned', order, { paymentId, refundId, amount: 850 }),
      `${y}-04-06T12:00:00.000Z`,
    )
    expect(await rowsOf(`${y}-04-01`, `${y}-05-01`)).toEqual([
      [null, null, 0, 150],
      [mug, 'Mug', 0, -1_000],
    ])
    expect(await rowsOf(`${y}-03-01`, `${y}-05-01`)).toEqual([
      [null, null, 0, 0],
      [mug, 'Mug', 1, 0],
      [papers, 'Filter papers', 1, 0],
    ])
  })

  it('come page by page, sorted by currency and then by product', async () => {
    const y = freshYear()
    for (const code of ['USD', 'EUR']) await capture(await place({ currency: currency(code) }), `${y}-03-05T12:00:00Z`)
    const request = { from: `${y}-03-05`, to: `${y}-03-06`, timeZone: 'UTC', group: 'product' } as const
    const { rows: all } = await shop.sales.sumsOf({ ...request, after: undefined, limit: 10 })
    expect(all.map((row) => [row.currency, Number(row.key)])).toEqual([
      ['EUR', 0],
      ['EUR', 1],
      ['EUR', 2],
      ['USD', 0],
      ['USD', 1],
      ['USD', 2],
    ])
    for (const [index, after] of all.entries()) {
      const page = await shop.sales.sumsOf({ ...request, after, limit: 2 })
      expect(page.rows).toEqual(all.slice(index + 1, index + 3))
    }
  })
})
