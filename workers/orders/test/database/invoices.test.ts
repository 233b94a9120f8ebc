import type { Db } from '@shop/db/client'
import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import pMap from 'p-map'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OrdersDeps, ordersRepositories } from '../../src/deps.ts'
import { documentOf } from '../../src/invoices/domain/document-of.ts'
import type { Invoice } from '../../src/invoices/domain/invoice.ts'
import { invoiceEdit, invoicePaid } from '../../src/invoices/domain/invoicing.ts'
import { newOrder } from '../../src/orders/domain/new-order.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { changeOf } from '../../src/orders/domain/steps.ts'
import { recordCapture } from '../../src/payment-events/domain/capture.ts'
import type { MoneyEntry } from '../../src/payment-events/domain/money-entries.ts'
import { recordRefund, recordRefundReturn } from '../../src/payment-events/domain/refund.ts'
import { remainsOf } from '../../src/privacy/domain/remains.ts'
import { aTaxedOrder } from '../support/invoiced-orders.ts'
import { anOrder, changing, NOWHERE, placing } from '../support/orders.ts'
import { plainPart, plainTotals } from '../support/purchases.ts'

let database: ServiceDatabase
let db: Db
let deps: ReturnType<typeof ordersRepositories>

beforeAll(async () => {
  database = await startDatabase()
  db = database.as('orders')
  deps = ordersRepositories(db)
})
afterAll(() => database.stop())

const now = new Date('2026-11-23T10:00:00.000Z')
const SYSTEM = { actor: { kind: 'system' }, at: now } as const
const captureOf = (order: Order, captured = order.total) => {
  const { id: orderId, total: amount, currency } = order
  return { orderId, paymentId: newId('payment'), chargeNo: 1, amount, captured, currency }
}
const refundOf = ({ id: orderId, paymentId, capturedAmount: captured }: Order, amount: number) => {
  if (paymentId === null) throw new Error('A paid order')
  return { orderId, paymentId, refundId: newId('refund'), amount, captured }
}
const issuedOf = ({ id }: Order): Promise<Invoice[]> => deps.invoices.listOf([id])
const summed = (issued: Invoice[]) => issued.map(({ series, total, cause }) => [series, total, cause.split(':')[0]])

async function placed(order = aTaxedOrder()): Promise<Order> {
  expect(await deps.orders.insert(placing(order), NOWHERE)).toBe('inserted')
  return order
}
async function paid(order?: Order): Promise<Order> {
  const { order: after } = await deps.captures.capturePending(captureOf(await placed(order)), now)
  if (after === undefined) throw new Error('The order exists')
  return after
}
async function saved(order: Order, step: Parameters<typeof changeOf>[1] | { kind: 'unchanged' }): Promise<Order> {
  if (step.kind === 'unchanged') throw new Error('A change')
  const change = changeOf(order, step, SYSTEM)
  expect(await deps.orders.saveChange(change)).toBe('saved')
  return change.order
}

const freeLines = (): Order['lines'] => anOrder().lines.map((line) => ({ ...line, unitPrice: 0, ...plainPart(0) }))

/** Sequences of a series in their order. */
async function sequencesOf(series: Invoice['series']): Promise<number[]> {
  const { rows } = await db.execute<{ sequence: string }>(
    sql`select sequence from orders.invoices where series = ${series} order by sequence`,
  )
  return rows.map(({ sequence }) => Number(sequence))
}
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)
async function withoutGaps() {
  for (const series of ['invoice', 'credit_note'] as const) {
    const sequences = await sequencesOf(series)
    expect(sequences).toEqual(upTo(sequences.length))
    const { rows } = await db.execute<{ last: string }>(
      sql`select last from orders.invoice_counters where series = ${series}`,
    )
    expect(Number(rows[0]?.last ?? 0)).toBe(sequences.length)
  }
}

