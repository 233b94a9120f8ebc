import type { OrderStatus, PaymentStatus } from '@shop/contracts/orders/states'
import { newId } from '@shop/http/ids'
import { type CurrencyCode, currency } from '@shop/kernel/currencies'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Order } from '../../src/orders/domain/order.ts'
import { isMoneyReturned, refundStatusOf } from '../../src/orders/domain/refund-status.ts'
import { changeOf, type Step } from '../../src/orders/domain/steps.ts'
import { recordAuthorization, recordAuthorizationLoss } from '../../src/payment-events/domain/authorization.ts'
import { recordCapture } from '../../src/payment-events/domain/capture.ts'
import { recordDisputes } from '../../src/payment-events/domain/dispute.ts'
import {
  recordCaptureOfRefund,
  recordRefund,
  recordRefundFailure,
  recordRefundReturn,
} from '../../src/payment-events/domain/refund.ts'
import { recordStockReturn } from '../../src/stock/domain/stock-steps.ts'
import { anOrder } from '../support/orders.ts'

const unchanged = { kind: 'unchanged' }
const PAY_1 = newId('payment')
const at = new Date('2026-11-23T10:00:00.000Z')

function orderIn(status: OrderStatus, paymentStatus: PaymentStatus, over: Partial<Order> = {}): Order {
  const hasPayment = paymentStatus !== 'unpaid'
  const isCaptured = hasPayment && paymentStatus !== 'authorized'
  const refundedAmount = { partially_refunded: 500, refunded: 2_500 }[paymentStatus as string] ?? 0
  return anOrder({
    status,
    paymentStatus,
    paymentId: hasPayment ? PAY_1 : null,
    capturedAmount: isCaptured ? 2_500 : 0,
    refundedAmount,
    cancelReason: status === 'cancelled' ? 'expired' : null,
    ...over,
  })
}
const fact = (order: Order, over: { paymentId?: typeof PAY_1; amount?: number; currency?: CurrencyCode } = {}) => ({
  orderId: order.id,
  paymentId: PAY_1,
  chargeNo: 1,
  amount: order.total,
  currency: order.currency,
  ...over,
})
const capture = (order: Order, over = {}) => ({ ...fact(order), captured: order.total, ...over })
const refund = (order: Order, over = {}) => ({
  orderId: order.id,
  paymentId: PAY_1,
  refundId: newId('refund'),
  amount: 500,
  captured: 2_500,
  ...over,
})

const REASON = { reason: 'requested_by_customer' }

const OTHERS = [
  ['of another amount', { amount: 2_499 }],
  ['in another currency', { currency: currency('EUR') }],
] as const

describe('an authorization', () => {
  it('makes a pending order authorized', () => {
    const order = orderIn('pending', 'unpaid')
    expect(recordAuthorization(order, fact(order))).toEqual({
      decision: 'accepted',
      step: {
        kind: 'changed',
        type: 'authorized',
        to: { status: 'processing', paymentStatus: 'authorized', paymentId: PAY_1, chargedAmount: 2_500 },
        data: { paymentId: PAY_1, amount: 2_500 },
      },
    })
  })

  it.each(['authorized', 'paid', 'partially_refunded', 'refunded'] as const)(
    'repeated, or after its capture, leaves an order that is %s unchanged',
    (paymentStatus) => {
      const order = orderIn('processing', paymentStatus)
      expect(recordAuthorization(order, fact(order))).toEqual({ decision: 'accepted', step: unchanged })
    },
  )

  it.each(OTHERS)('%s is rejected', (_, over) => {
    const order = orderIn('pending', 'unpaid')
    expect(recordAuthorization(order, fact(order, over))).toEqual({ decision: 'rejected', step: unchanged })
  })

  it('of a cancelled order, or of one with another payment, is rejected', () => {
    for (const order of [orderIn('cancelled', 'unpaid'), orderIn('cancelled', 'authorized')]) {
      expect(recordAuthorization(order, fact(order))).toEqual({ decision: 'rejected', step: unchanged })
    }
    const taken = orderIn('processing', 'authorized')
    const other = fact(taken, { paymentId: newId('payment') })
    expect(recordAuthorization(taken, other)).toEqual({ decision: 'rejected', step: unchanged })
  })
})

