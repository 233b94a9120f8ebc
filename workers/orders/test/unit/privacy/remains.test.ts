import { describe, expect, it } from 'vitest'
import type { Order } from '../../../src/orders/domain/order.ts'
import { isSettled, postalAreaOf, remainsOf } from '../../../src/privacy/domain/remains.ts'
import { anOrder } from '../../support/orders.ts'

const BERLIN = {
  name: 'Ada Lovelace',
  line1: '1 Main Street',
  city: 'Berlin',
  postal_code: '10117',
  country: 'DE',
  phone: '+493012345',
}
const personal = {
  email: 'ada@example.com',
  note: 'Ring twice',
  metadata: { aunt: 'Byron' },
  vatId: 'DE136695976',
  shippingAddress: BERLIN,
  billingAddress: { ...BERLIN, line1: '2 Main Street' },
}
const NOTHING = { email: null, note: null, metadata: {}, vatId: null, shippingAddress: null, billingAddress: null }

describe('of an order whose customer is erased', () => {
  it('only the country and the postal area stay', () => {
    const area = { country: 'DE', postal_code: '10117' }
    expect(remainsOf(anOrder(personal))).toEqual({ ...NOTHING, shippingAddress: area })
  })

  it('the area of the bill stays where nothing was delivered', () => {
    const billingAddress = { ...BERLIN, country: 'US', region: 'IL', postal_code: '62701-1234' }
    expect(remainsOf(anOrder({ shippingAddress: null, billingAddress }))).toEqual({
      ...NOTHING,
      shippingAddress: { country: 'US', region: 'IL', postal_code: '62701' },
    })
  })

  it('the VAT id stays by which the customer owed the tax', () => {
    const order = anOrder({ ...personal, taxExemption: 'reverse_charge' })
    expect(remainsOf(order).vatId).toBe('DE136695976')
  })

  it.each([
    ['free text', '1 Main St, Springfield'],
    ['parts without a country', { line1: '1 Main St', city: 'Springfield' }],
    ['nothing', null],
  ])('no address stays that was %s', (_, shippingAddress) => {
    expect(remainsOf(anOrder({ shippingAddress }))).toEqual(NOTHING)
  })

  it('nothing more goes when it is erased again', () => {
    const once = remainsOf(anOrder(personal))
    expect(remainsOf(anOrder({ ...personal, ...once }))).toEqual(once)
  })
})

describe('a postal area', () => {
  it.each([
    ['10117', '10117'],
    ['SW1A 1AA', 'SW1A'],
    ['K1A 0B1', 'K1A'],
    ['1012 AB', '1012'],
    ['62701-1234', '62701'],
    ['SW1A1AA', 'SW1A1'],
    ['', ''],
  ])('of %j is %j', (code, area) => {
    expect(postalAreaOf(code)).toBe(area)
  })
})

describe('nobody has to reach the customer of an order', () => {
  const paid: Partial<Order> = { paymentStatus: 'paid', capturedAmount: 2_500 }
  it.each<[string, Partial<Order>]>([
    ['that is shipped', { ...paid, status: 'shipped' }],
    ['that is delivered', { ...paid, status: 'delivered' }],
    ['that expired', { status: 'cancelled', cancelReason: 'expired' }],
    ['that was cancelled and refunded', { ...paid, status: 'cancelled', refundedAmount: 2_500, refundFailed: false }],
    [
      'that expired after staff had refunded a part of what gift cards paid, which was not counted',
      {
        status: 'cancelled',
        cancelReason: 'expired',
        giftCardAmount: 2_000,
        giftCardReturned: 2_000,
        refundedAmount: 1_500,
      },
    ],
    [
      'that gift cards paid in part and was cancelled and refunded',
      { ...paid, status: 'cancelled', capturedAmount: 500, giftCardAmount: 2_000, refundedAmount: 2_500 },
    ],
    ['whose bank has returned the money', { ...paid, status: 'cancelled', chargedBackAmount: 2_500 }],
    [
      'that got its gift cards back and was refunded',
      { ...paid, status: 'cancelled', giftCardAmount: 2_500, refundedAmount: 5_000 },
    ],
    ['that was refunded before it was shipped', { status: 'processing', ...paid, paymentStatus: 'refunded' }],
  ])('%s', (_, over) => {
    expect(isSettled(anOrder(over))).toBe(true)
  })

  it.each<[string, Partial<Order>]>([
    ['waits for its payment', {}],
    ['is to be shipped', { ...paid, status: 'processing' }],
    ['is being refunded', { ...paid, status: 'cancelled', refundedAmount: 500 }],
    [
      'is being refunded, though gift cards have got more back than was charged',
      { ...paid, status: 'cancelled', capturedAmount: 500, giftCardAmount: 2_000, refundedAmount: 2_000 },
    ],
    [
      'is to be shipped, though as much was refunded as was charged beside gift cards',
      { ...paid, status: 'processing', capturedAmount: 500, giftCardAmount: 2_000, refundedAmount: 500 },
    ],
    [
      'got its gift cards back and is being refunded',
      { ...paid, status: 'cancelled', giftCardAmount: 2_500, refundedAmount: 2_500 },
    ],
    [
      'is partially paid and to be shipped, though what was captured went back',
      { ...paid, status: 'processing', paymentStatus: 'partially_paid', capturedAmount: 1_000, refundedAmount: 1_000 },
    ],
    ['could not be refunded', { ...paid, status: 'cancelled', refundFailed: true }],
    ['is disputed, though it was delivered', { ...paid, status: 'delivered', disputedAmount: 2_500 }],
  ])('but for one that %s', (_, over) => {
    expect(isSettled(anOrder(over))).toBe(false)
  })
})
