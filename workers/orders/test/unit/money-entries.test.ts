import type { PaymentsEvent } from '@shop/contracts/orders/rpc'
import { newId } from '@shop/http/ids'
import { describe, expect, it } from 'vitest'
import { moneyEntriesOf } from '../../src/payment-events/domain/money-entries.ts'
import { anOrder } from '../support/orders.ts'
import { disputeEvent, paymentEvent, refundEvent } from '../support/payments-events.ts'

const order = anOrder()
const paymentId = newId('payment')
const refundId = newId('refund')
const of = { orderId: order.id, paymentId, currency: 'USD', at: new Date('2026-11-23T10:00:00.000Z') }
const captured = { ...of, key: `captured:${paymentId}`, kind: 'captured', amount: 2_500 }
const refunded = { ...of, key: `refunded:${refundId}`, kind: 'refunded', amount: 500 }
const disputed = { ...of, key: 'disputed:du_1', kind: 'disputed', amount: 2_500 }

function disputeIn(status: string): PaymentsEvent {
  const event = disputeEvent(order, paymentId, { disputed: 0, chargedBack: 0 })
  return { ...event, payload: { ...event.payload, status } }
}

describe('the money that moves', () => {
  it('with a capture is the captured amount, also of a part', () => {
    const event = paymentEvent('payment.captured', order, paymentId, { capturedAmount: 1_000 })
    expect(moneyEntriesOf(event)).toEqual([{ ...captured, amount: 1_000 }])
  })

  it('with a further capture of a payment is what it adds, under a name of its own', () => {
    const event = paymentEvent('payment.captured', order, paymentId, { capturedAmount: 2_500, capturedBefore: 1_000 })
    expect(moneyEntriesOf(event)).toEqual([
      { ...captured, key: `captured:${paymentId}:2500`, amount: 1_500, total: 2_500 },
    ])
  })

  it('with a capture of a former version is the captured amount', () => {
    const event = paymentEvent('payment.captured', order, paymentId)
    const { capturedBefore: _, ...payload } = event.payload
    expect(moneyEntriesOf({ ...event, payload } as typeof event)).toEqual([captured])
  })

  it('with the end of an authorization, when nothing more was captured, is none', () => {
    const event = paymentEvent('payment.captured', order, paymentId, { capturedAmount: 1_000, capturedBefore: 1_000 })
    expect(moneyEntriesOf(event)).toEqual([])
  })

  it('with a refund is its amount, and what was captured, in case nothing has told that', () => {
    const event = refundEvent('refund.succeeded', order, { paymentId, refundId })
    expect(moneyEntriesOf(event)).toEqual([captured, refunded])
  })

  it('with a refund to gift cards is its amount, which has not left', () => {
    const event = refundEvent('refund.succeeded', order, { paymentId, refundId })
    const credited = { ...refunded, key: `credited:${refundId}`, kind: 'credited' }
    if (event.type !== 'refund.succeeded') throw new Error(event.type)
    expect(moneyEntriesOf({ ...event, details: { ...event.details, isCredit: true } })).toEqual([captured, credited])
  })

  it('with a refund that a bank sends back is its amount, out and in', () => {
    const event = refundEvent('refund.returned', order, { paymentId, refundId })
    const returned = { ...refunded, key: `refund_returned:${refundId}`, kind: 'refund_returned' }
    expect(moneyEntriesOf(event)).toEqual([captured, refunded, returned])
  })

  it.each(['needs_response', 'under_review', 'lost'])('with a dispute that is %s is its amount', (status) => {
    expect(moneyEntriesOf(disputeIn(status))).toEqual([disputed])
  })

  it('with a dispute that the shop wins is its amount, out and in', () => {
    const won = { ...disputed, key: 'dispute_won:du_1', kind: 'dispute_won' }
    expect(moneyEntriesOf(disputeIn('won'))).toEqual([disputed, won])
  })

  it.each([
    ['an authorization', paymentEvent('payment.authorized', order, paymentId)],
    ['the loss of an authorization', paymentEvent('payment.authorization_lost', order, paymentId)],
    ['a refund that failed', refundEvent('refund.failed', order, { paymentId })],
    ['an inquiry', disputeIn('warning_needs_response')],
    ['the end of an inquiry', disputeIn('warning_closed')],
  ])('with %s is none', (_, event) => {
    expect(moneyEntriesOf(event)).toEqual([])
  })
})