describe('the loss of an authorization', () => {
  it('cancels the order that relies on it, and leaves it unpaid', () => {
    expect(recordAuthorizationLoss(orderIn('processing', 'authorized'), PAY_1)).toMatchObject({
      value: {
        type: 'cancelled',
        to: { status: 'cancelled', paymentStatus: 'unpaid', cancelReason: 'authorization_lost' },
      },
    })
  })

  it('waits for the authorization of a pending order', () => {
    expect(recordAuthorizationLoss(orderIn('pending', 'unpaid'), PAY_1)).toEqual({
      ok: false,
      failure: { code: 'not_yet' },
    })
  })

  it.each([
    ['has shipped', orderIn('shipped', 'authorized')],
    ['is paid', orderIn('processing', 'paid')],
    ['is cancelled', orderIn('cancelled', 'authorized')],
    ['counts on another payment', orderIn('processing', 'authorized', { paymentId: newId('payment') })],
  ])('changes nothing for an order that %s', (_, order) => {
    expect(recordAuthorizationLoss(order, PAY_1)).toEqual({ ok: true, value: unchanged })
  })
})

describe('a capture', () => {
  it.each([
    ['pending', 'unpaid', 'processing'],
    ['processing', 'authorized', 'processing'],
    ['shipped', 'authorized', 'shipped'],
    ['delivered', 'authorized', 'delivered'],
  ] as const)('pays a %s order that is %s', (status, paymentStatus, after) => {
    const order = orderIn(status, paymentStatus)
    const invoiced = { total: 2_000, taxLines: [], isByLine: false }
    expect(recordCapture(order, capture(order, { captured: 2_000 }))).toEqual({
      decision: 'accepted',
      step: {
        kind: 'changed',
        type: 'paid',
        to: {
          ...{ status: after, paymentStatus: 'paid', capturedAmount: 2_000, invoiced },
          ...(status === 'pending' && { paymentId: PAY_1, chargedAmount: 2_500 }),
        },
        data: { paymentId: PAY_1, amount: 2_000 },
        invoices: [expect.objectContaining({ total: 2_500 }), expect.objectContaining({ total: 500 })],
      },
    })
  })

  describe('of a part, while more may follow', () => {
    const part = (order: Order, captured: number, isOpen = true) =>
      recordCapture(order, capture(order, { captured, isOpen }))
    const after = (order: Order, captured: number, isOpen = true) => {
      const { step } = part(order, captured, isOpen)
      if (step.kind === 'unchanged') return order
      return changeOf(order, step, { actor: { kind: 'system' }, at }).order
    }
    const order = orderIn('processing', 'authorized')
    const partly = after(order, 1_000)

    it('pays for the part, and issues the invoice over the whole order', () => {
      expect(part(order, 1_000)).toMatchObject({
        decision: 'accepted',
        step: {
          ...{ type: 'partially_paid', data: { paymentId: PAY_1, amount: 1_000 } },
          to: { paymentStatus: 'partially_paid', capturedAmount: 1_000, invoiced: { total: 2_500 } },
          invoices: [{ series: 'invoice', cause: 'paid', total: 2_500 }],
        },
      })
    })

    it('adds what further parts have captured, until all is paid', () => {
      const more = after(partly, 1_800)
      expect(more).toMatchObject({ paymentStatus: 'partially_paid', capturedAmount: 1_800 })
      expect(part(more, 2_500, false)).toMatchObject({
        step: {
          type: 'paid',
          to: { paymentStatus: 'paid', capturedAmount: 2_500 },
          data: { amount: 700 },
          invoices: [],
        },
      })
    })

    it('changes nothing when it comes again, or after a later part', () => {
      for (const captured of [1_000, 400]) {
        expect(part(partly, captured)).toEqual({ decision: 'accepted', step: unchanged })
      }
      expect(after(after(partly, 2_500, false), 1_800)).toMatchObject({ paymentStatus: 'paid', capturedAmount: 2_500 })
    })

    it('stays the paid part when the rest of the authorization is lost', () => {
      expect(part(partly, 1_000, false)).toEqual({ decision: 'accepted', step: unchanged })
    })

    it('is all that is paid when staff give up the rest, which has a credit note', () => {
      expect(part(partly, 1_500, false)).toMatchObject({
        step: {
          to: { paymentStatus: 'paid', capturedAmount: 1_500, invoiced: { total: 1_500 } },
          invoices: [{ series: 'credit_note', cause: 'uncaptured', total: 1_000 }],
        },
      })
    })

    it('can be refunded, and the order stays partially paid until the rest is captured', () => {
      const refunded = recordRefund(partly, refund(partly, { amount: 1_000, captured: 1_000 }), REASON)
      expect(refunded).toMatchObject({
        ...{ to: { paymentStatus: 'partially_paid', refundedAmount: 1_000, invoiced: { total: 1_500 } } },
        invoices: [{ series: 'credit_note', total: 1_000 }],
      })
      if (refunded.kind === 'unchanged') throw new Error('unchanged')
      const back = changeOf(partly, refunded, { actor: { kind: 'system' }, at }).order
      expect(isMoneyReturned(back)).toBe(false)
      expect(after(back, 2_500, false)).toMatchObject({ paymentStatus: 'partially_refunded', capturedAmount: 2_500 })
    })

    it('is refunded when all of it went back, and an edit has taken off the rest', () => {
      const edited = { ...partly, total: 1_000, chargedAmount: 1_000, refundedAmount: 1_000 }
      expect(recordCapture(edited, capture(order, { captured: 1_000 }))).toMatchObject({
        step: { to: { paymentStatus: 'refunded' } },
      })
    })

    it('may be more than an edit has left to pay, when it was captured at Stripe', () => {
      const edited = { ...order, total: 2_000, chargedAmount: 2_000 }
      expect(recordCapture(edited, capture(order, { captured: 2_500 }))).toMatchObject({
        step: { to: { paymentStatus: 'paid', capturedAmount: 2_500, chargedAmount: 2_500, creditedAmount: 500 } },
      })
    })

    it('is in full once an edit has taken off the rest', () => {
      const edited = { ...partly, total: 1_000, chargedAmount: 1_000 }
      expect(recordCapture(edited, capture(order, { captured: 1_000 }))).toMatchObject({
        step: { to: { paymentStatus: 'paid', capturedAmount: 1_000 } },
      })
    })
  })

  it.each(['unpaid', 'authorized'] as const)('of a cancelled order that is %s is recorded, and rejected', (was) => {
    const order = orderIn('cancelled', was)
    expect(recordCapture(order, capture(order))).toMatchObject({
      decision: 'rejected',
      step: { type: 'paid', to: { status: 'cancelled', paymentStatus: 'paid', capturedAmount: 2_500 } },
    })
  })

  it.each(['processing', 'shipped', 'delivered'] as const)(
    'repeated leaves the %s order that it paid unchanged',
    (was) => {
      const order = orderIn(was, 'paid')
      expect(recordCapture(order, capture(order))).toEqual({ decision: 'accepted', step: unchanged })
    },
  )

  it('repeated for an order that was cancelled since is rejected', () => {
    const order = orderIn('cancelled', 'paid', { cancelReason: 'stock_gone' })
    expect(recordCapture(order, capture(order))).toEqual({ decision: 'rejected', step: unchanged })
  })

  it('is rejected when another payment has paid the order', () => {
    const order = orderIn('processing', 'paid')
    expect(recordCapture(order, capture(order, { paymentId: newId('payment') }))).toEqual({
      decision: 'rejected',
      step: unchanged,
    })
  })

  it.each([...OTHERS, ['of nothing', { captured: 0 }], ['of more than that', { captured: 2_501 }]] as const)(
    '%s is rejected, and never becomes the order’s money',
    (_, over) => {
      for (const order of [orderIn('pending', 'unpaid'), orderIn('cancelled', 'unpaid')]) {
        expect(recordCapture(order, capture(order, over))).toEqual({ decision: 'rejected', step: unchanged })
      }
    },
  )
})

