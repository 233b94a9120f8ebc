import { pullEvents } from '@shop/contracts/events/serve-events'
import { LIMITS } from '@shop/contracts/limits'
import type { PaymentsEvent } from '@shop/contracts/orders/rpc'
import { isOfPart } from '@shop/contracts/orders/states'
import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import type { PaymentId } from '@shop/kernel/ids'
import { ok } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import { SHOP } from '@shop/settings/shop'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sweepAll } from '@shop/testing/sweep'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OrdersDeps, ordersRepositories } from '../../src/deps.ts'
import { confirmEvents } from '../../src/events/confirm-events.ts'
import { giftCardCodes } from '../../src/gift-cards/gift-card-codes.ts'
import { changeOrderStatus } from '../../src/orders/change-order-status.ts'
import type { Order, OrderEvent } from '../../src/orders/domain/order.ts'
import { PAYMENT_STEPS, STATUS_STEPS } from '../../src/orders/domain/steps.ts'
import { extendOrders } from '../../src/orders/extend-orders.ts'
import { updateOrder } from '../../src/orders/update-order.ts'
import { receiveEvents } from '../../src/payment-events/receive-events.ts'
import { namedCollections } from '../../src/promotions/named-collections.ts'
import type { CatalogClient } from '../../src/stock/catalog-client.ts'
import { ordersTasks } from '../../src/sweep.ts'
import { memoryCarts } from '../support/memory-carts.ts'
import { anOrder, NOWHERE, placing } from '../support/orders.ts'
import { disputeEvent, paymentEvent, refundEvent } from '../support/payments-events.ts'
import { SPRINGFIELD } from '../support/purchases.ts'
import { CAPS } from '../support/test-deps.ts'

let database: ServiceDatabase
beforeAll(async () => {
  database = await startDatabase()
})
afterAll(() => database.stop())

const admin = { kind: 'user', userId: newId('user'), role: 'admin' } as const
const START = new Date('2026-11-23T10:00:00.000Z')

/** With a clock that advances by a second at each reading, and by `pass`. */
type TimedDeps = OrdersDeps & { pass: (seconds: number) => void }

/** The operations on a real database. The stock grants everything, or nothing once `isGone`. */
function depsWith(stock: { isGone: boolean }, over: Partial<CatalogClient> = {}): TimedDeps {
  let clock = START
  const catalog: CatalogClient = {
    quote: async () => ok([]),
    quoteEach: async () => ok([]),
    holdStock: async () => ok(),
    extendHolds: async () => ok(),
    releaseHolds: async () => ok(),
    returnSales: async () => ok(),
    takeBack: async () => ok(),
    findHolds: async () => ok([]),
    commitHolds: async () =>
      stock.isGone ? { ok: false, failure: { code: 'out_of_stock', variantId: 11, requested: 2, available: 0 } } : ok(),
  }
  const client = { ...catalog, ...over }
  const repositories = ordersRepositories(database.as('orders'))
  const { carts, recentRules } = memoryCarts(() => clock, repositories.rules.find)
  return {
    ...repositories,
    carts,
    recentRules,
    catalog: client,
    joinCatalog: () => client,
    tokens: { of: async () => 'v1.token', isOf: async () => false, hasHash: async () => false },
    cartTokens: { of: async () => 'v1.token', isOf: async () => false, hasHash: async () => false },
    giftCardCodes: giftCardCodes(['a secret of at least thirty-two characters']),
    giftCardCodeLimit: LIMITS.giftCardCode,
    giftCardDays: null,
    cartAbandonedSeconds: 3_600,
    print: async () => new Uint8Array(),
    shop: SHOP,
    defaultCurrency: currency('USD'),
    now: () => {
      clock = addSeconds(clock, 1)
      return clock
    },
    pass: (seconds) => {
      clock = addSeconds(clock, seconds)
    },
    newOrderId: () => newId('order'),
    newLineId: () => newId('orderLine'),
    newId,
    newPromotionId: () => newId('promotion'),
    newCodeBatchId: () => newId('codeBatch'),
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    newClaim: () => crypto.randomUUID(),
    hadNoEffect: () => true,
    isOutage: () => false,
    origin: SPRINGFIELD,
    taxRounding: 'line',
    taxFallback: 'rates',
    checkoutRequires: { address: false, shipping: false },
    returnPolicy: { windowDays: 30, reasons: ['other'] },
    namedCollections: namedCollections(),
    holdSeconds: 900,
    holdGraceSeconds: 300,
    guestHoldSeconds: 600,
    caps: CAPS,
    wakeConsumers: async () => {},
    wakeWebhooks: async () => {},
    warn: () => {},
  }
}

