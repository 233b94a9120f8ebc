import type { CatalogRpc, Order } from '@shop/contracts'
import type { Db } from '@shop/db'
import type * as store from '@shop/db/repositories/orders/index'
import { newId } from '@shop/http/ids'
import { addSeconds, type OrderId, ok, type PaymentId } from '@shop/kernel'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { anOrder, placing } from '@shop/testing/orders'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PAYMENT_STEPS, STATUS_STEPS } from '../../src/domain/steps.ts'
import { applyAuthorization } from '../../src/operations/apply-authorization.ts'
import { applyAuthorizationLost } from '../../src/operations/apply-authorization-lost.ts'
import { applyCapture } from '../../src/operations/apply-capture.ts'
import { applyRefund } from '../../src/operations/apply-refund.ts'
import { applyRefundReturned } from '../../src/operations/apply-refund-returned.ts'
import { changeOrderStatus } from '../../src/operations/change-order-status.ts'
import { confirmCancelled } from '../../src/operations/confirm-cancelled.ts'
import { extendOrder } from '../../src/operations/extend-order.ts'
import { sweepOrders } from '../../src/operations/sweep-orders.ts'
import { orderStore } from '../../src/order-store.ts'
import type { OrdersDeps } from '../../src/ports.ts'

let database: ServiceDatabase
let db: Db
beforeAll(async () => {
  database = await startDatabase()
  db = database.as('orders')
})
afterAll(() => database.stop())

const admin = { kind: 'user', userId: newId('user'), role: 'admin' } as const
const START = new Date('2026-11-23T10:00:00.000Z')

/** With a clock that goes on by a second whenever it is looked at, and as far as it is told. */
type TimedDeps = OrdersDeps & { pass: (seconds: number) => void }

/** The operations on the real database, over a stock of which nothing or everything is left. */
function depsWith(stock: { isGone: boolean }, over: Partial<CatalogRpc> = {}): TimedDeps {
  let clock = START
  const catalog: CatalogRpc = {
    quote: async () => ok([]),
    holdStock: async () => ok(),
    extendHolds: async () => ok(),
    releaseHolds: async () => ok(),
    returnSales: async () => ok(),
    findHolds: async () => ok([]),
    commitHolds: async () =>
      stock.isGone ? { ok: false, failure: { code: 'out_of_stock', variantId: 11, requested: 2, available: 0 } } : ok(),
  }
  return {
    store: orderStore(db),
    catalog: { ...catalog, ...over },
    tokens: { of: async () => 'v1.token', isOf: async () => false },
    now: () => {
      clock = addSeconds(clock, 1)
      return clock
    },
    pass: (seconds) => {
      clock = addSeconds(clock, seconds)
    },
    newOrderId: () => newId('order'),
    newClaim: () => crypto.randomUUID(),
    sha256: async (text) => text,
    isDefiniteFailure: () => true,
    holdSeconds: 900,
    holdGraceSeconds: 300,
    wakePayments: async () => {},
    warn: () => {},
  }
}

type Happening = (deps: TimedDeps, order: Order, payments: PaymentId[]) => Promise<unknown>

const refund = (id: OrderId, paymentId: PaymentId, amount: number) => ({
  orderId: id,
  paymentId,
  refundId: `refund_${paymentId.slice(4)}${amount}` as const,
  amount,
  captured: 2_500,
  reason: 'requested_by_customer',
  actor: { kind: 'staff', userId: admin.userId } as const,
})
const move = (deps: OrdersDeps, order: Order, caller: typeof admin | 'customer', status: Order['status']) => {
  if (order.userId === null) throw new Error('The orders of this test have accounts')
  const customer = { kind: 'user', userId: order.userId, role: 'customer' } as const
  const access = { orderId: order.id, caller: caller === 'customer' ? customer : admin, orderToken: null }
  return changeOrderStatus(deps, access, status)
}
const facts = (order: Order, paymentId: PaymentId) => ({
  orderId: order.id,
  paymentId,
  amount: order.total,
  currency: order.currency,
})