describe('a refund', () => {
  it.each([
    ['a part', 500, 'partially_refunded'],
    ['all', 2_500, 'refunded'],
  ] as const)('of %s sets what is left', (_, amount, paymentStatus) => {
    const order = orderIn('processing', 'paid')
    const event = refund(order, { amount })
    expect(recordRefund(order, event, REASON)).toEqual({
      kind: 'changed',
      type: 'refunded',
      to: { paymentStatus, capturedAmount: 2_500, refundedAmount: amount, invoiced: null },
      data: { refundId: event.refundId, paymentId: PAY_1, amount, ...REASON },
      invoices: [],
    })
  })

  it('repeated, before the repetition is detected, adds up to no more than was captured', () => {
    const order = orderIn('shipped', 'refunded')
    expect(recordRefund(order, refund(order), REASON)).toMatchObject({
      to: { paymentStatus: 'refunded', refundedAmount: 2_500 },
    })
  })

  it('waits for its capture, unless the order is cancelled: then both are recorded', () => {
    for (const order of [orderIn('pending', 'unpaid'), orderIn('shipped', 'authorized')]) {
      expect(recordCaptureOfRefund(order, refund(order))).toEqual({ ok: false, failure: { code: 'not_yet' } })
    }
    for (const order of [orderIn('cancelled', 'unpaid'), orderIn('cancelled', 'authorized')]) {
      expect(recordCaptureOfRefund(order, refund(order))).toMatchObject({
        value: { type: 'paid', to: { capturedAmount: 2_500 } },
      })
    }
  })

  it('of another payment changes nothing', () => {
    const order = orderIn('processing', 'paid')
    const other = refund(order, { paymentId: newId('payment') })
    expect(recordCaptureOfRefund(order, other)).toEqual({ ok: true, value: unchanged })
    expect(recordRefund(order, other, REASON)).toEqual(unchanged)
    expect(recordRefundReturn(order, other, undefined)).toEqual(unchanged)
  })

  it.each([
    ['costs nothing', { total: 0, chargedAmount: 0 }],
    ['gift cards pay', { giftCardAmount: 2_500, chargedAmount: 0, furtherPayments: [newId('payment')] }],
  ])('of a payment that an order that %s did not take changes nothing', (_, over) => {
    const order = orderIn('processing', 'paid', { paymentId: null, capturedAmount: 0, ...over })
    const rejected = refund(order)
    expect(recordCaptureOfRefund(order, rejected)).toEqual({ ok: true, value: unchanged })
    expect(recordRefund(order, rejected, { ...REASON, isCounted: false })).toEqual(unchanged)
    expect(recordRefundReturn(order, rejected, undefined)).toEqual(unchanged)
    const cancelled = { ...order, status: 'cancelled' as const }
    expect(recordRefundFailure(cancelled, rejected)).toEqual(unchanged)
    expect(recordDisputes(order, { orderId: order.id, paymentId: PAY_1, disputed: 500, chargedBack: 0 })).toEqual(
      unchanged,
    )
  })

  it.each([
    ['all of it', 'refunded', 2_500, 'paid', 0],
    ['one of two', 'refunded', 500, 'partially_refunded', 2_000],
    ['the only part', 'partially_refunded', 500, 'paid', 0],
  ] as const)('that the bank returns, %s, no longer counts as refunded', (_, before, amount, after, left) => {
    const order = orderIn('cancelled', before)
    const event = refund(order, { amount })
    expect(recordRefundReturn(order, event, undefined)).toEqual({
      kind: 'changed',
      type: 'refund_returned',
      to: { paymentStatus: after, refundedAmount: left, refundFailed: true, invoiced: null },
      invoices: [],
      data: { refundId: event.refundId, paymentId: PAY_1, amount },
    })
  })
})

