import { newId } from '@shop/http/ids'
import { describe, expect, it } from 'vitest'
import type { Order } from '../../src/orders/domain/order.ts'
import { refundStatusOf } from '../../src/orders/domain/refund-status.ts'
import { recordDisputes } from '../../src/payment-events/domain/dispute.ts'
import {
  recordCaptureOfRefund,
  recordRefund,
  recordRefundFailure,
  recordRefundReturn,
} from '../../src/payment-events/domain/refund.ts'
import { recordStockReturn } from '../../src/stock/domain/stock-steps.ts'
import { orderIn, PAY_1, REASON, refund, unchanged } from '../support/payment-facts.ts'

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

  it('that tells of a capture beyond an edit credits what was captured too much', () => {
    const over = { total: 2_000, chargedAmount: 2_000, creditedAmount: 0, capturedAmount: 1_000 }
    const order = orderIn('processing', 'partially_paid', over)
    expect(recordRefund(order, refund(order, { captured: 2_500 }), REASON)).toMatchObject({
      to: { capturedAmount: 2_500, chargedAmount: 2_500, creditedAmount: 500, refundedAmount: 500 },
    })
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
