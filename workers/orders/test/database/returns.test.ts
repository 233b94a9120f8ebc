import type { Db } from '@shop/db/client'
import { sqlState } from '@shop/db/errors'
import { eventLog } from '@shop/db/events/log'
import { ordersEvents } from '@shop/db/schema/orders'
import { newId } from '@shop/http/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OrdersDeps, ordersRepositories } from '../../src/deps.ts'
import { createShipment } from '../../src/fulfillment/create-shipment.ts'
import { reserveRefund } from '../../src/fulfillment/reserve-refund.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { closeReturn } from '../../src/returns/close-return.ts'
import { createReturn } from '../../src/returns/create-return.ts'
import { listReturns } from '../../src/returns/list-returns.ts'
import { receiveReturn } from '../../src/returns/receive-return.ts'
import { refuseReturn } from '../../src/returns/refuse-return.ts'
import { newestReturn, receiptOf, returnDraftOf } from '../support/returns.ts'
import { draftOf } from '../support/shipments.ts'
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
const read = (order: Pick<Order, 'id'>) => readOrder(deps, order)

/** A paid order whose units have all left. */
async function shippedOrder(): Promise<Order> {
  const order = await storePaidOrder({ db, deps })
  await createShipment(deps, admin, order.id, draftOf(order, [2, 1]), crypto.randomUUID())
  return read(order)
}
const request = (order: Order, quantities: number[], key: string = crypto.randomUUID()) =>
  createReturn(
    deps,
    { orderId: order.id, caller: admin, orderToken: null },
    { ...returnDraftOf(order, quantities), note: 'Too small' },
    key,
  )
const receive = (order: Order, quantities: number[], key: string = crypto.randomUUID(), restock = true) => {
  const receipt = { returnId: newestReturn(order).id, items: receiptOf(order, quantities, restock) }
  return receiveReturn(deps, admin, receipt, key)
}
async function returning(quantities: number[]): Promise<Order> {
  const order = await shippedOrder()
  await request(order, quantities)
  return read(order)
}
const unitsOf = async (order: Order) =>
  (await read(order)).lines.map(({ units }) => [units.returning, units.returned, units.refunded])
const adjustments = async ({ id }: Order) =>
  (
    await db.execute<{ kind: string; quantity: number; done: boolean }>(sql`
      select kind, quantity, done_at is not null as done from orders.stock_adjustments where order_id = ${id} order by key`)
  ).rows

describe('a return', () => {
  it('is read back as written, with the units of its order, and is an event of the order without its texts', async () => {
    const order = await shippedOrder()
    const created = await request(order, [1, 0])
    if (!created.ok) throw new Error(created.failure.code)
    const after = await read(order)
    expect(after).toEqual(created.value.value.order)
    expect(await unitsOf(order)).toEqual([
      [1, 0, 0],
      [0, 0, 0],
    ])
    const events = await eventLog(db, ordersEvents).list({ key: order.id, limit: 2 })
    const { id } = newestReturn(after)
    expect(events[0]).toMatchObject({
      sequence: after.version,
      payload: {
        ...{ orderId: order.id, userId: order.userId, returnId: id, returnStatus: 'approved' },
        items: [{ lineId: order.lines[0]?.id, quantity: 1, reason: 'unwanted', received: 0 }],
      },
    })
    const told = events.map(({ type, deliveries }) => [type, ...deliveries.map(({ consumer }) => consumer).sort()])
    expect(told.sort()).toEqual([
      ['return.approved', 'notifications', 'webhooks'],
      ['return.requested', 'webhooks'],
    ])
    expect(JSON.stringify(events)).not.toContain('Too small')
    expect((await deps.orders.findWithEvents(order.id))?.events.at(-1)).toMatchObject({
      ...{ type: 'return_approved', data: { returnId: id } },
    })
  })

  it('is made once for each key, however many ask for it at once', async () => {
    const order = await shippedOrder()
    const key = crypto.randomUUID()
    const answers = await Promise.all(Array.from({ length: 6 }, () => settled(() => request(order, [1, 0], key))))
    const ids = answers.map((answer) => (answer.ok ? answer.value.value.returned.id : answer.failure.code))
    expect(new Set(ids).size).toBe(1)
    expect(answers.filter((answer) => answer.ok && !answer.value.replayed)).toHaveLength(1)
    expect((await read(order)).returns).toHaveLength(1)
    expect(await request(order, [0, 1], key)).toMatchObject({ failure: { code: 'idempotency_key_reused' } })
  })

  it('takes no unit that another return has, however many race', async () => {
    const order = await shippedOrder()
    const answers = await Promise.all(Array.from({ length: 5 }, () => settled(() => request(order, [1, 0]))))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(2)
    expect(await unitsOf(order)).toEqual([
      [2, 0, 0],
      [0, 0, 0],
    ])
  })

  it('that comes back is received once for each key, and the stock gets its units once', async () => {
    const order = await returning([2, 1])
    const key = crypto.randomUUID()
    const answers = await Promise.all(Array.from({ length: 6 }, () => settled(() => receive(order, [1, 0], key))))
    expect(answers.filter((answer) => answer.ok && !answer.value.replayed)).toHaveLength(1)
    expect(answers.every(({ ok }) => ok)).toBe(true)
    expect(await unitsOf(order)).toEqual([
      [1, 1, 0],
      [1, 0, 0],
    ])
    expect(await adjustments(order)).toEqual([{ kind: 'restock', quantity: 1, done: true }])
    await receive(order, [1, 1], crypto.randomUUID(), false)
    expect(await receive(order, [1, 0], key)).toMatchObject({
      value: { replayed: true, value: { returned: { status: 'received' } } },
    })
    expect((await adjustments(order)).map(({ kind }) => kind).sort()).toEqual(['restock', 'write_off', 'write_off'])
  })
})

