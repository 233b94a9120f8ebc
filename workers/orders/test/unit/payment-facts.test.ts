import type { PaymentsEvent } from '@shop/contracts/orders/rpc'
import { newId } from '@shop/http/ids'
import { describe, expect, it, vi } from 'vitest'
import type { Order } from '../../src/orders/domain/order.ts'
import { REFUND_NOTES } from '../../src/orders/domain/refund-status.ts'
import { recordAuthorizationLoss } from '../../src/payment-events/domain/authorization.ts'
import { recordCapture } from '../../src/payment-events/domain/capture.ts'
import { recordDisputes } from '../../src/payment-events/domain/dispute.ts'
import { recordRefund, recordRefundReturn } from '../../src/payment-events/domain/refund.ts'
import { receiveEvents } from '../../src/payment-events/receive-events.ts'
import { anOrder } from '../support/orders.ts'
import { disputeEvent, paymentEvent, refundEvent } from '../support/payments-events.ts'
import { testDeps } from '../support/test-deps.ts'

const PAYMENT = newId('payment')
const REFUND = newId('refund')
const UNCHANGED = { kind: 'unchanged' }
const paid = (over: Partial<Order> = {}) =>
  anOrder({
    status: 'processing',
    paymentStatus: 'paid',
    paymentId: PAYMENT,
    capturedAmount: 2_500,
    stockCommitted: true,
    ...over,
  })
const receive = async (deps: ReturnType<typeof testDeps>['deps'], ...events: PaymentsEvent[]) => {
  const received = await receiveEvents(deps, events)
  return received.ok ? received.value.map(({ eventId: _, ...receipt }) => receipt) : []
}

describe('the captured amount', () => {
  const order = anOrder()
  it.each([
    [0, 'rejected'],
    [1, 'accepted'],
    [2_500, 'accepted'],
    [2_501, 'rejected'],
  ])('of %d of an order of 2500 is %s', (captured, decision) => {
    const fact = {
      orderId: order.id,
      paymentId: PAYMENT,
      chargeNo: 1,
      amount: 2_500,
      currency: order.currency,
      captured,
    }
    expect(recordCapture(order, fact).decision).toBe(decision)
  })
})

describe('the loss of an authorization', () => {
  it('cancels the order, and its history names the payment', () => {
    const order = paid({ paymentStatus: 'authorized', capturedAmount: 0 })
    expect(recordAuthorizationLoss(order, PAYMENT)).toEqual({
      ok: true,
      value: {
        kind: 'changed',
        type: 'cancelled',
        to: { status: 'cancelled', paymentStatus: 'unpaid', cancelReason: 'authorization_lost' },
        data: { paymentId: PAYMENT, reason: 'authorization_lost' },
      },
    })
  })
})

describe('the disputes of an order', () => {
  const fact = (disputed: number, chargedBack: number) => ({
    orderId: newId('order'),
    paymentId: PAYMENT,
    disputed,
    chargedBack,
  })
  const changed = (type: string, to: object, amount: number) => ({
    kind: 'changed',
    type,
    to,
    data: { paymentId: PAYMENT, amount },
  })

  it('begin when a bank holds more, and end when it holds no more', () => {
    const open = paid({ disputedAmount: 700, chargedBackAmount: 0 })
    expect(recordDisputes(open, fact(701, 0))).toEqual(
      changed('disputed', { disputedAmount: 701, chargedBackAmount: 0 }, 701),
    )
    expect(recordDisputes(open, fact(0, 700))).toEqual(
      changed('dispute_closed', { disputedAmount: 0, chargedBackAmount: 700 }, 700),
    )
  })

  it('that only change what was charged back are one that closed', () => {
    const open = paid({ disputedAmount: 700, chargedBackAmount: 0 })
    expect(recordDisputes(open, fact(700, 100))).toEqual(
      changed('dispute_closed', { disputedAmount: 700, chargedBackAmount: 100 }, 100),
    )
    expect(recordDisputes(open, fact(700, 0))).toEqual(UNCHANGED)
  })

  it.each(['dispute.created', 'dispute.updated', 'dispute.closed'] as const)('are told by %s', async (type) => {
    const order = paid()
    const { deps, find } = testDeps({ orders: [order] })
    const event = { ...disputeEvent(order, PAYMENT, { disputed: 700, chargedBack: 0 }), type } as PaymentsEvent
    expect(await receive(deps, event)).toEqual([{ outcome: 'done' }])
    expect(find(order.id)?.disputedAmount).toBe(700)
  })
})