describe('the invoice of an order', () => {
  it('is issued by the statement that makes it paid, and is what the domain decides from the order', async () => {
    const order = await placed()
    expect(await issuedOf(order)).toEqual([])
    database.resetCounts()
    const { order: after } = await deps.captures.capturePending(captureOf(order), now)
    expect(database.counts().roundTrips).toBe(1)
    const [invoice, ...others] = await issuedOf(order)
    expect(others).toEqual([])
    expect(invoice).toMatchObject({
      ...{ series: 'invoice', cause: 'paid', orderId: order.id, orderVersion: 2, issuedAt: now, total: 2_790 },
      ...{ number: expect.stringMatching(/^INV-\d+$/), currency: 'USD', document: documentOf(order) },
      buyer: { email: null, vatId: null, shippingAddress: order.shippingAddress, billingAddress: null },
    })
    expect(after?.invoiced).toEqual(invoicePaid({ ...order, capturedAmount: order.total }).invoiced)
  })

  it('is the same where nothing is shipped or taxed', async () => {
    const order = await paid(anOrder())
    expect((await issuedOf(order))[0]?.document).toEqual(documentOf(order))
  })

  it('is issued for an order that costs nothing when it is placed', async () => {
    const userId = newId('user')
    const free = newOrder({
      ...{ id: newId('order'), number: anOrder().number, placedAt: now, expiresAt: now },
      buyer: { actor: { kind: 'customer', userId }, userId, email: null },
      priced: { ...plainTotals(0), currency: currency('USD'), lines: freeLines(), giftCards: [] },
      giftCardPaymentId: newId('payment'),
      details: { shippingAddress: null, billingAddress: null, note: null, vatId: null, cartId: null, exchangeOf: null },
    })
    expect(await deps.orders.insert(free, NOWHERE)).toBe('inserted')
    expect(await issuedOf(free.order)).toMatchObject([
      { series: 'invoice', cause: 'paid', orderVersion: 2, total: 0, document: documentOf(free.order) },
    ])
    expect(await deps.orders.find(free.order.id)).toEqual(free.order)
  })

  it('is issued for an authorized order when it is captured, with a credit note over what was not captured', async () => {
    const order = await placed()
    const fact = captureOf(order, 1_395)
    expect(await deps.captures.capturePending(fact, now)).toMatchObject({ captured: false })
    await saved(order, recordCapture(order, fact).step)
    expect(summed(await issuedOf(order))).toEqual([
      ['credit_note', 1_395, 'uncaptured'],
      ['invoice', 2_790, 'paid'],
    ])
  })

  it('is not issued again, and takes no number, when the capture is repeated or raced', async () => {
    const order = await placed()
    const fact = captureOf(order)
    const before = (await sequencesOf('invoice')).length
    const captures = await Promise.all([1, 2, 3, 4].map(() => deps.captures.capturePending(fact, now)))
    expect(captures.filter(({ captured }) => captured)).toHaveLength(1)
    await deps.captures.capturePending(fact, now)
    expect(await sequencesOf('invoice')).toHaveLength(before + 1)
    await withoutGaps()
  })

  it('keeps its number to itself where the statement is undone', async () => {
    const order = await placed()
    const change = changeOf(order, recordCapture(order, captureOf(order)).step as never, SYSTEM)
    const twice = { ...change, invoices: change.invoices?.flatMap((due) => [due, due]) }
    await expect(deps.orders.saveChange(twice)).rejects.toThrow()
    const broken = { ...change, order: { ...change.order, capturedAmount: order.total + 1 } }
    await expect(deps.orders.saveChange(broken)).rejects.toThrow()
    expect(await issuedOf(order)).toEqual([])
    expect(await deps.orders.saveChange(change)).toBe('saved')
    expect(await deps.orders.saveChange(change)).toBe('lost')
    await withoutGaps()
  })

  it('gives its number back where its transaction ends after it was taken', async () => {
    const order = await placed()
    const fact = captureOf(order)
    const money = {
      ...{ key: `captured:${fact.paymentId}`, kind: 'captured', amount: -1, at: now.toISOString() },
      ...{ orderId: order.id, paymentId: fact.paymentId, currency: 'USD' },
    } as unknown as MoneyEntry
    await expect(deps.captures.capturePending(fact, now, [money])).rejects.toThrow()
    expect(await issuedOf(order)).toEqual([])
    await withoutGaps()
    expect(await deps.captures.capturePending(fact, now)).toMatchObject({ captured: true })
    await withoutGaps()
  })

  it('cannot be changed, renumbered or deleted by the service', async () => {
    const order = await paid()
    const where = sql`where order_id = ${order.id}`
    for (const statement of [
      sql`update orders.invoices set number = 'INV-0' ${where}`,
      sql`update orders.invoices set document = '{}' ${where}`,
      sql`delete from orders.invoices ${where}`,
      sql`delete from orders.invoice_counters`,
    ]) {
      await expect(db.execute(statement)).rejects.toThrow()
    }
  })

  it('loses its buyer with the order, and nothing else', async () => {
    const order = await paid(
      aTaxedOrder({ email: 'ada@example.com', shippingAddress: { name: 'Ada', line1: '1 Main St', country: 'US' } }),
    )
    const [before] = await issuedOf(order)
    expect(await deps.erasures.eraseOrder(order, remainsOf(order), now)).toBe(true)
    const [after] = await issuedOf(order)
    expect(after).toEqual({
      ...before,
      buyer: { email: null, vatId: null, shippingAddress: { country: 'US' }, billingAddress: null },
    })
  })
})

