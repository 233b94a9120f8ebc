import {
  type CANCEL_REASONS,
  ORDER_STATUSES,
  type OrderActor,
  type OrderStatus,
  PAYMENT_STATUSES,
  type PaymentStatus,
} from '@shop/contracts/orders/states'
import { newId } from '@shop/http/ids'
import { describe, expect, it } from 'vitest'
import { actorOf, isOwnedBy } from '../../src/access/domain/visibility.ts'
import { cancel, checkPayable, extend } from '../../src/orders/domain/lifecycle.ts'
import { changeOf, PAYMENT_STEPS, STATUS_STEPS, step } from '../../src/orders/domain/steps.ts'
import { anOrder } from '../support/orders.ts'
import { shipped } from '../support/shipments.ts'

const now = new Date('2026-11-23T10:00:00.000Z')
const later = (ms: number) => new Date(now.getTime() + ms)
const paid = { paymentStatus: 'paid', paymentId: 'pay_1', capturedAmount: 2_500, stockCommitted: true } as const
const inStatus = (status: OrderStatus) =>
  anOrder({
    status,
    ...(status === 'pending' ? {} : paid),
    ...(status === 'cancelled' ? { cancelReason: 'expired' as const } : {}),
  })
const staff: OrderActor = { kind: 'staff', userId: 'user_1' }
const customer: OrderActor = { kind: 'customer', userId: 'user_2' }
const guest: OrderActor = { kind: 'guest' }
const refused = (from: OrderStatus, to: OrderStatus) => ({
  ok: false,
  failure: { code: 'order_status_conflict', from, to },
})

describe('the status of an order', () => {
  const legal = [
    'pending>processing',
    'pending>cancelled',
    'processing>shipped',
    'processing>cancelled',
    'shipped>delivered',
  ]
  const pairs = ORDER_STATUSES.flatMap((from) => ORDER_STATUSES.map((to) => [from, to] as const))

  it.each(pairs)('goes from %s to %s only where the transition table allows it', (from, to) => {
    expect(STATUS_STEPS[from].includes(to)).toBe(legal.includes(`${from}>${to}`))
    const take = () => changeOf(anOrder({ status: from }), step('extended', { status: to }), { actor: staff, at: now })
    if (from === to || legal.includes(`${from}>${to}`)) expect(take().order.status).toBe(to)
    else expect(take).toThrow(RangeError)
  })
})

describe('its payment status', () => {
  const legal = [
    'unpaid>authorized',
    'unpaid>paid',
    'authorized>paid',
    // A part of the authorization is captured with each shipment.
    'unpaid>partially_paid',
    'authorized>partially_paid',
    'partially_paid>paid',
    'partially_paid>partially_refunded',
    'partially_paid>refunded',
    'authorized>unpaid',
    // A cancelled order is paid late, whose gift cards got back what they had paid.
    'unpaid>partially_refunded',
    'authorized>partially_refunded',
    'paid>partially_refunded',
    'paid>refunded',
    'partially_refunded>refunded',
    // The bank returned a refund.
    'partially_refunded>paid',
    'refunded>partially_refunded',
    'refunded>paid',
  ]
  const pairs = PAYMENT_STATUSES.flatMap((from) => PAYMENT_STATUSES.map((to) => [from, to] as const))

  it.each(pairs)(
    'goes from %s to %s only where the transition table allows it',
    (from: PaymentStatus, to: PaymentStatus) => {
      expect(PAYMENT_STEPS[from].includes(to)).toBe(legal.includes(`${from}>${to}`))
      const order = anOrder({ paymentStatus: from })
      const take = () => changeOf(order, step('extended', { paymentStatus: to }), { actor: staff, at: now })
      if (from === to || legal.includes(`${from}>${to}`)) expect(take().order.paymentStatus).toBe(to)
      else expect(take).toThrow(RangeError)
    },
  )
})

describe('a change', () => {
  it('is the next version of the order, and its event has that number', () => {
    const order = anOrder({ version: 4 })
    const made = step('cancelled', { status: 'cancelled', cancelReason: 'expired' }, { reason: 'expired' })
    expect(changeOf(order, made, { actor: customer, at: later(1) })).toEqual({
      lines: [],
      order: { ...order, status: 'cancelled', cancelReason: 'expired', updatedAt: later(1), version: 5 },
      event: {
        orderId: order.id,
        seq: 5,
        type: 'cancelled',
        at: later(1),
        actor: customer,
        data: { reason: 'expired' },
      },
    })
  })
})