type Change = (deps: TimedDeps, order: Order, payments: [PaymentId, PaymentId]) => Promise<unknown>

/** One refund for each payment and amount, so that a repeated change is the same refund. */
const refundOf = (paymentId: PaymentId, amount: 500 | 2_000 | 2_500) => ({
  paymentId,
  refundId: `refund_${paymentId.slice(4, -1)}${{ 500: 'a', 2000: 'b', 2500: 'c' }[amount]}` as const,
  amount,
})
const receive = async (deps: OrdersDeps, event: PaymentsEvent) => {
  const received = await receiveEvents(deps, [event])
  return received.ok ? received.value[0] : undefined
}
const move = (deps: OrdersDeps, order: Order, caller: typeof admin | 'customer', status: Order['status']) => {
  if (order.userId === null) throw new Error('The orders of this test have accounts')
  const customer = { kind: 'user', userId: order.userId, role: 'customer' } as const
  const access = { orderId: order.id, caller: caller === 'customer' ? customer : admin, orderToken: null }
  return changeOrderStatus(deps, access, status)
}
const captureOf = (order: Order, paymentId: PaymentId) => ({
  orderId: order.id,
  paymentId,
  amount: order.total,
  chargeNo: 1,
  captured: order.total,
  currency: order.currency,
})

/** Everything that can happen to an order, by either of two payments. */
const CHANGES: Record<string, Change> = {
  cancelledByCustomer: (deps, order) => move(deps, order, 'customer', 'cancelled'),
  cancelledByStaff: (deps, order) => move(deps, order, admin, 'cancelled'),
  shipped: (deps, order) => move(deps, order, admin, 'shipped'),
  delivered: (deps, order) => move(deps, order, admin, 'delivered'),
  authorized: (deps, order, [first]) => receive(deps, paymentEvent('payment.authorized', order, first)),
  authorizationLost: (deps, order, [first]) => receive(deps, paymentEvent('payment.authorization_lost', order, first)),
  captured: (deps, order, [first]) => receive(deps, paymentEvent('payment.captured', order, first)),
  otherCaptured: (deps, order, [, other]) => receive(deps, paymentEvent('payment.captured', order, other)),
  refundedInPart: (deps, order, [first]) => receive(deps, refundEvent('refund.succeeded', order, refundOf(first, 500))),
  refundedTheRest: (deps, order, [first]) =>
    receive(deps, refundEvent('refund.succeeded', order, refundOf(first, 2_000))),
  partReturned: (deps, order, [first]) => receive(deps, refundEvent('refund.returned', order, refundOf(first, 500))),
  otherRefunded: (deps, order, [, other]) =>
    receive(deps, refundEvent('refund.succeeded', order, refundOf(other, 2_500))),
  extended: (deps, { id }) => extendOrders(deps, [id]),
  noted: (deps, { id: orderId }) => updateOrder(deps, admin, { orderId, metadata: { note: crypto.randomUUID() } }),
  confirmedCancelled: async (deps) => {
    const pulled = await pullEvents(deps, { consumer: 'payments', limit: 100 })
    const receipts = pulled.ok ? pulled.value.map(({ id }) => ({ eventId: id, outcome: 'done' as const })) : []
    await confirmEvents(deps, { consumer: 'payments', receipts })
  },
  swept: (deps) => sweepAll(ordersTasks(deps)),
  tenMinutesLater: async (deps) => deps.pass(600),
}

