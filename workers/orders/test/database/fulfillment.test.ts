import type { Db } from '@shop/db/client'
import { sqlState } from '@shop/db/errors'
import { eventLog } from '@shop/db/events/log'
import { ordersEvents } from '@shop/db/schema/orders'
import { newId } from '@shop/http/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OrdersDeps, ordersRepositories } from '../../src/deps.ts'
import { cancelShipment } from '../../src/fulfillment/cancel-shipment.ts'
import { createShipment } from '../../src/fulfillment/create-shipment.ts'
import { NO_UNITS } from '../../src/fulfillment/domain/units.ts'
import { releaseRefunds } from '../../src/fulfillment/release-refunds.ts'
import { reserveRefund } from '../../src/fulfillment/reserve-refund.ts'
import { updateShipment } from '../../src/fulfillment/update-shipment.ts'
import { changeOrderStatus } from '../../src/orders/change-order-status.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { receiveEvents } from '../../src/payment-events/receive-events.ts'
import { refundEvent } from '../support/payments-events.ts'
import { aShippableOrder, draftOf, UNTRACKED } from '../support/shipments.ts'
import { readOrder, settled, storePaidOrder } from '../support/stored-orders.ts'
import { testDeps } from '../support/test-deps.ts'

let database: ServiceDatabase
let db: Db
let deps: OrdersDeps
beforeAll(async () => {
  database = await startDatabase()
  db = database.as('orders')
  deps = testDeps({ over: ordersRepositories(db) }).deps
})
afterAll(() => database.stop())

const admin = { kind: 'user', userId: newId('user'), role: 'admin' } as const
const access = ({ id }: Order) => ({ orderId: id, caller: admin, orderToken: null })

const placed = (over: Partial<Order> = {}) => storePaidOrder({ db, deps }, over)
const read = (order: Pick<Order, 'id'>) => readOrder(deps, order)

const ship = (
  order: Order,
  quantities: number[],
  status: 'packed' | 'shipped' = 'shipped',
  key: string = crypto.randomUUID(),
) => createShipment(deps, admin, order.id, draftOf(order, quantities, status), key)

const reservation = (order: Order, quantities: number[], refundId = newId('refund')) => ({
  ...{ orderId: order.id, refundId, paymentId: order.paymentId ?? newId('payment') },
  ...{ actor: { kind: 'system' } as const, shipping: 0, restockingFee: 0 },
  items: draftOf(order, quantities).items,
})