/** Whatever can happen to an order, by any of two payments. */
const HAPPENINGS: Record<string, Happening> = {
  cancelledByCustomer: (deps, order) => move(deps, order, 'customer', 'cancelled'),
  cancelledByStaff: (deps, order) => move(deps, order, admin, 'cancelled'),
  shipped: (deps, order) => move(deps, order, admin, 'shipped'),
  delivered: (deps, order) => move(deps, order, admin, 'delivered'),
  authorized: (deps, order, [first = 'pay_']) => applyAuthorization(deps, facts(order, first)),
  authorizationLost: (deps, { id }, [first = 'pay_']) =>
    applyAuthorizationLost(deps, { orderId: id, paymentId: first }),
  captured: (deps, order, [first = 'pay_']) => applyCapture(deps, { ...facts(order, first), captured: order.total }),
  otherCaptured: (deps, order, [, other = 'pay_']) =>
    applyCapture(deps, { ...facts(order, other), captured: order.total }),
  refundedInPart: (deps, { id }, [first = 'pay_']) => applyRefund(deps, refund(id, first, 500)),
  refundedTheRest: (deps, { id }, [first = 'pay_']) => applyRefund(deps, refund(id, first, 2_000)),
  partReturned: (deps, { id }, [first = 'pay_']) => applyRefundReturned(deps, refund(id, first, 500)),
  otherRefunded: (deps, { id }, [, other = 'pay_']) => applyRefund(deps, refund(id, other, 2_500)),
  extended: (deps, { id }) => extendOrder(deps, id),
  calledOff: async (deps) => {
    for (const event of await deps.store.claimCancelled({ limit: 100, now: deps.now() })) {
      await confirmCancelled(deps, event)
    }
  },
  swept: (deps) => sweepOrders(deps),
  tenMinutesLater: async (deps) => deps.pass(600),
}

/** Rounds of things that happen at once. */
const rounds = fc.array(fc.array(fc.constantFrom(...Object.keys(HAPPENINGS)), { minLength: 1, maxLength: 5 }), {
  minLength: 1,
  maxLength: 8,
})

describe('whatever happens to an order, and however much at once', () => {
  it('is one event a version, each a legal step, and the money is that of one payment', async () => {
    await fc.assert(
      fc.asyncProperty(rounds, fc.boolean(), async (happening, isGone) => {
        const deps = depsWith({ isGone })
        const placed = anOrder({ id: newId('order'), expiresAt: addSeconds(START, 900) })
        await deps.store.insert(placing(placed), undefined)
        const payments = [newId('payment'), newId('payment')]
        const seen: Order[] = []
        for (const round of happening) {
          await Promise.all(round.map((name) => HAPPENINGS[name]?.(deps, placed, payments)))
          const now = await deps.store.find(placed.id)
          if (now !== undefined) seen.push(now)
        }
        const kept = await deps.store.findWithEvents(placed.id)
        if (kept === undefined) throw new Error('The order is gone')
        assertTold(kept)
        assertSteps([placed, ...seen])
      }),
      { numRuns: 60 },
    )
  })
})

describe('a refund that comes back from the bank', () => {
  it('is noted once, however often it is told, and not before the refund', async () => {
    const deps = depsWith({ isGone: false })
    const order = anOrder({ id: newId('order'), expiresAt: addSeconds(START, 900) })
    const payment = newId('payment')
    await deps.store.insert(placing(order), undefined)
    await applyCapture(deps, { ...facts(order, payment), captured: order.total })
    const told = refund(order.id, payment, 500)
    expect(await applyRefundReturned(deps, told)).toEqual({ ok: false, failure: { code: 'service_unavailable' } })
    await applyRefund(deps, told)
    const answers = await Promise.all(Array.from({ length: 5 }, () => applyRefundReturned(deps, told)))
    expect(answers.every(({ ok }) => ok)).toBe(true)
    expect(await applyRefund(deps, told)).toEqual(ok())
    const kept = await deps.store.findWithEvents(order.id)
    expect(kept?.order).toMatchObject({ paymentStatus: 'paid', capturedAmount: 2_500, refundedAmount: 0 })
    expect(kept?.events.map(({ type }) => type).slice(3)).toEqual(['refunded', 'refund_returned'])
  })
})

describe('an order that was paid and left before its stock was taken', () => {
  it('is sold by the sweep a minute later, once, however many sweep', async () => {
    const sold: string[] = []
    const commitHolds = async ({ holdId }: { holdId: string }) => {
      sold.push(holdId)
      return ok()
    }
    const deps = depsWith({ isGone: false }, { commitHolds })
    const order = anOrder({ expiresAt: addSeconds(START, 900) })
    await deps.store.insert(placing(order), undefined)
    await deps.store.saveCaptured({ ...facts(order, newId('payment')), captured: order.total }, START)
    deps.pass(61)
    await Promise.all(Array.from({ length: 3 }, () => sweepOrders(deps)))
    const kept = await deps.store.findWithEvents(order.id)
    expect(sold).toContain(order.id)
    expect(kept?.order.stockCommitted).toBe(true)
    expect(kept?.events.map(({ type }) => type)).toEqual(['placed', 'paid', 'stock_committed'])
  })

  it('is left alone while whoever has taken the payment may be at it', async () => {
    const deps = depsWith({ isGone: false })
    const order = anOrder({ expiresAt: addSeconds(START, 900_000) })
    await deps.store.insert(placing(order), undefined)
    const soon = addSeconds(START, 3_600)
    await deps.store.saveCaptured({ ...facts(order, newId('payment')), captured: order.total }, soon)
    await sweepOrders(deps)
    expect((await deps.store.find(order.id))?.stockCommitted).toBe(false)
  })
})

