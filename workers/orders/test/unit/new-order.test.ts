import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { addSeconds } from '@shop/kernel/time'
import { describe, expect, it } from 'vitest'
import type { AppliedGiftCard } from '../../src/gift-cards/domain/apply-gift-cards.ts'
import { newOrder } from '../../src/orders/domain/new-order.ts'
import { cancelled, changeOf, STATUS_STEPS, step } from '../../src/orders/domain/steps.ts'
import { anOrder } from '../support/orders.ts'
import { plainTotals } from '../support/purchases.ts'
import { NOW } from '../support/test-deps.ts'

const id = newId('order')
const userId = newId('user')
const actor = { kind: 'customer', userId } as const
const { lines } = anOrder()
const NO_DETAILS = { billingAddress: null, note: null, vatId: null, cartId: null, exchangeOf: null }
const giftCardPaymentId = newId('payment')
const place = (total: number, giftCards: AppliedGiftCard[] = []) =>
  newOrder({
    id,
    number: 1_001,
    buyer: { actor, userId, email: null },
    priced: { lines, ...plainTotals(total), currency: currency('USD'), giftCards },
    giftCardPaymentId,
    details: { ...NO_DETAILS, shippingAddress: '1 Main St' },
    placedAt: NOW,
    expiresAt: addSeconds(NOW, 900),
  })
const pending = {
  ...{
    id,
    number: 1_001,
    userId,
    claimedAt: null,
    erasedAt: null,
    email: null,
    status: 'pending',
    paymentStatus: 'unpaid',
  },
  ...{ cancelReason: null, fulfillmentStatus: 'unfulfilled', shipments: [], lineRefunds: [], returns: [] },
  ...{ lines, ...plainTotals(2_500), currency: 'USD', ...NO_DETAILS, shippingAddress: '1 Main St' },
  ...{ createdAt: NOW, updatedAt: NOW, expiresAt: addSeconds(NOW, 900) },
  ...{ paymentId: null, furtherPayments: [], chargeNo: 1, chargedAmount: 0 },
  ...{ giftCardAmount: 0, giftCardReturned: 0 },
  ...{ creditedAmount: 0, capturedAmount: 0, refundedAmount: 0, invoiced: null, refundFailed: false },
  ...{ disputedAmount: 0, chargedBackAmount: 0, stockCommitted: false, metadata: {}, version: 1 },
}
const placed = { orderId: id, seq: 1, type: 'placed', at: NOW, actor, data: { amount: 2_500 } }

describe('a new order', () => {
  it('is pending and unpaid, and has sold nothing', () => {
    expect(place(2_500)).toEqual({ order: pending, events: [placed], giftCards: [] })
    expect(place(1)).toMatchObject({ order: { status: 'pending' }, events: [{ type: 'placed' }] })
  })

  it('that costs nothing is paid by placing it, and has its invoice', () => {
    expect(place(0)).toEqual({
      order: {
        ...{ ...pending, ...plainTotals(0), status: 'processing', paymentStatus: 'paid', version: 2 },
        invoiced: { total: 0, taxLines: [], isByLine: true },
      },
      invoices: [{ series: 'invoice', cause: 'paid', total: 0, document: expect.any(Object) }],
      events: [
        { ...placed, data: { amount: 0 } },
        { ...placed, seq: 2, type: 'paid', data: { amount: 0 } },
      ],
      giftCards: [],
    })
  })
})

describe('an order with gift cards', () => {
  const [one, other] = [newId('giftCard'), newId('giftCard')]
  const card = (id: typeof one, amount: number) => ({ id, lastFour: '81CW', amount })

  it('waits for what they leave, and counts their payment as one of its own', () => {
    expect(place(2_500, [card(one, 2_000), card(other, 0)])).toEqual({
      order: { ...pending, giftCardAmount: 2_000, furtherPayments: [giftCardPaymentId] },
      events: [placed],
      giftCards: [card(one, 2_000)],
    })
  })

  it('is paid by placing it where they pay all of it', () => {
    expect(place(2_500, [card(one, 2_000), card(other, 500)])).toMatchObject({
      order: { status: 'processing', paymentStatus: 'paid', giftCardAmount: 2_500, chargedAmount: 0, version: 2 },
      events: [{ type: 'placed' }, { type: 'paid', data: { amount: 2_500 } }],
    })
  })
})

describe('the end of an order', () => {
  it('is its delivery or its cancellation', () => {
    expect([STATUS_STEPS.delivered, STATUS_STEPS.cancelled]).toEqual([[], []])
  })

  it('is not left again: such a decision is a bug, which names the order', () => {
    const order = anOrder({ status: 'delivered' })
    const reopen = () => changeOf(order, step('extended', { status: 'pending' }), { actor, at: NOW })
    expect(reopen).toThrow(new RangeError(`Order ${order.id} cannot go from delivered to pending`))
  })
})

describe('the cancellation of an order with gift cards', () => {
  const withCards = anOrder({
    status: 'processing',
    paymentStatus: 'paid',
    giftCardAmount: 1_500,
    capturedAmount: 1_000,
  })

  it('counts what they get back as refunded, and leaves the rest to payments', () => {
    expect(cancelled(withCards, 'cancelled_by_staff').to).toEqual({
      ...{ status: 'cancelled', cancelReason: 'cancelled_by_staff', paymentStatus: 'partially_refunded' },
      ...{ giftCardReturned: 1_500, refundedAmount: 1_500 },
    })
  })

  it('gives back only what a refund has left, though its event is still to come', () => {
    const part = { ...withCards, giftCardReturned: 400, refundedAmount: 0 }
    expect(cancelled(part, 'stock_gone').to).toMatchObject({ giftCardReturned: 1_500, refundedAmount: 1_100 })
  })

  it('leaves an unpaid one unpaid', () => {
    const unpaid = anOrder({ giftCardAmount: 1_500 })
    expect(cancelled(unpaid, 'cancelled_by_customer').to).toEqual({
      ...{ status: 'cancelled', cancelReason: 'cancelled_by_customer', giftCardReturned: 1_500, refundedAmount: 1_500 },
    })
  })
})

describe('the cancellation of an order that costs nothing', () => {
  it('ends its payment, if it was paid', () => {
    const free = anOrder({ total: 0, status: 'processing', paymentStatus: 'paid' })
    expect(cancelled(free, 'cancelled_by_staff').to).toMatchObject({ status: 'cancelled', paymentStatus: 'refunded' })
    for (const over of [{ paymentStatus: 'unpaid' }, { total: 1, capturedAmount: 1 }] as const) {
      expect(cancelled({ ...free, ...over }, 'cancelled_by_staff').to).toEqual({
        status: 'cancelled',
        cancelReason: 'cancelled_by_staff',
      })
    }
  })
})