describe('a shipment', () => {
  it('is read back as written, with the units of its order, and is an event of the order', async () => {
    const order = await placed()
    const tracking = { carrier: 'DHL', trackingNumber: '4711', trackingUrl: 'https://track.example.com/4711' }
    const draft = { ...draftOf(order, [1, 0]), ...tracking }
    const created = await createShipment(deps, admin, order.id, draft, crypto.randomUUID())
    if (!created.ok) throw new Error(created.failure.code)
    const after = await read(order)
    expect(after).toEqual(created.value.value.order)
    expect(after).toMatchObject({
      ...{ status: 'processing', fulfillmentStatus: 'partially_fulfilled', version: order.version + 1 },
      shipments: [{ ...tracking, status: 'shipped', items: [{ lineId: order.lines[0]?.id, quantity: 1 }] }],
    })
    expect(after.lines[0]?.units).toEqual({ ...NO_UNITS, shipped: 1 })
    const [shipped, made] = await eventLog(db, ordersEvents).list({ key: order.id, limit: 2 })
    const payload = {
      ...{
        orderId: order.id,
        status: 'processing',
        fulfillmentStatus: 'partially_fulfilled',
        shipmentStatus: 'shipped',
      },
      items: [{ lineId: order.lines[0]?.id, quantity: 1 }],
    }
    expect(made).toMatchObject({
      ...{ type: 'shipment.created', sequence: after.version, payload },
      deliveries: [{ consumer: 'webhooks' }],
    })
    expect(shipped).toMatchObject({
      ...{ type: 'shipment.shipped', payload },
      deliveries: [
        { consumer: 'live' },
        { consumer: 'notifications' },
        { consumer: 'payments' },
        { consumer: 'webhooks' },
      ],
    })
    expect(JSON.stringify([made, shipped])).not.toMatch(/4711|DHL/)
  })

  it('of all that is left makes its order shipped by the same change', async () => {
    const order = await placed()
    expect(await changeOrderStatus(deps, access(order), 'shipped')).toMatchObject({ value: { status: 'shipped' } })
    const events = await eventLog(db, ordersEvents).list({ key: order.id, limit: 3 })
    expect(events.map(({ type, sequence }) => [type, sequence])).toEqual(
      expect.arrayContaining([
        ['order.shipped', 2],
        ['shipment.created', 2],
        ['shipment.shipped', 2],
      ]),
    )
    expect((await deps.orders.findWithEvents(order.id))?.events.at(-1)).toMatchObject({ type: 'shipped', seq: 2 })
  })

  it('with a key is made once, however many ask for it at once', async () => {
    const order = await placed()
    const key = crypto.randomUUID()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => settled(() => ship(order, [1, 0], 'shipped', key))),
    )
    const ids = answers.map((answer) => (answer.ok ? answer.value.value.shipment.id : answer.failure.code))
    expect(new Set(ids).size).toBe(1)
    expect(answers.filter((answer) => answer.ok && !answer.value.replayed)).toHaveLength(1)
    expect((await read(order)).shipments).toHaveLength(1)
    expect(await ship(order, [0, 1], 'shipped', key)).toEqual({
      ok: false,
      failure: { code: 'idempotency_key_reused' },
    })
  })

  it('changes, is cancelled and is delivered, each read back', async () => {
    const order = await placed()
    const packed = await ship(order, [2, 0], 'packed')
    const rest = await ship(order, [0, 1])
    if (!packed.ok || !rest.ok) throw new Error('Not shipped')
    await updateShipment(deps, admin, packed.value.value.shipment.id, { ...UNTRACKED, carrier: 'UPS' })
    await cancelShipment(deps, admin, packed.value.value.shipment.id)
    const delivered = await updateShipment(deps, admin, rest.value.value.shipment.id, { status: 'delivered' })
    const after = await read(order)
    expect(delivered).toMatchObject({ ok: true, value: { order: after } })
    expect(after.shipments).toMatchObject([
      { status: 'cancelled', carrier: 'UPS' },
      { status: 'delivered', carrier: null },
    ])
    expect(await updateShipment(deps, admin, newId('shipment'), {})).toMatchObject({
      failure: { code: 'shipment_not_found' },
    })
  })
})

describe('shipments that race', () => {
  it('never take more units than there are', async () => {
    const [line, ...lines] = aShippableOrder().lines
    if (line === undefined) throw new Error('No line')
    const ten = { ...line, quantity: 10, unitPrice: 200 }
    const order = await placed({ lines: [ten, ...lines] })
    const answers = await Promise.all(Array.from({ length: 15 }, () => settled(() => ship(order, [1, 0]))))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(10)
    const refusals = answers.flatMap((answer) => (answer.ok ? [] : [answer.failure]))
    expect(refusals).toEqual(
      refusals.map(() => ({ code: 'quantity_exceeds_to_ship', lineId: ten.id, requested: 1, left: 0 })),
    )
    expect((await read(order)).lines[0]?.units.shipped).toBe(10)
  })

  it('with a cancellation of the order leave one of the two', async () => {
    for (let round = 0; round < 10; round += 1) {
      const order = await placed()
      const [shipped, cancelled] = await Promise.all([
        settled(() => ship(order, [1, 0])),
        settled(() => changeOrderStatus(deps, access(order), 'cancelled')),
      ])
      expect([shipped.ok, cancelled.ok].filter(Boolean)).toHaveLength(1)
    }
  })

  it('with a refund of the same unit leave it shipped, or removed', async () => {
    for (let round = 0; round < 10; round += 1) {
      const order = await placed()
      const [shipped, reserved] = await Promise.all([
        settled(() => ship(order, [0, 1])),
        settled(() => reserveRefund(deps, reservation(order, [0, 1]))),
      ])
      expect(reserved).toEqual({ ok: true, value: { amount: 500 } })
      const { units } = (await read(order)).lines[1] ?? {}
      expect(units).toMatchObject(shipped.ok ? { shipped: 1, removed: 0 } : { shipped: 0, removed: 1 })
      expect(units?.refunded).toBe(1)
    }
  })
})

