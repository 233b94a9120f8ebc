import { eventLog } from '@shop/db/events/log'
import { ordersEvents } from '@shop/db/schema/orders'
import { newId } from '@shop/http/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OrdersDeps, ordersRepositories } from '../../src/deps.ts'
import { createShipment } from '../../src/fulfillment/create-shipment.ts'
import { editOrder } from '../../src/order-edits/edit-order.ts'
import { amountDueOf } from '../../src/orders/domain/amount-due.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { receiveEvents } from '../../src/payment-events/receive-events.ts'
import { quantitiesOf } from '../support/edits.ts'
import { anOrder, NOWHERE, placing } from '../support/orders.ts'
import { paymentEvent } from '../support/payments-events.ts'
import { draftOf } from '../support/shipments.ts'
import { ADMIN } from '../support/shop-with.ts'
import { testDeps } from '../support/test-deps.ts'

let database: ServiceDatabase
let deps: OrdersDeps
beforeAll(async () => {
  database = await startDatabase()
  deps = testDeps({ over: ordersRepositories(database.as('orders')) }).deps
})
afterAll(() => database.stop())

const ADDED = [{ variantId: 13, quantity: 1 }]

async function placed(): Promise<Order> {
  const order = anOrder()
  await deps.orders.insert(placing(order), NOWHERE)
  return order
}

async function paid(): Promise<Order> {
  const order = await placed()
  await pay(order)
  return read(order)
}

async function read({ id }: Pick<Order, 'id'>): Promise<Order> {
  const order = await deps.orders.find(id)
  if (order === undefined) throw new Error('No order')
  return order
}

/** Payments reports that what was due for a charge was captured. */
async function pay(order: Order): Promise<unknown> {
  const amount = amountDueOf(order)
  const charged = { amount, capturedAmount: amount, ...({ chargeNo: order.chargeNo } as object) }
  const received = await receiveEvents(deps, [paymentEvent('payment.captured', order, newId('payment'), charged)])
  return received.ok && received.value[0]
}

const edit = (
  order: Order,
  items: Parameters<typeof editOrder>[2]['wanted']['items'],
  key: string = crypto.randomUUID(),
) => editOrder(deps, ADMIN, { orderId: order.id, wanted: { items }, isPreview: false, idempotencyKey: key })

const eventsOf = async (order: Order) => {
  const events = await eventLog(database.as('orders'), ordersEvents).list({ key: order.id, limit: 20 })
  return events.map(({ type, payload }) => ({ type, payload }))
}