describe('a return that is received by two at once', () => {
  it('gets each unit once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const order = await returning([1, 0])
      const answers = await Promise.all([
        settled(() => receive(order, [1, 0])),
        settled(() => receive(order, [1, 0], crypto.randomUUID(), false)),
      ])
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
      expect(await adjustments(order)).toHaveLength(1)
      expect((await unitsOf(order))[0]).toEqual([0, 1, 0])
    }
  })

  it('and closed has its unit, or not, but never both', async () => {
    for (let round = 0; round < 5; round += 1) {
      const order = await returning([1, 0])
      const [received, closed] = await Promise.all([
        settled(() => receive(order, [1, 0])),
        settled(() => closeReturn(deps, admin, newestReturn(order).id)),
      ])
      expect(closed.ok).toBe(true)
      expect((await unitsOf(order))[0]).toEqual([0, received.ok ? 1 : 0, 0])
      expect(await adjustments(order)).toHaveLength(received.ok ? 1 : 0)
    }
  })
})

describe('refunds of a unit that came back', () => {
  it('are one, however many race for its return and without one', async () => {
    for (let round = 0; round < 5; round += 1) {
      const order = await returning([0, 1])
      await receive(order, [0, 1])
      const reserve = (returnId?: string) =>
        settled(() =>
          reserveRefund(deps, {
            ...{ orderId: order.id, refundId: newId('refund'), paymentId: order.paymentId ?? newId('payment') },
            ...{ actor: { kind: 'system' }, shipping: 0, restockingFee: 0, items: draftOf(order, [0, 1]).items },
            ...(returnId !== undefined && { returnId }),
          }),
        )
      const { id } = newestReturn(order)
      const answers = await Promise.all([reserve(id), reserve(), reserve(id)])
      expect(answers.filter(({ ok }) => ok)).toEqual([{ ok: true, value: { amount: 500 } }])
      expect((await unitsOf(order))[1]).toEqual([0, 1, 1])
      expect((await read(order)).lineRefunds).toHaveLength(1)
    }
  })
})

describe('the list of returns', () => {
  it('has those of a status, newest first, page by page', async () => {
    const orders = [await returning([1, 0]), await returning([1, 0]), await returning([1, 0])]
    const ids = orders.map((order) => newestReturn(order).id)
    const [first] = orders
    await receive(first as Order, [1, 0])
    const listed: string[] = []
    let cursor: string | undefined
    do {
      const page = await listReturns(deps, admin, { status: 'approved', limit: 1, ...(cursor && { cursor }) })
      if (!page.ok) throw new Error(page.failure.code)
      listed.push(...page.value.items.map(({ returned }) => returned.id))
      cursor = page.value.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(listed.filter((id) => ids.some((one) => one === id))).toEqual(ids.slice(1).sort().reverse())
  })
})

describe('the rows of a return', () => {
  it.each([
    ['more units expected back than have left', 'order_lines', '"returning" = 3'],
    ['units that came back and are expected, more than have left', 'order_lines', '"returning" = 1, returned = 2'],
    ['fewer than none expected', 'order_lines', '"returning" = -1'],
  ])('cannot be written with %s', async (_, table, units) => {
    const order = await shippedOrder()
    const wrong = db.execute(
      sql`update orders.${sql.raw(table)} set ${sql.raw(units)} where id = ${order.lines[0]?.id}`,
    )
    expect(await wrong.then(() => 'written', sqlState)).toBe('23514')
  })

  it.each([
    ['more units received than expected', 'received = 2, restocked = 2'],
    ['units received that are neither for sale nor written off', 'received = 1'],
  ])('cannot be written with %s', async (_, units) => {
    const order = await returning([1, 0])
    const wrong = db.execute(
      sql`update orders.return_lines set ${sql.raw(units)} where return_id = ${newestReturn(order).id}`,
    )
    expect(await wrong.then(() => 'written', sqlState)).toBe('23514')
  })

  it('lose their texts when their customer is erased', async () => {
    const order = await shippedOrder()
    const caller = { kind: 'user', userId: order.userId ?? newId('user'), role: 'customer' } as const
    const draft = { ...returnDraftOf(order, [1, 0]), note: 'Call me at home' }
    await createReturn(deps, { orderId: order.id, caller, orderToken: null }, draft, crypto.randomUUID())
    await refuseReturn(deps, admin, newestReturn(await read(order)).id, 'Your dog bit it')
    const known = await read(order)
    expect(newestReturn(known)).toMatchObject({ note: 'Call me at home', refuseReason: 'Your dog bit it' })
    const nothing = { email: null, vatId: null, shippingAddress: null, billingAddress: null, note: null, metadata: {} }
    expect(await deps.erasures.eraseOrder(known, nothing, deps.now())).toBe(true)
    expect(newestReturn(await read(order))).toMatchObject({ status: 'refused', note: null, refuseReason: null })
  })
})
