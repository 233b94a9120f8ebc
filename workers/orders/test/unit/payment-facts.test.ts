import type { Order, OrderStatus, PaymentStatus } from '@shop/contracts'
import { newId } from '@shop/http/ids'
import { type CurrencyCode, currency } from '@shop/kernel'
import { anOrder } from '@shop/testing/orders'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  loseAuthorization,
  takeAuthorization,
  takeCapture,
  takeCaptureOf,
  takeRefund,
  takeRefundReturned,
} from '../../src/domain/payment-facts.ts'
import { changeOf, type Step } from '../../src/domain/steps.ts'
import { noteReturned } from '../../src/domain/stock-facts.ts'

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
  reason: 'requested_by_customer',
  actor: { kind: 'staff', userId: newId('user') } as const,
  ...over,
})

const OTHERS = [
  ['of another amount', { amount: 2_499 }],
  ['in another currency', { currency: currency('EUR') }],
] as const

describe('an authorization', () => {
  it('makes a pending order as good as sold', () => {
    const order = orderIn('pending', 'unpaid')
    expect(takeAuthorization(order, fact(order))).toEqual({
      outcome: 'authorized',
      step: {
        kind: 'changed',
        type: 'authorized',
        to: { status: 'processing', paymentStatus: 'authorized', paymentId: PAY_1 },
        data: { paymentId: PAY_1, amount: 2_500 },
        announce: null,
      },
    })
  })

  it.each(['authorized', 'paid', 'partially_refunded', 'refunded'] as const)(
    'told again, or after its capture, leaves an order that is %s as it is',
    (paymentStatus) => {
      const order = orderIn('processing', paymentStatus)
      expect(takeAuthorization(order, fact(order))).toEqual({ outcome: 'authorized', step: unchanged })
    },
  )

  it.each(OTHERS)('%s is voided', (_, over) => {
    const order = orderIn('pending', 'unpaid')
    expect(takeAuthorization(order, fact(order, over))).toEqual({ outcome: 'void', step: unchanged })
  })

  it('of a cancelled order, or of one that another payment has taken, is voided', () => {
    for (const order of [orderIn('cancelled', 'unpaid'), orderIn('cancelled', 'authorized')]) {
      expect(takeAuthorization(order, fact(order))).toEqual({ outcome: 'void', step: unchanged })
    }
    const taken = orderIn('processing', 'authorized')
    const other = fact(taken, { paymentId: newId('payment') })
    expect(takeAuthorization(taken, other)).toEqual({ outcome: 'void', step: unchanged })
  })
})

describe('the loss of an authorization', () => {
  it('cancels the order that counted on it, and leaves it unpaid', () => {
    expect(loseAuthorization(orderIn('processing', 'authorized'), PAY_1)).toMatchObject({
      value: {
        type: 'cancelled',
        to: { status: 'cancelled', paymentStatus: 'unpaid', cancelReason: 'authorization_lost' },
        announce: 'cancelled',
      },
    })
  })

  it('waits for a pending order to hear of the authorization', () => {
    expect(loseAuthorization(orderIn('pending', 'unpaid'), PAY_1)).toEqual({ ok: false, failure: { code: 'not_yet' } })
  })

  it.each([
    ['has shipped', orderIn('shipped', 'authorized')],
    ['is paid', orderIn('processing', 'paid')],
    ['is cancelled', orderIn('cancelled', 'authorized')],
    ['counts on another payment', orderIn('processing', 'authorized', { paymentId: newId('payment') })],
  ])('means nothing to an order that %s', (_, order) => {
    expect(loseAuthorization(order, PAY_1)).toEqual({ ok: true, value: unchanged })
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
    expect(takeCapture(order, capture(order, { captured: 2_000 }))).toEqual({
      outcome: 'paid',
      step: {
        kind: 'changed',
        type: 'paid',
        to: { status: after, paymentStatus: 'paid', paymentId: PAY_1, capturedAmount: 2_000 },
        data: { paymentId: PAY_1, amount: 2_000 },
        announce: null,
      },
    })
  })

  it.each(['unpaid', 'authorized'] as const)('of a cancelled order that is %s is noted, and goes back', (was) => {
    const order = orderIn('cancelled', was)
    expect(takeCapture(order, capture(order))).toMatchObject({
      outcome: 'refund',
      step: { type: 'paid', to: { status: 'cancelled', paymentStatus: 'paid', capturedAmount: 2_500 } },
    })
  })

  it.each(['processing', 'shipped', 'delivered'] as const)(
    'told again is known to the %s order that it paid',
    (was) => {
      const order = orderIn(was, 'paid')
      expect(takeCapture(order, capture(order))).toEqual({ outcome: 'paid', step: unchanged })
    },
  )

  it('told again of an order that was cancelled since goes back', () => {
    const order = orderIn('cancelled', 'paid', { cancelReason: 'stock_gone' })
    expect(takeCapture(order, capture(order))).toEqual({ outcome: 'refund', step: unchanged })
  })

  it('goes back from an order that another payment has paid', () => {
    const order = orderIn('processing', 'paid')
    expect(takeCapture(order, capture(order, { paymentId: newId('payment') }))).toEqual({
      outcome: 'refund',
      step: unchanged,
    })
  })

  it.each([...OTHERS, ['of nothing', { captured: 0 }], ['of more than that', { captured: 2_501 }]] as const)(
    '%s goes back, and is none of the order’s money',
    (_, over) => {
      for (const order of [orderIn('pending', 'unpaid'), orderIn('cancelled', 'unpaid')]) {
        expect(takeCapture(order, capture(order, over))).toEqual({ outcome: 'refund', step: unchanged })
      }
    },
  )
})

