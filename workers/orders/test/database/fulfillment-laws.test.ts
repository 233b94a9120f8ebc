import { newId } from '@shop/http/ids'
import type { PaymentId, RefundId } from '@shop/kernel/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OrdersDeps, ordersRepositories } from '../../src/deps.ts'
import { cancelShipment } from '../../src/fulfillment/cancel-shipment.ts'
import { createShipment } from '../../src/fulfillment/create-shipment.ts'
import { fulfillmentStatusOf } from '../../src/fulfillment/domain/fulfillment-status.ts'
import { releaseRefunds } from '../../src/fulfillment/release-refunds.ts'
import { reserveRefund } from '../../src/fulfillment/reserve-refund.ts'
import { updateShipment } from '../../src/fulfillment/update-shipment.ts'
import { changeOrderStatus } from '../../src/orders/change-order-status.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { receiveEvents } from '../../src/payment-events/receive-events.ts'
import { approveReturn } from '../../src/returns/approve-return.ts'
import { cancelReturn } from '../../src/returns/cancel-return.ts'
import { closeReturn } from '../../src/returns/close-return.ts'
import { createReturn } from '../../src/returns/create-return.ts'
import { receiveReturn } from '../../src/returns/receive-return.ts'
import { refuseReturn } from '../../src/returns/refuse-return.ts'
import { refundEvent } from '../support/payments-events.ts'
import { receiptOf, returnDraftOf } from '../support/returns.ts'
import { draftOf } from '../support/shipments.ts'
import { readOrder, storePaidOrder } from '../support/stored-orders.ts'
import { testDeps } from '../support/test-deps.ts'

let database: ServiceDatabase
let repositories: ReturnType<typeof ordersRepositories>
beforeAll(async () => {
  database = await startDatabase()
  repositories = ordersRepositories(database.as('orders'))
})
afterAll(() => database.stop())

const admin = { kind: 'user', userId: newId('user'), role: 'admin' } as const

/** Payments, as far as refunds go: it makes none that exceed what was captured, and tells orders what came of each. */
class Payments {
  readonly made = new Map<RefundId, { amount: number; state: 'pending' | 'succeeded' | 'failed' | 'returned' }>()
  readonly captured: number
  constructor(captured: number) {
    this.captured = captured
  }

  sum(...states: string[]): number {
    return [...this.made.values()].reduce((all, { amount, state }) => (states.includes(state) ? all + amount : all), 0)
  }

  /** @returns whether that much is left */
  reserve(refundId: RefundId, amount: number): boolean {
    if (amount < 1 || this.sum('pending', 'succeeded') + amount > this.captured) return false
    this.made.set(refundId, { amount, state: 'pending' })
    return true
  }
}

type World = { deps: OrdersDeps; order: Order; paymentId: PaymentId; payments: Payments }
type Act = (world: World, pick: number) => Promise<unknown>

const read = ({ deps, order }: World): Promise<Order> => readOrder(deps, order)
const ship = ({ deps, order }: World, quantities: number[], status: 'packed' | 'shipped') =>
  createShipment(deps, admin, order.id, draftOf(order, quantities, status), crypto.randomUUID())
const picked = <T>(all: T[], pick: number): T | undefined => all[pick % Math.max(1, all.length)]

async function tell(
  { deps, order, paymentId, payments }: World,
  refundId: RefundId,
  to: 'succeeded' | 'failed' | 'returned',
) {
  const refund = payments.made.get(refundId)
  if (refund === undefined) return
  payments.made.set(refundId, { ...refund, state: to })
  const [receipt] = await receiveEvents(deps, [
    refundEvent(`refund.${to}`, order, { refundId, paymentId, amount: refund.amount }),
  ]).then((received) => (received.ok ? received.value : []))
  // What orders could not take now is told again.
  if (receipt?.outcome === 'failed') await tell({ deps, order, paymentId, payments }, refundId, to)
}

async function refundLines(world: World, quantities: number[], returnId?: string) {
  const { deps, order, paymentId, payments } = world
  const refundId = newId('refund')
  const reserved = await reserveRefund(deps, {
    ...{ orderId: order.id, paymentId, refundId, actor: { kind: 'system' } },
    ...{ items: draftOf(order, quantities).items, shipping: 0, restockingFee: 0 },
    ...(returnId !== undefined && { returnId }),
  })
  if (!reserved.ok || payments.reserve(refundId, reserved.value.amount)) return
  for (;;) {
    const released = await releaseRefunds(deps, [{ orderId: order.id, refundId }])
    if (released.ok && released.value.every(({ ok }) => ok)) return
  }
}