describe('a refund by line', () => {
  it('of the same id is reserved once, however many ask for it at once', async () => {
    const order = await placed()
    const wanted = reservation(order, [1, 0])
    const answers = await Promise.all(Array.from({ length: 8 }, () => settled(() => reserveRefund(deps, wanted))))
    expect(answers).toEqual(answers.map(() => ({ ok: true, value: { amount: 1_000 } })))
    expect((await read(order)).lines[0]?.units).toMatchObject({ removed: 1, refunded: 1, refundedAmount: 1_000 })
  })

  it('is found as open until it is made, fails or is released', async () => {
    const order = await placed()
    const [made, failed, released] = [newId('refund'), newId('refund'), newId('refund')]
    for (const refundId of [made, failed]) await reserveRefund(deps, reservation(order, [1, 0], refundId))
    await reserveRefund(deps, reservation(order, [0, 1], released))
    const page = { before: new Date(deps.now().getTime() + 1), limit: 1_000 }
    const open = async () =>
      (await deps.lineRefunds.listOpen(page))
        .filter(({ orderId }) => orderId === order.id)
        .map(({ refundId }) => refundId)
    expect((await open()).sort()).toEqual([made, failed, released].sort())
    const pages = new Set<string>()
    const readPages = async (after?: typeof made): Promise<void> => {
      const [found] = await deps.lineRefunds.listOpen({ ...page, after, limit: 1 })
      if (found === undefined) return
      pages.add(found.refundId)
      await readPages(found.refundId)
    }
    await readPages()
    expect(pages).toEqual(new Set(await deps.lineRefunds.listOpen(page).then((all) => all.map((one) => one.refundId))))
    const fact = (refundId: typeof made) => ({
      refundId,
      paymentId: order.paymentId ?? newId('payment'),
      amount: 1_000,
    })
    await receiveEvents(deps, [refundEvent('refund.succeeded', order, fact(made))])
    await receiveEvents(deps, [refundEvent('refund.failed', order, fact(failed))])
    await releaseRefunds(deps, [{ orderId: order.id, refundId: released }])
    expect(await open()).toEqual([])
    const after = await read(order)
    expect(after.lineRefunds.map(({ refundId, state }) => [refundId, state])).toEqual([
      [made, 'refunded'],
      [failed, 'released'],
      [released, 'released'],
    ])
    expect(after.lines.map(({ units }) => units.refunded)).toEqual([1, 0])
    expect(after).toMatchObject({ refundedAmount: 1_000, paymentStatus: 'partially_refunded' })
  })

  it('of the last units that were to ship makes the order shipped', async () => {
    const order = await placed()
    await ship(order, [2, 0])
    const refundId = newId('refund')
    await reserveRefund(deps, reservation(order, [0, 1], refundId))
    const fact = { refundId, paymentId: order.paymentId ?? newId('payment'), amount: 500 }
    await receiveEvents(deps, [refundEvent('refund.succeeded', order, fact)])
    expect(await read(order)).toMatchObject({ status: 'shipped', fulfillmentStatus: 'fulfilled' })
  })
})

describe('the units of a line', () => {
  it.each([
    ['more shipped, packed and removed than ordered', 'packed = 1, shipped = 1, removed = 1, refunded = 1'],
    ['fewer than none packed', 'packed = -1'],
    ['more removed than refunded', 'removed = 1'],
    ['more refunded than ordered', 'refunded = 3'],
    ['packed ones refunded', 'packed = 1, refunded = 2'],
    ['more money refunded than was paid', 'refunded = 1, refunded_amount = total + 1'],
  ])('cannot be written with %s', async (_, units) => {
    const order = await placed()
    const lineId = order.lines[0]?.id
    const wrong = db.execute(sql`update orders.order_lines set ${sql.raw(units)} where id = ${lineId}`)
    expect(await wrong.then(() => 'written', sqlState)).toBe('23514')
  })
})