describe('a refund', () => {
  const refund = (over: object = {}) => ({
    ...{ orderId: newId('order'), paymentId: PAYMENT, refundId: REFUND, amount: 500, captured: 2_500 },
    ...over,
  })

  it('is of what was captured, whichever of the two facts knows more of it', () => {
    const to = (order: Order, captured: number) => recordRefund(order, refund({ captured }), { reason: 'broken' })
    expect(to(paid({ capturedAmount: 2_000 }), 2_500)).toMatchObject({ to: { capturedAmount: 2_500 } })
    expect(to(paid({ capturedAmount: 2_500 }), 2_000)).toMatchObject({ to: { capturedAmount: 2_500 } })
  })

  it('changes nothing that its cancellation has counted, when gift cards got back what they had paid', () => {
    expect(
      recordRefund(paid({ status: 'cancelled' }), refund(), { reason: 'order_cancelled', isCounted: true }),
    ).toEqual(UNCHANGED)
  })

  it('that the bank returned leaves money that a cancelled order owes', () => {
    const returned = (over: Partial<Order>) =>
      recordRefundReturn(paid({ paymentStatus: 'partially_refunded', refundedAmount: 500, ...over }), refund())
    expect(returned({})).toMatchObject({ to: { refundFailed: false } })
    expect(returned({ status: 'cancelled' })).toMatchObject({ to: { refundFailed: true } })
    expect(returned({ refundFailed: true })).toMatchObject({ to: { refundFailed: true } })
  })

  it('that was returned is awaited for each refund by itself', async () => {
    const order = paid()
    const { deps } = testDeps({ orders: [order] })
    const other = newId('refund')
    await receive(deps, refundEvent('refund.succeeded', order, { paymentId: PAYMENT, refundId: REFUND }))
    const returned = (refundId: typeof REFUND) =>
      receive(deps, refundEvent('refund.returned', order, { paymentId: PAYMENT, refundId }))
    expect(await returned(other)).toEqual([{ outcome: 'failed', failure: 'not_yet' }])
    expect(await returned(REFUND)).toEqual([{ outcome: 'done' }])
  })

  it('that was returned is recorded once, and not even decided again', async () => {
    const order = paid()
    const { deps, find } = testDeps({ orders: [order] })
    await receive(deps, refundEvent('refund.succeeded', order, { paymentId: PAYMENT, refundId: REFUND }))
    const returned = refundEvent('refund.returned', order, { paymentId: PAYMENT, refundId: REFUND })
    await receive(deps, returned)
    const saveChange = vi.spyOn(deps.orders, 'saveChange')
    expect(await receive(deps, returned)).toEqual([{ outcome: 'done' }])
    expect(saveChange).not.toHaveBeenCalled()
    expect(find(order.id)).toMatchObject({ refundedAmount: 0, paymentStatus: 'paid' })
  })

  it('that does not come back is told in words', () => {
    expect(REFUND_NOTES).toEqual({
      failed: expect.stringContaining('refund failed'),
      disputed: expect.stringContaining('because of a dispute'),
      charged_back: expect.stringContaining('returned the money to the customer'),
    })
  })
})

describe('an event of payments', () => {
  const order = paid()
  const refunded = refundEvent('refund.succeeded', order, { paymentId: PAYMENT })
  const disputed = disputeEvent(order, PAYMENT, { disputed: 700, chargedBack: 0 })
  const captured = paymentEvent('payment.captured', order, PAYMENT)

  it.each([
    ['refund', { ...refunded, payload: { ...refunded.payload, orderId: 'no id' } }],
    ['refund', { ...refunded, payload: { ...refunded.payload, paymentId: 'no id' } }],
    ['refund', { ...refunded, payload: { ...refunded.payload, refundId: 'no id' } }],
    ['dispute', { ...disputed, payload: { ...disputed.payload, paymentId: 'no id' } }],
    ['payment', { ...captured, payload: { ...captured.payload, orderId: 'no id' } }],
    ['payment', { ...captured, payload: { ...captured.payload, paymentId: 'no id' } }],
    ['payment', { ...captured, payload: { ...captured.payload, currency: 'XYZ' } }],
  ])('about a %s that is named by no id or currency is refused', async (_, event) => {
    const { deps, calls } = testDeps({ orders: [order] })
    expect(await receive(deps, event as PaymentsEvent)).toEqual([{ outcome: 'failed', failure: 'invalid_event' }])
    expect(calls).toEqual([])
  })

  it('without a decision has none in its receipt', async () => {
    const { deps } = testDeps({ orders: [order] })
    expect((await receive(deps, refunded))[0]).toStrictEqual({ outcome: 'done' })
  })

  it('that throws is logged with its type', async () => {
    const error = new Error('bug')
    const warn = vi.fn()
    const { deps } = testDeps({ orders: [order], over: { warn } })
    deps.orders.saveChange = () => Promise.reject(error)
    await receive(deps, refunded)
    const fields = { eventId: refunded.id, type: 'refund.succeeded', error }
    expect(warn).toHaveBeenCalledExactlyOnceWith('event_failed', fields)
  })

  it('is applied beside three others', async () => {
    const orders = Array.from({ length: 12 }, () => anOrder())
    let [running, most] = [0, 0]
    const { deps } = testDeps({ orders })
    const { capturePending } = deps.captures
    deps.captures.capturePending = async (...args) => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setTimeout(resolve, 0))
      running -= 1
      return capturePending(...args)
    }
    await receive(deps, ...orders.map((one) => paymentEvent('payment.captured', one, newId('payment'))))
    expect(most).toBe(4)
  })
})

describe('money that an order cannot take', () => {
  it('takes none of its stock', async () => {
    const order = anOrder()
    const { deps, calls, find } = testDeps({ orders: [order] })
    for (const type of ['payment.authorized', 'payment.captured'] as const) {
      const event = paymentEvent(type, order, PAYMENT, { amount: 2_499, capturedAmount: 2_499 })
      expect(await receive(deps, event)).toEqual([{ outcome: 'done', decision: 'rejected' }])
    }
    expect(calls).toEqual([])
    expect(find(order.id)).toEqual(order)
  })
})

describe('a capture that cannot be saved', () => {
  it('is retried, and sells nothing', async () => {
    const order = paid({ paymentStatus: 'authorized', capturedAmount: 0, stockCommitted: false })
    const { deps, calls } = testDeps({ orders: [order] })
    deps.orders.saveChange = async () => 'lost'
    expect(await receive(deps, paymentEvent('payment.captured', order, PAYMENT))).toEqual([
      { outcome: 'failed', failure: 'service_unavailable' },
    ])
    expect(calls).toEqual([])
  })
})