describe('a failed refund', () => {
  it('is recorded for a cancelled order, whose money the shop still has', () => {
    const order = orderIn('cancelled', 'paid')
    const event = refund(order)
    expect(recordRefundFailure(order, event)).toEqual({
      kind: 'changed',
      type: 'refund_failed',
      to: { refundFailed: true },
      data: { refundId: event.refundId, paymentId: PAY_1, amount: 500 },
    })
  })

  it.each([
    ['that is not cancelled', orderIn('shipped', 'paid')],
    ['that knows of it', orderIn('cancelled', 'paid', { refundFailed: true })],
    ['of another payment', orderIn('cancelled', 'paid', { paymentId: newId('payment') })],
    ['without captured money', orderIn('cancelled', 'unpaid')],
  ])('changes nothing for an order %s', (_, order) => {
    expect(recordRefundFailure(order, refund(order))).toEqual(unchanged)
  })
})

describe('the disputes of a payment', () => {
  const disputes = (order: Order, disputed: number, chargedBack = 0) =>
    recordDisputes(order, { orderId: order.id, paymentId: PAY_1, disputed, chargedBack })

  it('are recorded when a bank withdraws money, and when it has decided', () => {
    const order = orderIn('processing', 'paid')
    expect(disputes(order, 2_500)).toEqual({
      kind: 'changed',
      type: 'disputed',
      to: { disputedAmount: 2_500, chargedBackAmount: 0 },
      data: { paymentId: PAY_1, amount: 2_500 },
    })
    const open = { ...order, disputedAmount: 2_500 }
    expect(disputes(open, 0, 2_500)).toMatchObject({ type: 'dispute_closed', to: { chargedBackAmount: 2_500 } })
    expect(disputes(open, 0)).toMatchObject({ type: 'dispute_closed', to: { disputedAmount: 0, chargedBackAmount: 0 } })
  })

  it('change nothing when they are repeated, or concern another payment', () => {
    const order = orderIn('processing', 'paid', { disputedAmount: 2_500 })
    expect(disputes(order, 2_500)).toEqual(unchanged)
    expect(disputes({ ...order, paymentId: newId('payment') }, 0)).toEqual(unchanged)
    expect(disputes(orderIn('cancelled', 'unpaid'), 2_500)).toEqual(unchanged)
  })
})

