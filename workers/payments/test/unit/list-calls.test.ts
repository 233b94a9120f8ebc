import type { ShopEvent } from '@shop/contracts/events/catalogue'
import type { OrdersRpc, PaymentsReceipt } from '@shop/contracts/orders/rpc'
import type { OrderId, PaymentId } from '@shop/kernel/ids'
import { fail, ok } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'
import type { PaymentsDeps } from '../../src/deps.ts'
import { deliverEvents } from '../../src/events/deliver-events.ts'
import { followOrders } from '../../src/events/follow-orders.ts'
import { ordersClient } from '../../src/events/orders-client.ts'
import type { Intent } from '../../src/payments/domain/outcome.ts'
import type { Payment } from '../../src/payments/domain/payment.ts'
import { refreshPayments } from '../../src/payments/refresh-payments.ts'
import { resumeAttempts } from '../../src/payments/resume-attempts.ts'
import { retryRefunds } from '../../src/refunds/retry-refunds.ts'
import { aCapturedPayment, anIntent, aPayment, aRefund, now } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

// An invocation may call other workers 32 times, with all that they call: a batch makes a few calls, however large it is.

const MANY = 20
const SUFFIX = '01jd4k2v9rf0fv8z3x1m5q7'
const numbers = Array.from({ length: MANY }, (_, n) => String(100 + n))
const paymentIdOf = (n: string): PaymentId => `pay_${SUFFIX}${n}`
const orderIdOf = (n: string): OrderId => `order_${SUFFIX}${n}`

type Options = {
  state?: Intent['state']
  isPending?: boolean
  decision?: 'accepted' | 'rejected'
  pulled?: ShopEvent[]
}

/** Many payments, and an orders worker whose calls are counted: `calls` has the method and the length of each list. */
function counting(payment: (over: Partial<Payment>) => Payment, options: Options = {}) {
  const { state, isPending = true, decision = 'accepted', pulled = [] } = options
  const calls: string[] = []
  const orders: OrdersRpc = {
    payableOrder: async () => fail({ code: 'order_not_found' }),
    capturesDue: async (parts) => {
      calls.push(`capturesDue ${parts.length}`)
      return ok(parts.map(() => ok({ shipped: 2_500, total: 2_500, shipments: 1, isLast: true })))
    },
    reserveRefund: async () => fail({ code: 'order_not_found' }),
    releaseRefunds: async (refunds) => ok(refunds.map(() => ok())),
    listOpenRefunds: async () => ok([]),
    maySeeOrder: async () => ok(true),
    areOrderTokens: async (tokens) => ok(tokens.map(() => true)),
    arePending: async (ids) => {
      calls.push(`arePending ${ids.length}`)
      return ok(ids.map(() => ok(isPending)))
    },
    extendOrders: async (ids) => {
      calls.push(`extendOrders ${ids.length}`)
      return ok(ids.map(() => ok()))
    },
    receiveEvents: async (events) => {
      calls.push(`receiveEvents ${events.length}`)
      // In another order than they were sent.
      return ok(events.map(({ id }): PaymentsReceipt => ({ eventId: id, outcome: 'done', decision })).reverse())
    },
    orderMails: async () => ok([]),
    giftCardMails: async () => ok([]),
    orderTokenMails: async () => ok([]),
    receiveUsersEvents: async () => ok([]),
    exportCustomer: async () => fail({ code: 'service_unavailable' }),
    creditGiftCards: async (credits) => ok(credits.map(() => ok())),
    issueStoreCredit: async (credits) => ok(credits.map(() => ok())),
    pullEvents: async () => {
      calls.push('pullEvents')
      return ok(pulled.splice(0))
    },
    confirmEvents: async ({ receipts }) => {
      calls.push(`confirmEvents ${receipts.length}`)
      return ok()
    },
  }
  const world = aWorld()
  const intent = async (intentId: string) => {
    const paymentId = paymentIdOf(intentId.slice(3))
    return state === undefined
      ? ({ kind: 'unknown', isReplayed: false } as const)
      : ({ kind: 'intent', intent: anIntent(state, { intentId, paymentId }) } as const)
  }
  const stripeIntents: PaymentsDeps['stripeIntents'] = {
    ...world.deps.stripeIntents,
    retrieve: intent,
    create: async ({ id }) => intent(`pi_${id.slice(-3)}`),
    cancel: async (intentId) => {
      const paymentId = paymentIdOf(intentId.slice(3))
      return { kind: 'intent', intent: anIntent('canceled', { intentId, paymentId }) }
    },
  }
  const deps: PaymentsDeps = {
    ...world.deps,
    stripeIntents,
    orders: ordersClient(orders),
    joinOrders: (join) => ordersClient(orders, join),
  }
  const payments = numbers.map((n) => payment({ id: paymentIdOf(n), orderId: orderIdOf(n), intentId: `pi_${n}` }))
  return { world, deps, calls, payments }
}
const added = (one: ReturnType<typeof counting>) => {
  for (const payment of one.payments) one.world.payments.add(payment)
  return one
}
const open = (state: Payment['state']) => (over: Partial<Payment>) =>
  aPayment({ state, attemptUntil: null, updatedAt: new Date(0), ...over })