const refundsIn = ({ payments }: World, state: string) =>
  [...payments.made].flatMap(([id, refund]) => (refund.state === state ? [id] : []))

const customerOf = ({ userId }: Order) => ({ kind: 'user', userId: userId ?? newId('user'), role: 'customer' }) as const
const accessOf = ({ order }: World, by: 'customer' | 'staff') => ({
  ...{ orderId: order.id, orderToken: null, caller: by === 'staff' ? admin : customerOf(order) },
})
const requestReturn = (world: World, quantities: number[], by: 'customer' | 'staff') =>
  createReturn(world.deps, accessOf(world, by), returnDraftOf(world.order, quantities), crypto.randomUUID())
const receive = (world: World, returnId: string, quantities: number[], restock: boolean) => {
  const request = { returnId, items: receiptOf(world.order, quantities, restock) }
  return receiveReturn(world.deps, admin, request, crypto.randomUUID())
}
/** Does something with one of the returns, if there is any. */
const withOne =
  (act: (world: World, returnId: string, pick: number) => Promise<unknown>): Act =>
  async (world, pick) => {
    const returned = picked((await read(world)).returns, pick)
    return returned && act(world, returned.id, pick)
  }

/** Everything that customers, staff, payments and banks may do with a paid order. */
const ACTS: Record<string, Act> = {
  shipsOne: (world, pick) => ship(world, pick % 2 === 0 ? [1, 0] : [0, 1], 'shipped'),
  packsOne: (world, pick) => ship(world, pick % 2 === 0 ? [1, 0] : [0, 1], 'packed'),
  shipsTooMany: (world) => ship(world, [3, 0], 'shipped'),
  shipsAll: ({ deps, order }) =>
    changeOrderStatus(deps, { orderId: order.id, caller: admin, orderToken: null }, 'shipped'),
  deliversAll: ({ deps, order }) =>
    changeOrderStatus(deps, { orderId: order.id, caller: admin, orderToken: null }, 'delivered'),
  leaves: async (world, pick) => {
    const shipment = picked((await read(world)).shipments, pick)
    return shipment && updateShipment(world.deps, admin, shipment.id, { status: 'shipped' })
  },
  arrives: async (world, pick) => {
    const shipment = picked((await read(world)).shipments, pick)
    return shipment && updateShipment(world.deps, admin, shipment.id, { status: 'delivered' })
  },
  cancelsShipment: async (world, pick) => {
    const shipment = picked((await read(world)).shipments, pick)
    return shipment && cancelShipment(world.deps, admin, shipment.id)
  },
  refundsOne: (world, pick) => refundLines(world, pick % 2 === 0 ? [1, 0] : [0, 1]),
  refundsMugs: (world) => refundLines(world, [2, 0]),
  refundsAmount: async (world, pick) => {
    const refundId = newId('refund')
    if (world.payments.reserve(refundId, 1 + (pick % 1_500))) await tell(world, refundId, 'succeeded')
  },
  refundSucceeds: async (world, pick) => {
    const refundId = picked(refundsIn(world, 'pending'), pick)
    if (refundId !== undefined) await tell(world, refundId, 'succeeded')
  },
  refundFails: async (world, pick) => {
    const refundId = picked(refundsIn(world, 'pending'), pick)
    if (refundId !== undefined) await tell(world, refundId, 'failed')
  },
  bankReturns: async (world, pick) => {
    const refundId = picked(refundsIn(world, 'succeeded'), pick)
    if (refundId !== undefined) await tell(world, refundId, 'returned')
  },
  customerReturns: (world, pick) => requestReturn(world, pick % 2 === 0 ? [1, 0] : [2, 1], 'customer'),
  staffReturns: (world, pick) => requestReturn(world, pick % 2 === 0 ? [1, 0] : [0, 1], 'staff'),
  approvesReturn: withOne(({ deps }, id) => approveReturn(deps, admin, id)),
  refusesReturn: withOne(({ deps }, id) => refuseReturn(deps, admin, id, 'Worn')),
  withdrawsReturn: withOne((world, returnId) => cancelReturn(world.deps, { ...accessOf(world, 'customer'), returnId })),
  closesReturn: withOne(({ deps }, id) => closeReturn(deps, admin, id)),
  receivesOne: withOne((world, id, pick) => receive(world, id, pick % 2 === 0 ? [1, 0] : [0, 1], pick % 3 === 0)),
  receivesAll: withOne((world, id) => receive(world, id, [2, 1], true)),
  refundsReturned: withOne((world, id, pick) => refundLines(world, pick % 2 === 0 ? [1, 0] : [0, 1], id)),
}

