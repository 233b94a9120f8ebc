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
import { NOWHERE, placing } from '../support/orders.ts'
import { refundEvent } from '../support/payments-events.ts'
import { aShippableOrder, draftOf } from '../support/shipments.ts'
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

const read = async ({ deps, order }: World): Promise<Order> => {
  const found = await deps.orders.find(order.id)
  if (found === undefined) throw new Error('No order')
  return found
}
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

async function refundLines(world: World, quantities: number[]) {
  const { deps, order, paymentId, payments } = world
  const refundId = newId('refund')
  const reserved = await reserveRefund(deps, {
    ...{ orderId: order.id, paymentId, refundId, actor: { kind: 'system' } },
    ...{ items: draftOf(order, quantities).items, shipping: 0, restockingFee: 0 },
  })
  if (!reserved.ok || payments.reserve(refundId, reserved.value.amount)) return
  for (;;) {
    const released = await releaseRefunds(deps, [{ orderId: order.id, refundId }])
    if (released.ok && released.value.every(({ ok }) => ok)) return
  }
}

const refundsIn = ({ payments }: World, state: string) =>
  [...payments.made].flatMap(([id, refund]) => (refund.state === state ? [id] : []))

/** Everything that staff, payments and banks may do with a paid order. */
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
}

const rounds = fc.array(
  fc.array(fc.tuple(fc.constantFrom(...Object.keys(ACTS)), fc.nat(2_000)), { minLength: 1, maxLength: 3 }),
  { minLength: 1, maxLength: 10 },
)

const sum = (numbers: number[]) => numbers.reduce((all, number) => all + number, 0)

function assertUnits({ lines, shipments, lineRefunds }: Order): void {
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
    expect(units).toEqual({
      packed: inShipments('packed'),
      shipped: inShipments('shipped', 'delivered'),
      removed: sum(refunded.map(({ removed }) => removed)),
      refunded: sum(refunded.map((item) => item.quantity)),
      refundedAmount: sum(refunded.map(({ amount }) => amount)),
    })
    expect(units.packed + units.shipped + units.removed).toBeLessThanOrEqual(quantity)
    expect(units.refundedAmount).toBeLessThanOrEqual(total)
    if (units.refunded === quantity) expect(units.refundedAmount).toBe(total)
  }
}

describe('any sequence of shipments and refunds, concurrent or not', () => {
  it('ships no unit twice, refunds no line more than was paid for it, and keeps the sum of the money', async () => {
    await fc.assert(
      fc.asyncProperty(rounds, async (acts) => {
        const { deps } = testDeps({ over: repositories })
        const paymentId = newId('payment')
        const paid = aShippableOrder({ paymentId })
        await deps.orders.insert(
          placing({
            ...paid,
            status: 'pending',
            paymentStatus: 'unpaid',
            chargedAmount: 0,
            capturedAmount: 0,
            stockCommitted: false,
          }),
          NOWHERE,
        )
        await database.as('orders').execute(sql`
          update orders.orders set status = 'processing', payment_status = 'paid', charged_amount = total, captured_amount = total,
                                   stock_committed = true, payment_id = ${paymentId}
          where id = ${paid.id}`)
        const world = { deps, order: paid, paymentId, payments: new Payments(paid.total) }
        for (const round of acts) {
          await Promise.all(round.map(([name, pick]) => ACTS[name]?.(world, pick)))
          const order = await read(world)
          assertUnits(order)
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
  })
})