describe('cancelling', () => {
  const cancelled = (reason: (typeof CANCEL_REASONS)[number]) => ({
    ok: true,
    value: step('cancelled', { status: 'cancelled', cancelReason: reason }, { reason }),
  })

  it('ends a pending order, with the reason of the actor', () => {
    expect(cancel(inStatus('pending'), customer)).toEqual(cancelled('cancelled_by_customer'))
    expect(cancel(inStatus('pending'), guest)).toEqual(cancelled('cancelled_by_customer'))
    expect(cancel(inStatus('pending'), staff)).toEqual(cancelled('cancelled_by_staff'))
  })

  it.each(['authorized', 'paid', 'partially_refunded', 'refunded'] as const)(
    'of a processing order that is %s is for staff only',
    (paymentStatus) => {
      const order = anOrder({ ...paid, status: 'processing', paymentStatus })
      expect(cancel(order, staff)).toEqual(cancelled('cancelled_by_staff'))
      for (const actor of [customer, guest]) expect(cancel(order, actor)).toEqual(refused('processing', 'cancelled'))
    },
  )

  it('of an order that cost nothing ends its payment, since there is no money to refund', () => {
    const free = anOrder({ total: 0, status: 'processing', paymentStatus: 'paid', stockCommitted: true })
    const reason = 'cancelled_by_staff'
    const to = { status: 'cancelled', cancelReason: reason, paymentStatus: 'refunded' } as const
    expect(cancel(free, staff)).toEqual({ ok: true, value: step('cancelled', to, { reason }) })
  })

  it('is over for everybody once a part has left', () => {
    const order = shipped(inStatus('processing'), [1, 0])
    for (const actor of [staff, customer]) expect(cancel(order, actor)).toEqual(refused('processing', 'cancelled'))
    expect(cancel(shipped(inStatus('processing'), [1, 0], 'packed'), staff)).toMatchObject({ ok: true })
  })

  it('a second time keeps the first reason', () => {
    expect(cancel(inStatus('cancelled'), staff)).toEqual({ ok: true, value: { kind: 'unchanged' } })
  })

  it.each(['shipped', 'delivered'] as const)('refuses a %s order to everybody, naming its status', (status) => {
    for (const actor of [staff, customer, guest]) {
      expect(cancel(inStatus(status), actor)).toEqual(refused(status, 'cancelled'))
    }
  })
})

describe('paying', () => {
  it('is possible until the order expires', () => {
    expect(checkPayable(anOrder({ expiresAt: later(1) }), now)).toEqual({ ok: true })
    expect(checkPayable(anOrder({ expiresAt: now }), now)).toMatchObject({ failure: { code: 'order_not_payable' } })
  })

  it.each(['processing', 'shipped', 'delivered'] as const)('is over for a %s order', (status) => {
    expect(checkPayable(inStatus(status), now)).toEqual({ ok: false, failure: { code: 'order_already_paid' } })
  })

  it('of what an edit added is over once all that was paid went back', () => {
    const refunded = { capturedAmount: 2_500, refundedAmount: 2_500, paymentStatus: 'refunded', total: 3_000 } as const
    const orderStatus = 'processing'
    expect(checkPayable(anOrder({ status: orderStatus, chargedAmount: 2_500, ...refunded }), now)).toEqual({
      ok: false,
      failure: { code: 'order_not_payable', orderStatus },
    })
  })

  it('is over for a cancelled order', () => {
    expect(checkPayable(inStatus('cancelled'), now)).toEqual({
      ok: false,
      failure: { code: 'order_not_payable', orderStatus: 'cancelled' },
    })
  })
})

describe('extending a pending order', () => {
  const to = (seconds: number) => ({ until: later(seconds * 1_000), seconds: 900 })

  it('adds at least a third of its time, and never shortens it', () => {
    const order = anOrder({ expiresAt: now })
    for (const seconds of [300, 900]) {
      const until = later(seconds * 1_000)
      expect(extend(order, to(seconds))).toEqual({
        ok: true,
        value: step('extended', { expiresAt: until }, { expiresAt: until.toISOString() }),
      })
    }
    for (const seconds of [299, 0, -900]) {
      expect(extend(order, to(seconds))).toEqual({ ok: true, value: { kind: 'unchanged' } })
    }
  })

  it.each(['processing', 'shipped', 'delivered', 'cancelled'] as const)('is refused for a %s order', (status) => {
    const failure = { code: 'order_not_payable', orderStatus: status }
    expect(extend(inStatus(status), to(900))).toEqual({ ok: false, failure })
  })
})

describe('an order', () => {
  const userId = newId('user')
  const owner = { kind: 'user', userId, role: 'customer' } as const
  const stranger = { ...owner, userId: newId('user') }
  const admin = { ...stranger, role: 'admin' } as const
  const key = { kind: 'key', keyId: newId('apiKey'), scopes: ['orders:cancel'] } as const
  const anonymous = { kind: 'anonymous' } as const

  it('is owned by its account alone; that of a guest by none', () => {
    const ownedBy = (order: ReturnType<typeof anOrder>) =>
      [owner, stranger, admin, key, anonymous].map((caller) => isOwnedBy(order, caller))
    expect(ownedBy(anOrder({ userId }))).toEqual([true, false, false, false, false])
    expect(ownedBy(anOrder({ userId: null, email: 'a@example.com' }))).toEqual([false, false, false, false, false])
  })

  it('is changed by staff as far as they have the scope, and else by a customer or a guest', () => {
    const support = { ...owner, role: 'support' } as const
    const actors = [owner, support, admin, key, anonymous].map((caller) => actorOf(caller, 'orders:cancel').kind)
    expect(actors).toEqual(['customer', 'staff', 'staff', 'staff', 'guest'])
    expect(actorOf(support, 'orders:fulfill')).toEqual({ kind: 'customer', userId })
    expect(actorOf(key, 'orders:fulfill')).toEqual({ kind: 'guest' })
    expect(actorOf(key, 'orders:cancel')).toEqual({ kind: 'staff', userId: key.keyId })
  })
})
