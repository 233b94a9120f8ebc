import { WEBHOOK_EVENTS } from '@shop/contracts/payments/webhook-events'
import type Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { subjectOf } from '../../src/stripe/read-event.ts'
import { PAYMENT_ID, REFUND_ID } from '../support/builders.ts'

const CREATED = 1_764_000_000

const intent = {
  object: 'payment_intent',
  id: 'pi_1',
  amount: 2_500,
  amount_received: 2_500,
  currency: 'usd',
  status: 'succeeded',
  client_secret: 'secret',
  last_payment_error: null,
  metadata: { payment_id: PAYMENT_ID },
}
const charge = { object: 'charge', payment_intent: 'pi_1', currency: 'usd', captured: true, amount_refunded: 700 }
const refund = {
  object: 'refund',
  id: 're_1',
  payment_intent: { id: 'pi_1' },
  amount: 700,
  currency: 'usd',
  status: 'succeeded',
  balance_transaction: 'txn_1',
  metadata: { refund_id: REFUND_ID },
}
const dispute = {
  object: 'dispute',
  id: 'du_1',
  payment_intent: 'pi_1',
  amount: 2_500,
  currency: 'usd',
  reason: 'fraudulent',
  status: 'won',
  created: CREATED,
  evidence_details: { due_by: null },
  balance_transactions: [{ amount: -2_500 }, { amount: 2_500 }],
}

/** An event as the SDK types it, reduced to the object that the worker reads. */
const eventWith = (object: object, type = 'test') =>
  ({ type, created: CREATED, livemode: false, data: { object } }) as unknown as Stripe.Event

const OBJECTS: Record<string, object> = { payment_intent: intent, refund, charge, dispute }
/** The object that an event of the type carries. */
const objectOf = (type: string) => OBJECTS[type.startsWith('charge.dispute') ? 'dispute' : (type.split('.')[0] ?? '')]

describe('an event', () => {
  it.each(WEBHOOK_EVENTS)('%s is read, since the endpoint subscribes to it', (type) => {
    expect(subjectOf(eventWith(objectOf(type) ?? {}, type)).about).not.toBe('other')
  })

  it('of a PaymentIntent reports its state', () => {
    expect(subjectOf(eventWith(intent))).toMatchObject({
      about: 'intent',
      intent: { intentId: 'pi_1', paymentId: PAYMENT_ID, state: 'succeeded', capturedAmount: 2_500, currency: 'USD' },
    })
  })

  it('of a refund reports its state and its id in the shop', () => {
    expect(subjectOf(eventWith(refund))).toMatchObject({
      about: 'refund',
      refund: { stripeRefundId: 're_1', refundId: REFUND_ID, intentId: 'pi_1', amount: 700, state: 'succeeded' },
    })
  })

  it('of a charge reports the refunded amount', () => {
    expect(subjectOf(eventWith(charge))).toEqual({
      about: 'charge',
      charge: { intentId: 'pi_1', currency: 'USD', refunded: 700 },
    })
  })

  it('of a dispute reports what the bank withdrew and returned, and when it was closed', () => {
    expect(subjectOf(eventWith(dispute))).toMatchObject({
      about: 'dispute',
      dispute: { isWithdrawn: true, isReinstated: true, closedAt: new Date(CREATED * 1_000) },
    })
    const inquiry = { ...dispute, status: 'warning_needs_response', balance_transactions: [] }
    expect(subjectOf(eventWith(inquiry))).toMatchObject({
      dispute: { isWithdrawn: false, isReinstated: false, closedAt: null },
    })
  })

  it.each([
    ['thin', { type: 'v1.payment_intent.succeeded', related_object: { id: 'pi_1', type: 'payment_intent' } }],
    ['with nothing but the id', { ...eventWith({ id: 'pi_1' }), type: 'payment_intent.succeeded' }],
    ['with the id in place of the object', { type: 'payment_intent.succeeded', data: { object: 'pi_1' } }],
    ['whose amount is text', eventWith({ ...intent, amount: '2500' })],
    ['whose amount is negative', eventWith({ ...intent, amount: -1 })],
    ['whose metadata is a list', eventWith({ ...intent, metadata: { payment_id: [] } })],
    ['whose currency is missing', eventWith({ ...intent, currency: undefined })],
    ['without a type', { ...eventWith(intent), type: null }],
    ['without a time', { ...eventWith(intent), created: 'yesterday' }],
    ['of an unknown mode', { ...eventWith(intent), livemode: 'no' }],
  ])('of a PaymentIntent %s names what to retrieve', (_, event) => {
    expect(subjectOf(event)).toEqual({ about: 'reference', kind: 'payment_intent', id: 'pi_1' })
  })

  it.each([
    ['a charge', 'charge', 'v1.charge.refunded', 'ch_1'],
    ['a refund', 'refund', 'charge.refund.updated', 're_1'],
    ['a refund of another type', 'refund', 'refund.failed', 're_1'],
    ['a dispute', 'dispute', 'charge.dispute.closed', 'du_1'],
  ])('of %s is known by its type', (_, kind, type, id) => {
    expect(subjectOf({ type, data: { object: { id } } })).toEqual({ about: 'reference', kind, id })
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['a list', [eventWith(intent)]],
    ['an empty object', {}],
    ['no data', { type: 'payment_intent.succeeded' }],
    ['an id that is none', { type: 'payment_intent.succeeded', data: { object: { id: '../refunds' } } }],
    [
      'a thin event of another kind',
      { type: 'v1.billing.meter', related_object: { id: 'm_1', type: 'billing.meter' } },
    ],
  ])('that is %s names nothing', (_, event) => {
    expect(subjectOf(event)).toEqual({ about: 'unreadable' })
  })

  it.each([
    ['a PaymentIntent of half a minor unit', { ...intent, currency: 'isk', amount: 150 }],
    ['a PaymentIntent in a currency without ISO code', { ...intent, currency: 'btc' }],
    ['a PaymentIntent in a state that is not known', { ...intent, status: 'new' }],
    ['a charge that only reserved money', { ...charge, captured: false }],
    ['a charge without a PaymentIntent', { ...charge, payment_intent: null }],
    ['an authorization that Stripe lists as refunded', { ...refund, balance_transaction: null, metadata: {} }],
    ['a dispute without a PaymentIntent', { ...dispute, payment_intent: null }],
    ['a customer', { object: 'customer' }],
  ])('of %s is not handled', (_, object) => {
    expect(subjectOf(eventWith(object))).toEqual({ about: 'other' })
  })
})