/** Rounds of changes that happen at the same time. */
const rounds = fc.array(fc.array(fc.constantFrom(...Object.keys(CHANGES)), { minLength: 1, maxLength: 5 }), {
  minLength: 1,
  maxLength: 8,
})

describe('any changes of an order, concurrent or not', () => {
  it('are one event per version, each a legal step, with the money of one payment', async () => {
    await fc.assert(
      fc.asyncProperty(rounds, fc.boolean(), async (changes, isGone) => {
        const deps = depsWith({ isGone })
        const placed = anOrder({ id: newId('order'), expiresAt: addSeconds(START, 900) })
        await deps.orders.insert(placing(placed), NOWHERE)
        const payments: [PaymentId, PaymentId] = [newId('payment'), newId('payment')]
        const seen: Order[] = []
        for (const round of changes) {
          await Promise.all(round.map((name) => CHANGES[name]?.(deps, placed, payments)))
          const now = await deps.orders.find(placed.id)
          if (now !== undefined) seen.push(now)
        }
        const kept = await deps.orders.findWithEvents(placed.id)
        if (kept === undefined) throw new Error('The order is gone')
        assertEvents(kept)
        const written = (await deps.events.list({ key: placed.id, limit: 100 })).reverse()
        const ofOrder = written.filter(({ type }) => type.startsWith('order.'))
        expect(ofOrder.map(({ type, sequence }) => [type, sequence])).toEqual(
          kept.events.flatMap(({ type, seq }) => (isOfPart(type) ? [] : [[`order.${type}`, seq]])),
        )
        assertSteps([placed, ...seen])
      }),
      { numRuns: 60 },
    )
  })
})

describe('a refund that the bank returns', () => {
  it('is recorded once, however often it is reported, and not before the refund', async () => {
    const deps = depsWith({ isGone: false })
    const order = anOrder({ id: newId('order'), expiresAt: addSeconds(START, 900) })
    const payment = newId('payment')
    await deps.orders.insert(placing(order), NOWHERE)
    await receive(deps, paymentEvent('payment.captured', order, payment))
    const refund = refundOf(payment, 500)
    const returned = refundEvent('refund.returned', order, refund)
    expect(await receive(deps, returned)).toMatchObject({ outcome: 'failed', failure: 'not_yet' })
    await receive(deps, refundEvent('refund.succeeded', order, refund))
    const receipts = await Promise.all(Array.from({ length: 5 }, () => receive(deps, returned)))
    expect(receipts.every((receipt) => receipt?.outcome === 'done')).toBe(true)
    expect(await receive(deps, refundEvent('refund.succeeded', order, refund))).toMatchObject({ outcome: 'done' })
    const kept = await deps.orders.findWithEvents(order.id)
    expect(kept?.order).toMatchObject({ paymentStatus: 'paid', capturedAmount: 2_500, refundedAmount: 0 })
    expect(kept?.events.map(({ type }) => type).slice(3)).toEqual(['refunded', 'refund_returned'])
  })
})

describe('money of a cancelled order that does not come back', () => {
  it('is kept with the order: a failed refund, what banks hold, and what they have returned', async () => {
    const deps = depsWith({ isGone: false })
    const order = anOrder({ id: newId('order'), expiresAt: addSeconds(START, 900) })
    const payment = newId('payment')
    await deps.orders.insert(placing(order), NOWHERE)
    await receive(deps, paymentEvent('payment.captured', order, payment))
    await receive(deps, disputeEvent(order, payment, { disputed: 2_500, chargedBack: 0 }))
    await changeOrderStatus(deps, { orderId: order.id, caller: admin, orderToken: null }, 'cancelled')
    await receive(deps, refundEvent('refund.failed', order, refundOf(payment, 2_500)))
    const read = async () => (await deps.orders.find(order.id)) ?? {}
    expect(await read()).toMatchObject({ refundFailed: true, disputedAmount: 2_500, chargedBackAmount: 0 })
    await receive(deps, disputeEvent(order, payment, { disputed: 0, chargedBack: 2_500 }))
    expect(await read()).toMatchObject({ refundFailed: true, disputedAmount: 0, chargedBackAmount: 2_500 })
    const kept = await deps.orders.findWithEvents(order.id)
    expect(kept?.events.map(({ type }) => type).slice(3)).toEqual([
      'disputed',
      'cancelled',
      'refund_failed',
      'dispute_closed',
    ])
  })
})