describe('the money of a cancelled order', () => {
  it.each([
    [{}, 'in_progress'],
    [{ refundedAmount: 500 }, 'in_progress'],
    [{ refundedAmount: 2_500 }, null],
    [{ capturedAmount: 0 }, null],
    [{ refundFailed: true }, 'failed'],
    [{ disputedAmount: 2_500 }, 'disputed'],
    [{ disputedAmount: 2_500, refundFailed: true }, 'disputed'],
    [{ chargedBackAmount: 2_500, refundFailed: true }, 'charged_back'],
    [{ chargedBackAmount: 2_000, refundFailed: true }, 'failed'],
    [{ chargedBackAmount: 2_000, refundedAmount: 500 }, 'charged_back'],
    [{ status: 'processing', disputedAmount: 2_500 }, null],
  ] as const)('with %j is %s', (over, status) => {
    expect(refundStatusOf(orderIn('cancelled', 'paid', over))).toBe(status)
  })
})

describe('the events of a payment', () => {
  type Event = 'authorization' | 'capture' | 'refund a' | 'refund b'
  const EVENTS: Event[] = ['authorization', 'capture', 'refund a', 'refund b']

  /** Applies the events in turn. Events that have to wait are retried afterwards, as payments does. */
  function applyAll(start: Order, events: Event[]): Order {
    const recorded = new Set<Event>()
    const apply = (order: Order, step: Step): Order =>
      step.kind === 'unchanged' ? order : changeOf(order, step, { actor: { kind: 'system' }, at }).order
    let order = start
    let waiting = events
    for (let round = 0; waiting.length > 0; round += 1) {
      if (round > EVENTS.length) throw new Error('An event is never applied')
      const again: Event[] = []
      for (const name of waiting) {
        if (name === 'authorization') order = apply(order, recordAuthorization(order, fact(order)).step)
        else if (name === 'capture') order = apply(order, recordCapture(order, capture(order)).step)
        else {
          const news = refund(order, name === 'refund a' ? {} : { amount: 2_000 })
          const before = recordCaptureOfRefund(order, news)
          if (!before.ok) again.push(name)
          else {
            order = apply(order, before.value)
            // The database records a refund once by its id.
            if (!recorded.has(name)) order = apply(order, recordRefund(order, news, REASON))
            recorded.add(name)
          }
        }
      }
      waiting = again
    }
    return order
  }

  it.each([
    ['pending', 'unpaid', 'processing'],
    ['cancelled', 'unpaid', 'cancelled'],
    ['cancelled', 'authorized', 'cancelled'],
    ['shipped', 'authorized', 'shipped'],
  ] as const)(
    'lead a %s, %s order to the same state, in any order and however often',
    (status, paymentStatus, after) => {
      const order = fc.shuffledSubarray([...EVENTS, ...EVENTS], { minLength: EVENTS.length })
      const complete = order.filter((events) => events.includes('capture') && new Set(events).size === EVENTS.length)
      fc.assert(
        fc.property(complete, (events) => {
          expect(applyAll(orderIn(status, paymentStatus), events)).toMatchObject({
            status: after,
            paymentStatus: 'refunded',
            paymentId: PAY_1,
            capturedAmount: 2_500,
            refundedAmount: 2_500,
          })
        }),
      )
    },
  )
})

describe('the return of the stock', () => {
  it('is recorded for a cancelled order that had been sold, and ends its authorization', () => {
    expect(recordStockReturn(orderIn('cancelled', 'authorized', { stockCommitted: true }))).toMatchObject({
      type: 'stock_returned',
      to: { stockCommitted: false, paymentStatus: 'unpaid' },
    })
    expect(recordStockReturn(orderIn('cancelled', 'refunded', { stockCommitted: true }))).toMatchObject({
      to: { stockCommitted: false },
    })
    expect(recordStockReturn(orderIn('cancelled', 'refunded'))).toEqual(unchanged)
    expect(recordStockReturn(orderIn('processing', 'paid', { stockCommitted: true }))).toEqual(unchanged)
  })
})