describe('orders', () => {
  it.each(['accepted', 'rejected'] as const)(
    'is told of all due events in one call, also when they are %s',
    async (decision) => {
      const { deps, world, calls, payments } = counting(aCapturedPayment, { decision })
      for (const payment of payments) world.payments.addUntold(payment)
      await deliverEvents(deps)
      expect(calls).toEqual([`receiveEvents ${MANY}`])
      expect(payments.every(({ id }) => world.refunds.rows.some((refund) => refund.paymentId === id))).toBe(
        decision === 'rejected',
      )
    },
  )

  it('extends all orders whose payments are in processing in one call', async () => {
    const { deps, calls } = added(counting(open('processing')))
    await refreshPayments(deps, { states: ['processing'], limit: MANY })
    expect(calls).toEqual([`extendOrders ${MANY}`])
  })

  it('is told in one call of all payments that Stripe has captured meanwhile', async () => {
    const { deps, calls } = added(counting(open('requires_action'), { state: 'succeeded' }))
    await refreshPayments(deps, { states: ['requires_action'], limit: MANY })
    expect(calls).toEqual([`receiveEvents ${MANY}`])
  })

  it('is asked in one call whether abandoned payments are still wanted', async () => {
    const options = { state: 'requires_payment_method', isPending: false } as const
    const { deps, world, calls } = added(counting(open('requires_payment_method'), options))
    await refreshPayments(deps, { states: ['requires_payment_method'], limit: MANY })
    expect(calls).toEqual([`arePending ${MANY}`])
    expect((await world.payments.find(paymentIdOf('100')))?.state).toBe('canceled')
  })

  it('is asked and told in two calls about all attempts that are made again', async () => {
    const lost = (over: Partial<Payment>) =>
      aPayment({ ...over, intentId: null, attemptUntil: new Date(now.getTime() - 1) })
    const { deps, calls } = added(counting(lost, { state: 'succeeded' }))
    await resumeAttempts(deps, MANY)
    expect(calls).toEqual([`arePending ${MANY}`, `receiveEvents ${MANY}`])
  })

  it('is told of all refunds that are made again in one call', async () => {
    const { deps, world, calls, payments } = added(counting(aCapturedPayment))
    for (const [index, { id, orderId }] of payments.entries()) {
      world.refunds.add(aRefund({ id: `refund_${SUFFIX}${numbers[index]}`, paymentId: id, orderId }))
    }
    await retryRefunds(deps, MANY)
    expect(calls).toEqual([`receiveEvents ${MANY}`])
  })

  it('gives its events in one call, and gets their confirmations in another', async () => {
    const pulled = numbers.map(
      (n, index): ShopEvent => ({
        ...{ id: index + 1, type: 'order.cancelled', version: 1, key: orderIdOf(n), sequence: 2, createdAt: now },
        payload: {
          ...{
            orderId: orderIdOf(n),
            userId: null,
            status: 'cancelled',
            paymentStatus: 'unpaid',
            cancelReason: 'expired',
          },
          ...{ total: 2_500, currency: 'USD', capturedAmount: 0, refundedAmount: 0, paymentId: null },
        },
      }),
    )
    const { deps, calls } = added(counting(open('requires_payment_method'), { pulled }))
    expect(await followOrders(deps)).toMatchObject({ done: MANY })
    expect(calls).toEqual(['pullEvents', `confirmEvents ${MANY}`])
  })
})

describe('a call of orders that concerns one payment', () => {
  const access = { orderId: orderIdOf('100'), caller: { kind: 'anonymous' }, orderToken: null } as const
  const rpc = (over: Partial<OrdersRpc>) => ordersClient(over as OrdersRpc)

  it('is passed on as it is', async () => {
    const asked: unknown[] = []
    const answer = (name: string) => async (request: unknown) => {
      asked.push([name, request])
      return ok(true) as never
    }
    const client = rpc({ payableOrder: answer('payableOrder'), maySeeOrder: answer('maySeeOrder') })
    expect(await client.payableOrder(access)).toEqual(ok(true))
    expect(await client.maySeeOrder(access)).toEqual(ok(true))
    expect(asked).toEqual([
      ['payableOrder', access],
      ['maySeeOrder', access],
    ])
  })

  it('is unavailable when orders does not answer, or not about it', async () => {
    const unavailable = fail({ code: 'service_unavailable' })
    const event = { id: 7 } as Parameters<ReturnType<typeof ordersClient>['receiveEvent']>[0]
    expect(await rpc({ receiveEvents: async () => unavailable }).receiveEvent(event)).toEqual(unavailable)
    const other = async () => ok([{ eventId: 8, outcome: 'done' } as const])
    expect(await rpc({ receiveEvents: other }).receiveEvent(event)).toEqual(unavailable)
  })
})