const rounds = fc.array(
  fc.array(fc.tuple(fc.constantFrom(...Object.keys(ACTS)), fc.nat(2_000)), { minLength: 1, maxLength: 3 }),
  { minLength: 1, maxLength: 10 },
)

const sum = (numbers: number[]) => numbers.reduce((all, number) => all + number, 0)

/** What the stock was given, or will be, is what returns have received. */
async function assertStockGiven({ id, returns }: Order): Promise<void> {
  const { rows } = await database
    .as('orders')
    .execute<{ kind: string; units: string }>(
      sql`select kind, sum(quantity) as units from orders.stock_adjustments where order_id = ${id} group by kind`,
    )
  const given = Object.fromEntries(rows.map(({ kind, units }) => [kind, Number(units)]))
  const items = returns.flatMap((one) => one.items)
  expect(given.restock ?? 0).toBe(sum(items.map(({ restocked }) => restocked)))
  expect(given.write_off ?? 0).toBe(sum(items.map(({ writtenOff }) => writtenOff)))
}

const IS_OPEN = ['requested', 'approved', 'received']

function assertUnits({ lines, shipments, lineRefunds, returns }: Order): void {
  for (const { id, quantity, total, units } of lines) {
    const inShipments = (...states: string[]) =>
      sum(
        shipments
          .filter(({ status }) => states.includes(status))
          .flatMap(({ items }) => items.filter(({ lineId }) => lineId === id).map((item) => item.quantity)),
      )
    const refunded = lineRefunds
      .filter(({ state }) => state !== 'released')
      .flatMap(({ items }) => items.filter(({ lineId }) => lineId === id))
    const ofReturns = returns.flatMap(({ id: returnId, status, items }) =>
      items.flatMap((item) => (item.lineId === id ? [{ returnId, status, item }] : [])),
    )
    for (const { returnId, item } of ofReturns) {
      const paidBack = lineRefunds.filter((one) => one.returnId === returnId && one.state !== 'released')
      const items = paidBack.flatMap((one) => one.items).filter(({ lineId }) => lineId === id)
      expect(sum(items.map(({ quantity }) => quantity))).toBeLessThanOrEqual(item.received)
    }
    expect(units).toEqual({
      packed: inShipments('packed'),
      shipped: inShipments('shipped', 'delivered'),
      removed: sum(refunded.map(({ removed }) => removed)),
      refunded: sum(refunded.map((item) => item.quantity)),
      refundedAmount: sum(refunded.map(({ amount }) => amount)),
      returning: sum(
        ofReturns.map(({ status, item }) => (IS_OPEN.includes(status) ? item.quantity - item.received : 0)),
      ),
      returned: sum(ofReturns.map(({ item }) => item.received)),
    })
    expect(units.returned + units.returning).toBeLessThanOrEqual(units.shipped)
    expect(units.packed + units.shipped + units.removed).toBeLessThanOrEqual(quantity)
    expect(units.refundedAmount).toBeLessThanOrEqual(total)
    if (units.refunded === quantity) expect(units.refundedAmount).toBe(total)
  }
}

describe('any sequence of shipments, returns and refunds, concurrent or not', () => {
  it('ships no unit twice, takes none back that has not left, refunds no line more than was paid for it, and keeps the sum of the money', async () => {
    await fc.assert(
      fc.asyncProperty(rounds, async (acts) => {
        const { deps } = testDeps({ over: repositories })
        const paymentId = newId('payment')
        const paid = await storePaidOrder({ db: database.as('orders'), deps }, { paymentId })
        const world = { deps, order: paid, paymentId, payments: new Payments(paid.total) }
        for (const round of acts) {
          await Promise.all(round.map(([name, pick]) => ACTS[name]?.(world, pick)))
          const order = await read(world)
          assertUnits(order)
          await assertStockGiven(order)
          expect(order.fulfillmentStatus).toBe(fulfillmentStatusOf(order))
          expect(order.refundedAmount).toBe(world.payments.sum('succeeded'))
          expect(order.refundedAmount).toBeLessThanOrEqual(order.capturedAmount)
          const open = order.lineRefunds.filter(({ state }) => state === 'reserved').map(({ refundId }) => refundId)
          expect(refundsIn(world, 'pending')).toEqual(expect.arrayContaining(open))
          if (order.status === 'processing')
            expect(order.lines.every(({ quantity, units }) => units.shipped === quantity)).toBe(false)
        }
      }),
      { numRuns: 50 },
    )
  }, 120_000)
})
