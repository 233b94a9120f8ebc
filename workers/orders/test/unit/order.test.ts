import { ORDER_STATUSES, type OrderStatus } from '@shop/contracts'
import { anOrder } from '@shop/testing/orders'
import { describe, expect, it } from 'vitest'
import { advance, cancel, checkPayable, judgeCapture } from '../../src/domain/order.ts'

const now = new Date('2026-11-23T10:00:00.000Z')
const paid = { paymentStatus: 'paid', paymentId: 'pay_1', stockCommitted: true } as const
const inStatus = (status: OrderStatus) =>
  anOrder({
    status,
    ...(status === 'pending' ? {} : paid),
    ...(status === 'cancelled' ? { cancelReason: 'expired' as const } : {}),
  })

describe('cancelling', () => {
  it('ends a pending order with its reason', () => {
    expect(cancel(inStatus('pending'), 'cancelled_by_customer')).toEqual({
      ok: true,
      value: { kind: 'changed', cancelReason: 'cancelled_by_customer' },
    })
  })

  it('twice keeps the first reason', () => {
    expect(cancel(inStatus('cancelled'), 'cancelled_by_staff')).toEqual({ ok: true, value: { kind: 'unchanged' } })
  })

  it.each(['processing', 'shipped', 'delivered'] as const)('refuses a %s order, naming its status', (status) => {
    expect(cancel(inStatus(status), 'cancelled_by_staff')).toEqual({
      ok: false,
      failure: { code: 'order_status_conflict', from: status, to: 'cancelled' },
    })
  })
})

describe('fulfilling', () => {
  const legal = new Set(['processing>shipped', 'shipped>delivered'])
  const pairs = ORDER_STATUSES.flatMap((from) => ORDER_STATUSES.map((to) => [from, to] as const))

  it.each(pairs)('from %s to %s goes one step forward and nowhere else', (from, to) => {
    const step = advance(inStatus(from), to)
    const isRepeat = from === to && (to === 'shipped' || to === 'delivered')
    if (legal.has(`${from}>${to}`)) expect(step).toEqual({ ok: true, value: { kind: 'changed', status: to } })
    else if (isRepeat) expect(step).toEqual({ ok: true, value: { kind: 'unchanged' } })
    else expect(step).toEqual({ ok: false, failure: { code: 'order_status_conflict', from, to } })
  })

  it('waits until the lines are out of stock', () => {
    const order = anOrder({ status: 'processing', ...paid, stockCommitted: false })
    expect(advance(order, 'shipped')).toEqual({ ok: false, failure: { code: 'order_changed' } })
  })
})

describe('paying', () => {
  it('is possible until the order expires', () => {
    expect(checkPayable(anOrder({ expiresAt: new Date(now.getTime() + 1) }), now)).toEqual({ ok: true })
    expect(checkPayable(anOrder({ expiresAt: now }), now)).toMatchObject({ failure: { code: 'order_not_payable' } })
  })

  it.each(['processing', 'shipped', 'delivered'] as const)('is over for a %s order', (status) => {
    expect(checkPayable(inStatus(status), now)).toEqual({ ok: false, failure: { code: 'order_already_paid' } })
  })

  it('is over for a cancelled order', () => {
    const order = anOrder({ status: 'cancelled', cancelReason: 'expired' })
    expect(checkPayable(order, now)).toEqual({
      ok: false,
      failure: { code: 'order_not_payable', orderStatus: 'cancelled' },
    })
  })
})

describe('a capture that could not simply be taken', () => {
  const capture = (order: ReturnType<typeof anOrder>, over = {}) => ({
    orderId: order.id,
    paymentId: 'pay_1' as const,
    amount: order.total,
    currency: order.currency,
    ...over,
  })

  it('goes back from a cancelled order', () => {
    const order = anOrder({ status: 'cancelled', cancelReason: 'expired' })
    expect(judgeCapture(order, capture(order))).toBe('refund')
  })

  it('goes back from a cancelled order even when it had been taken', () => {
    const order = anOrder({ ...paid, status: 'cancelled', cancelReason: 'stock_gone' })
    expect(judgeCapture(order, capture(order))).toBe('refund')
  })

  it.each(['processing', 'shipped', 'delivered'] as const)('is known to a %s order that it paid', (status) => {
    const order = inStatus(status)
    expect(judgeCapture(order, capture(order))).toBe('taken')
  })

  it('goes back from an order that another payment has paid', () => {
    const order = inStatus('processing')
    expect(judgeCapture(order, capture(order, { paymentId: 'pay_2' }))).toBe('refund')
  })

  it('goes back when it is not what the order costs', () => {
    const order = anOrder()
    expect(judgeCapture(order, capture(order, { amount: order.total - 1 }))).toBe('refund')
  })
})