describe('an order that staff cancel while its stock is being taken', () => {
  it('sends the money back, and what was taken of the stock', async () => {
    const returned: string[] = []
    const order = anOrder({ expiresAt: addSeconds(START, 900) })
    const deps: TimedDeps = depsWith(
      { isGone: false },
      {
        commitHolds: async () => {
          await move(deps, order, admin, 'cancelled')
          return ok()
        },
        returnSales: async ({ holdId }) => {
          returned.push(holdId)
          return ok()
        },
      },
    )
    await deps.store.insert(placing(order), undefined)
    const told = await applyCapture(deps, { ...facts(order, newId('payment')), captured: order.total })
    expect(told).toEqual(ok({ outcome: 'refund' }))
    expect(returned).toEqual([order.id])
    const kept = await deps.store.findWithEvents(order.id)
    expect(kept?.order).toMatchObject({
      status: 'cancelled',
      cancelReason: 'cancelled_by_staff',
      stockCommitted: false,
    })
    expect(kept?.events.map(({ type }) => type)).toEqual(['placed', 'paid', 'cancelled'])
  })
})

/** The events tell all of the order: as many as versions, and what they add up to is what it says. */
function assertTold({ order, events }: NonNullable<Awaited<ReturnType<typeof store.findOrderWithEvents>>>): void {
  expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: order.version }, (_, index) => index + 1))
  const types = events.map(({ type }) => type)
  expect(types[0]).toBe('placed')
  for (const once of ['authorized', 'paid', 'shipped', 'delivered', 'cancelled', 'stock_committed'] as const) {
    expect(types.filter((type) => type === once).length, once).toBeLessThanOrEqual(1)
  }
  expect(types.includes('cancelled')).toBe(order.status === 'cancelled')
  expect(types.includes('paid')).toBe(order.capturedAmount > 0)
  expect(types.includes('delivered')).toBe(order.status === 'delivered')
  const sumOf = (wanted: string) =>
    events.reduce((sum, { type, data }) => sum + (type === wanted ? (data.amount ?? 0) : 0), 0)
  expect(order.refundedAmount).toBe(sumOf('refunded') - sumOf('refund_returned'))
  expect(order.stockCommitted).toBe(types.includes('stock_committed') && !types.includes('stock_returned'))
  const paymentIds = new Set(events.flatMap(({ data }) => (data.paymentId === undefined ? [] : [data.paymentId])))
  expect([...paymentIds]).toEqual(order.paymentId === null ? [] : [order.paymentId])
  expect(moneyStatus(order)).toContain(order.paymentStatus)
}

function moneyStatus({ capturedAmount, refundedAmount }: Order): Order['paymentStatus'][] {
  if (capturedAmount === 0) return ['unpaid', 'authorized']
  if (refundedAmount === 0) return ['paid']
  return [refundedAmount < capturedAmount ? 'partially_refunded' : 'refunded']
}

/** From what was seen to what was seen next there is a way through the tables, and what was taken only grows. */
function assertSteps(seen: Order[]): void {
  for (const [index, order] of seen.slice(1).entries()) {
    const before = seen[index] ?? order
    expect(isWay(STATUS_STEPS, before.status, order.status), `${before.status}>${order.status}`).toBe(true)
    const steps = `${before.paymentStatus}>${order.paymentStatus}`
    expect(isWay(PAYMENT_STEPS, before.paymentStatus, order.paymentStatus), steps).toBe(true)
    expect(order.capturedAmount).toBeGreaterThanOrEqual(before.capturedAmount)
  }
}

function isWay<S extends string>(steps: Record<S, readonly S[]>, from: S, to: S): boolean {
  const reached = new Set<S>([from])
  for (const status of reached) for (const next of steps[status]) reached.add(next)
  return reached.has(to)
}