describe('an edit', () => {
  it('is read back as it was decided, with its event, and what it removes stays as a line without units', async () => {
    const order = await placed()
    const edited = await edit(order, [...quantitiesOf(order, [1, 0]), ...ADDED])
    if (!edited.ok) throw new Error(edited.failure.code)
    const after = await read(order)
    expect(after).toEqual(edited.value.value.order)
    expect(after.lines.map(({ variantId, quantity }) => [variantId, quantity])).toEqual([
      [11, 1],
      [13, 1],
    ])
    expect(await eventsOf(order)).toContainEqual({
      type: 'order.edited',
      payload: expect.objectContaining({ total: 2_000, chargeNo: 2 }),
    })
    const { rows } = await database
      .as('orders')
      .execute(sql`select quantity, total from orders.order_lines where order_id = ${order.id} order by position`)
    expect(rows).toHaveLength(3)
    expect(rows[1]).toMatchObject({ quantity: 0, total: '0' })
  })

  it('of a paid order tells payments once to refund what it takes off', async () => {
    const order = await paid()
    const key = crypto.randomUUID()
    for (const _ of [1, 2]) expect(await edit(order, quantitiesOf(order, [1]), key)).toMatchObject({ ok: true })
    const after = await read(order)
    const [refund] = after.lineRefunds
    expect(after.lineRefunds).toMatchObject([{ origin: 'edit', state: 'reserved', amount: 1_000 }])
    const due = (await eventsOf(order)).filter(({ type }) => type === 'order.refund_due')
    expect(due).toEqual([
      {
        type: 'order.refund_due',
        payload: {
          ...{ orderId: order.id, refundId: refund?.refundId, origin: 'edit' },
          ...{ amount: 1_000, storeCredit: 0, currency: 'USD' },
        },
      },
    ])
  })

  it('of an authorized order has payments refund once what they captured beyond it', async () => {
    const order = await placed()
    const paymentId = newId('payment')
    await receiveEvents(deps, [paymentEvent('payment.authorized', order, paymentId)])
    expect(await edit(order, quantitiesOf(order, [1]))).toMatchObject({ ok: true })
    const captured = paymentEvent('payment.captured', order, paymentId)
    for (const _ of [1, 2]) {
      expect(await receiveEvents(deps, [captured])).toMatchObject({ value: [{ decision: 'accepted' }] })
    }
    const after = await read(order)
    expect(after).toMatchObject({ paymentStatus: 'paid', total: 1_500, capturedAmount: 2_500, creditedAmount: 1_000 })
    expect(after.lineRefunds).toMatchObject([{ origin: 'edit', state: 'reserved', amount: 1_000 }])
    const refundId = after.lineRefunds[0]?.refundId
    const due = (await eventsOf(order)).filter(({ type }) => type === 'order.refund_due')
    expect(due).toMatchObject([{ payload: { orderId: order.id, refundId, origin: 'edit', amount: 1_000 } }])
  })

  it('answers a repeated request as the first one', async () => {
    const order = await placed()
    const key = crypto.randomUUID()
    const first = await edit(order, ADDED, key)
    const again = await edit(order, ADDED, key)
    if (!first.ok || !again.ok) throw new Error('Refused')
    expect(again.value).toEqual({ value: first.value.value, replayed: true })
  })

  it('keeps what the stock has to get back until it has it', async () => {
    const order = await paid()
    const isAway = {
      ...deps.catalog,
      takeBack: async () => ({ ok: false, failure: { code: 'service_unavailable' } }) as const,
    }
    await editOrder({ ...deps, catalog: isAway, joinCatalog: () => isAway }, ADMIN, {
      ...{ orderId: order.id, wanted: { items: quantitiesOf(order, [1]) }, isPreview: false },
      idempotencyKey: crypto.randomUUID(),
    })
    const open = await deps.stockAdjustments.listOpen({ before: new Date('2100-01-01'), limit: 100 })
    expect(open.filter(({ orderId }) => orderId === order.id)).toMatchObject([
      { kind: 'shrink', holdId: order.id, variantId: 11, quantity: 1 },
    ])
  })
})

describe('edits that race', () => {
  it('with each other are made one after the other, and all sums hold', async () => {
    const order = await paid()
    const wanted = [ADDED, ADDED, quantitiesOf(order, [1]), quantitiesOf(order, [undefined, 0])]
    const answers = await Promise.all(wanted.map((items) => edit(order, items)))
    const made = answers.filter((answer) => answer.ok).length
    const after = await read(order)
    expect(after.version).toBeGreaterThanOrEqual(order.version + made)
    expect(after.total).toBe(after.lines.reduce((sum, { total }) => sum + total, 0))
    expect(amountDueOf(after)).toBe(after.total + after.creditedAmount - after.chargedAmount)
  })

  it('with the payment of the order either come first, so that it is refused, or edit a paid order', async () => {
    for (let round = 0; round < 8; round += 1) {
      const order = await placed()
      const [received] = await Promise.all([pay(order), edit(order, ADDED)])
      const after = await read(order)
      const isTaken = JSON.stringify(received).includes('accepted')
      expect(after.capturedAmount).toBe(isTaken ? 2_500 : 0)
      expect(amountDueOf(after)).toBe(after.total - after.capturedAmount)
      expect(await pay(after)).toMatchObject(amountDueOf(after) > 0 ? { decision: 'accepted' } : {})
    }
  })

  it('with a shipment never take off what has left', async () => {
    for (let round = 0; round < 8; round += 1) {
      const order = await paid()
      const ship = createShipment(deps, ADMIN, order.id, draftOf(order, [2, 0]), crypto.randomUUID())
      const [shipped, edited] = await Promise.all([ship, edit(order, quantitiesOf(order, [0]))])
      expect([shipped.ok, edited.ok]).toContain(false)
      const [mugs] = (await read(order)).lines.filter(({ variantId }) => variantId === 11)
      expect(mugs?.units.shipped ?? 0).toBe(shipped.ok ? 2 : 0)
    }
  })
})
