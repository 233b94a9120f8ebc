import { consumersOf, EVENTS, type EventType } from '@shop/contracts/events/catalogue'
import { newId } from '@shop/http/ids'
import { describe, expect, it } from 'vitest'
import { MAILED_EVENTS, planMail } from '../../src/mails/domain/plan-mail.ts'
import { accountEvent, orderEvent, paymentEvent, stockEvent } from '../support/mails.ts'

const orderId = newId('order')

describe('the events that have a mail', () => {
  it('are those that notifications consumes, by the catalogue of events', () => {
    const consumed = (Object.keys(EVENTS) as EventType[]).filter((type) => consumersOf(type).includes('notifications'))
    expect(MAILED_EVENTS.toSorted()).toEqual(consumed.toSorted())
  })
})

describe('the mail of an order', () => {
  it('confirms an order once, whether it is authorized first and paid later, or paid at once', () => {
    const plans = (['order.authorized', 'order.paid'] as const).map((type) => planMail(orderEvent(type, orderId)))
    expect(plans).toEqual([
      { template: 'order_confirmed', occasion: orderId, subject: { about: 'order', orderId } },
      { template: 'order_confirmed', occasion: orderId, subject: { about: 'order', orderId } },
    ])
  })

  it('tells of each refund', () => {
    const event = orderEvent('order.refunded', orderId)
    const subject = { about: 'order', orderId, refunded: 500 }
    expect(planMail(event)).toEqual({ template: 'order_refunded', occasion: `event:${event.id}`, subject })
  })

  it.each([
    ['return.approved', 'return_approved'],
    ['return.refused', 'return_refused'],
    ['return.received', 'return_received'],
  ] as const)('tells of each %s', (type, template) => {
    const event = orderEvent(type, orderId)
    const subject = { about: 'order', orderId, returnId: 'ret_1' }
    expect(planMail(event)).toEqual({ template, occasion: `event:${event.id}`, subject })
  })

  it('tells why an order was cancelled', () => {
    const event = orderEvent('order.cancelled', orderId, { status: 'cancelled', cancelReason: 'stock_gone' })
    expect(planMail(event)).toMatchObject({ template: 'order_cancelled', subject: { cancelReason: 'stock_gone' } })
  })

  it('is none for an unpaid order that expired, since nothing was said of it before', () => {
    const over = { status: 'cancelled', cancelReason: 'expired', paymentStatus: 'unpaid' }
    expect(planMail(orderEvent('order.cancelled', orderId, over))).toBeUndefined()
  })
})

describe('the mail of a payment', () => {
  it('is one for an order, however many payments of it fail', () => {
    const plans = ['pay_1', 'pay_2'].map((id) => planMail(paymentEvent(orderId, 'insufficient_funds', id)))
    expect(plans[0]).toMatchObject({ template: 'payment_failed', occasion: orderId })
    expect(plans[1]).toEqual(plans[0])
  })

  it('is none for a payment that nobody has tried yet', () => {
    expect(planMail(paymentEvent(orderId, null))).toBeUndefined()
  })
})

it('a mail about an account is one for each event', () => {
  const event = accountEvent('customer.password_reset_requested', newId('user'))
  const subject = { about: 'account', eventId: event.id }
  expect(planMail(event)).toEqual({ template: 'password_reset', occasion: `event:${event.id}`, subject })
})

it('low stock is told to staff, with what is available and the threshold', () => {
  expect(planMail(stockEvent(7))?.subject).toEqual({ about: 'stock', variantId: 7, available: 2, threshold: 5 })
})