describe('a refund', () => {
  it.each([
    ['a part', 500, 'partially_refunded'],
    ['all', 2_500, 'refunded'],
  ] as const)('of %s says what is left', (_, amount, paymentStatus) => {
    const order = orderIn('processing', 'paid')
    const told = refund(order, { amount })
    expect(takeRefund(order, told)).toEqual({
      kind: 'changed',
      type: 'refunded',
      to: { paymentStatus, capturedAmount: 2_500, refundedAmount: amount },
      data: { refundId: told.refundId, paymentId: PAY_1, amount, reason: told.reason },
      announce: null,
    })
  })

  it('told again, before that is known, makes it no more than was captured', () => {
    const order = orderIn('shipped', 'refunded')
    expect(takeRefund(order, refund(order))).toMatchObject({ to: { paymentStatus: 'refunded', refundedAmount: 2_500 } })
  })

  it('waits for its capture, unless the order is cancelled: then it notes both', () => {
    for (const order of [orderIn('pending', 'unpaid'), orderIn('shipped', 'authorized')]) {
      expect(takeCaptureOf(order, refund(order))).toEqual({ ok: false, failure: { code: 'not_yet' } })
    }
    for (const order of [orderIn('cancelled', 'unpaid'), orderIn('cancelled', 'authorized')]) {
      expect(takeCaptureOf(order, refund(order))).toMatchObject({
        value: { type: 'paid', to: { capturedAmount: 2_500 } },
      })
    }
  })

  it('of another payment is none of the order’s money', () => {
    const order = orderIn('processing', 'paid')
    const other = refund(order, { paymentId: newId('payment') })
    expect(takeCaptureOf(order, other)).toEqual({ ok: true, value: unchanged })
    expect(takeRefund(order, other)).toEqual(unchanged)
    expect(takeRefundReturned(order, other)).toEqual(unchanged)
  })

  it.each([
    ['all of it', 'refunded', 2_500, 'paid', 0],
    ['one of two', 'refunded', 500, 'partially_refunded', 2_000],
    ['the only part', 'partially_refunded', 500, 'paid', 0],
  ] as const)(
    'that comes back from the bank, %s, is money that was not given back',
    (_, before, amount, after, left) => {
      const order = orderIn('cancelled', before)
      const told = refund(order, { amount })
      expect(takeRefundReturned(order, told)).toEqual({
        kind: 'changed',
        type: 'refund_returned',
        to: { paymentStatus: after, refundedAmount: left },
        data: { refundId: told.refundId, paymentId: PAY_1, amount },
        announce: null,
      })
    },
  )
})

describe('what is told of a payment', () => {
  type Told = 'authorization' | 'capture' | 'refund a' | 'refund b'
  const FACTS: Told[] = ['authorization', 'capture', 'refund a', 'refund b']

  /** Tells the facts in their turn; what has to wait is told again afterwards, as payments do. */
  function tell(start: Order, told: Told[]): Order {
    const noted = new Set<Told>()
    const apply = (order: Order, step: Step): Order =>
      step.kind === 'unchanged' ? order : changeOf(order, step, { actor: { kind: 'system' }, at }).order
    let order = start
    let waiting = told
    for (let round = 0; waiting.length > 0; round += 1) {
      if (round > FACTS.length) throw new Error('A fact is never taken')
      const again: Told[] = []
      for (const name of waiting) {
        if (name === 'authorization') order = apply(order, takeAuthorization(order, fact(order)).step)
        else if (name === 'capture') order = apply(order, takeCapture(order, capture(order)).step)
        else {
          const news = refund(order, name === 'refund a' ? {} : { amount: 2_000 })
          const before = takeCaptureOf(order, news)
          if (!before.ok) again.push(name)
          else {
            order = apply(order, before.value)
            // The database notes a refund once by its id.
            if (!noted.has(name)) order = apply(order, takeRefund(order, news))
            noted.add(name)
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
    'leads a %s, %s order to the same end, in any order and however often',
    (status, paymentStatus, after) => {
      const order = fc.shuffledSubarray([...FACTS, ...FACTS], { minLength: FACTS.length })
      const complete = order.filter((told) => told.includes('capture') && new Set(told).size === FACTS.length)
      fc.assert(
        fc.property(complete, (told) => {
          expect(tell(orderIn(status, paymentStatus), told)).toMatchObject({
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
  it('is noted of a cancelled order that had sold, and ends its authorization', () => {
    expect(noteReturned(orderIn('cancelled', 'authorized', { stockCommitted: true }))).toMatchObject({
      type: 'stock_returned',
      to: { stockCommitted: false, paymentStatus: 'unpaid' },
    })
    expect(noteReturned(orderIn('cancelled', 'refunded', { stockCommitted: true }))).toMatchObject({
      to: { stockCommitted: false },
    })
    expect(noteReturned(orderIn('cancelled', 'refunded'))).toEqual(unchanged)
    expect(noteReturned(orderIn('processing', 'paid', { stockCommitted: true }))).toEqual(unchanged)
  })
})
