import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import { recordAuthorization, recordAuthorizationLoss } from '../../src/payment-events/domain/authorization.ts'
import { recordCapture } from '../../src/payment-events/domain/capture.ts'
import { covers } from '../../src/payment-events/domain/payment.ts'
import { capture, fact, orderIn, PAY_1, unchanged } from '../support/payment-facts.ts'

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

  it('of what an edit added to a paid order is rejected, though it is what is due', () => {
    const edited = { ...orderIn('processing', 'paid'), total: 3_000, chargedAmount: 2_500, chargeNo: 2 }
    const further = { ...fact(edited, { paymentId: newId('payment'), amount: 500 }), chargeNo: 2 }
    expect(covers(edited, further)).toBe(true)
    expect(recordAuthorization(edited, further)).toEqual({ decision: 'rejected', step: unchanged })
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