describe('an order whose payment was recorded but whose stock was not sold', () => {
  it('is sold by the sweep a minute later, once, however many sweeps run', async () => {
    const sold: string[] = []
    const commitHolds = async ({ holdId }: { holdId: string }) => {
      sold.push(holdId)
      return ok()
    }
    const deps = depsWith({ isGone: false }, { commitHolds })
    const order = anOrder({ expiresAt: addSeconds(START, 900) })
    await deps.orders.insert(placing(order), NOWHERE)
    await deps.captures.capturePending(captureOf(order, newId('payment')), START)
    deps.pass(61)
    await Promise.all(Array.from({ length: 3 }, () => sweepAll(ordersTasks(deps))))
    const kept = await deps.orders.findWithEvents(order.id)
    expect(sold).toContain(order.id)
    expect(kept?.order.stockCommitted).toBe(true)
    expect(kept?.events.map(({ type }) => type)).toEqual(['placed', 'paid', 'stock_committed'])
  })

  it('is left alone while the request that recorded the payment may still sell it', async () => {
    const deps = depsWith({ isGone: false })
    const order = anOrder({ expiresAt: addSeconds(START, 900_000) })
    await deps.orders.insert(placing(order), NOWHERE)
    const soon = addSeconds(START, 3_600)
    await deps.captures.capturePending(captureOf(order, newId('payment')), soon)
    await sweepAll(ordersTasks(deps))
    expect((await deps.orders.find(order.id))?.stockCommitted).toBe(false)
  })
})

describe('an order that staff cancel while its stock is being sold', () => {
  it('has its money refunded and its sale returned', async () => {
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
    await deps.orders.insert(placing(order), NOWHERE)
    const receipt = await receive(deps, paymentEvent('payment.captured', order, newId('payment')))
    expect(receipt).toMatchObject({ outcome: 'done', decision: 'rejected' })
    expect(returned).toEqual([order.id])
    const kept = await deps.orders.findWithEvents(order.id)
    expect(kept?.order).toMatchObject({
      status: 'cancelled',
      cancelReason: 'cancelled_by_staff',
      stockCommitted: false,
    })
    expect(kept?.events.map(({ type }) => type)).toEqual(['placed', 'paid', 'cancelled'])
  })
})

/** There is one event per version, and together they add up to the order. */
function assertEvents({ order, events }: { order: Order; events: OrderEvent[] }): void {
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

/** From each state that was read to the next the transition tables have a path, and the captured amount only grows. */
function assertSteps(seen: Order[]): void {
  for (const [index, order] of seen.slice(1).entries()) {
    const before = seen[index] ?? order
    expect(hasPath(STATUS_STEPS, before.status, order.status), `${before.status}>${order.status}`).toBe(true)
    const steps = `${before.paymentStatus}>${order.paymentStatus}`
    expect(hasPath(PAYMENT_STEPS, before.paymentStatus, order.paymentStatus), steps).toBe(true)
    expect(order.capturedAmount).toBeGreaterThanOrEqual(before.capturedAmount)
  }
}

function hasPath<S extends string>(steps: Record<S, readonly S[]>, from: S, to: S): boolean {
  const reached = new Set<S>([from])
  for (const status of reached) for (const next of steps[status]) reached.add(next)
  return reached.has(to)
}