describe('the credit note of a refund', () => {
  it('is issued once, however often the refund is reported', async () => {
    const order = await paid()
    const refund = refundOf(order, 1_000)
    const refunded = await saved(order, recordRefund(order, refund, { reason: 'broken' }))
    expect(summed(await issuedOf(order))).toEqual([
      ['invoice', 2_790, 'paid'],
      ['credit_note', 1_000, 'refund'],
    ])
    const again = changeOf(refunded, recordRefund(refunded, refund, { reason: 'broken' }) as never, SYSTEM)
    expect(await deps.orders.saveChange(again)).toBe('repeated')
    expect(await issuedOf(order)).toHaveLength(2)
    await withoutGaps()
  })

  it('is taken back by an invoice when the bank returns the refund', async () => {
    const order = await paid()
    const refund = refundOf(order, 1_000)
    const refunded = await saved(order, recordRefund(order, refund, { reason: 'broken' }))
    const creditNote = (await issuedOf(order)).find(({ series }) => series === 'credit_note')
    const returned = await saved(refunded, recordRefundReturn(refunded, refund, creditNote))
    const issued = await issuedOf(order)
    expect(summed(issued).at(-1)).toEqual(['invoice', 1_000, 'refund_returned'])
    expect(issued.at(-1)?.document).toEqual(creditNote?.document)
    expect((await deps.orders.find(order.id))?.invoiced?.total).toBe(2_790)
    expect(returned.invoiced?.total).toBe(2_790)
  })
})

describe('an edit of an invoiced order', () => {
  it('issues a credit note and an invoice in its statement', async () => {
    const before = await paid()
    const after = { ...before, version: before.version + 1 }
    const { invoices, invoiced } = invoiceEdit(before, after)
    const change = { ...changing(before, { invoiced }, { type: 'updated' }), invoices }
    expect(await deps.orders.saveChange(change)).toBe('saved')
    expect(summed(await issuedOf(before))).toEqual([
      ['invoice', 2_790, 'paid'],
      ['credit_note', 2_790, 'edit'],
      ['invoice', 2_790, 'edit'],
    ])
    await withoutGaps()
  })
})

/** How many orders 50 payers pay at once. Each capture is a statement of its own connection. */
const PAYERS = 50
const INVOICES = process.env.LONG === '1' ? 1_000 : 200

describe(`${INVOICES} orders`, () => {
  it(`paid by ${PAYERS} payers at once have numbers without gaps and doubles, whatever is undone between them`, async () => {
    const orders = await pMap(upTo(INVOICES), () => placed(), { concurrency: PAYERS })
    const before = (await sequencesOf('invoice')).length
    const began = performance.now()
    await pMap(
      orders,
      async (order, index) => {
        const fact = captureOf(order)
        if (index % 7 === 0) await expect(failing(order)).rejects.toThrow()
        const times = index % 5 === 0 ? 2 : 1
        await Promise.all(upTo(times).map(() => deps.captures.capturePending(fact, now)))
      },
      { concurrency: PAYERS },
    )
    const seconds = (performance.now() - began) / 1_000
    console.log(`${INVOICES} invoices by ${PAYERS} payers: ${seconds.toFixed(1)} s`)
    expect(await sequencesOf('invoice')).toHaveLength(before + INVOICES)
    await withoutGaps()
    const issued = await deps.invoices.listOf(orders.map(({ id }) => id))
    expect(new Set(issued.map(({ number }) => number)).size).toBe(INVOICES)
    expect(new Set(issued.map(({ orderId }) => orderId)).size).toBe(INVOICES)
  }, 300_000)
})

/** A change that takes a number, and is undone: more is captured than the total. */
function failing(order: Order): ReturnType<OrdersDeps['orders']['saveChange']> {
  const change = changeOf(order, recordCapture(order, captureOf(order)).step as never, SYSTEM)
  return deps.orders.saveChange({ ...change, order: { ...change.order, capturedAmount: order.total + 1 } })
}
