import { describe, expect, it, vi } from 'vitest'
import { followOrders } from '../../src/events/follow-orders.ts'
import type { Payment } from '../../src/payments/domain/payment.ts'
import {
  aCapturedPayment,
  anAuthorizedPayment,
  anIntent,
  aPayment,
  now,
  ORDER_ID,
  PAYMENT_ID,
} from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

const CANCELLED = 1
const SHIPPED = 2
const done = (eventId: number) => ({ eventId, outcome: 'done' })
const notYet = (eventId: number) => ({ eventId, outcome: 'failed', failure: 'not_yet' })
const UNKNOWN = { kind: 'unknown', isReplayed: false } as const

/** The payload of an order of 25.00 USD. */
const payload = {
  orderId: ORDER_ID,
  userId: null,
  status: 'shipped',
  paymentStatus: 'unpaid',
  cancelReason: null,
  total: 2_500,
  currency: 'USD',
  capturedAmount: 0,
  refundedAmount: 0,
  paymentId: null,
} as const

function shipped(...payments: Payment[]) {
  const world = aWorld()
  world.orders.isShipped = true
  for (const payment of payments) world.payments.add(payment)
  return world
}

function cancelled(...payments: Payment[]) {
  const world = aWorld()
  world.orders.isCancelled = true
  for (const payment of payments) world.payments.add(payment)
  return world
}

describe('a shipped order', () => {
  it('has its authorized payment captured, then is confirmed', async () => {
    const world = shipped(anAuthorizedPayment())
    expect(await followOrders(world.deps)).toMatchObject({ done: 1 })
    expect(world.payments.only).toMatchObject({ state: 'succeeded', capturedAmount: 2_500 })
    expect(world.orders.told).toEqual(['payment.captured'])
    expect(world.orders.receipts).toEqual([done(SHIPPED)])
  })

  it('is confirmed when its payment is captured already', async () => {
    const world = shipped(aCapturedPayment())
    await followOrders(world.deps)
    expect(world.stripe.calls).toEqual([])
    expect(world.orders.receipts).toEqual([done(SHIPPED)])
  })

  it('is retried while the outcome of the capture is unknown', async () => {
    const world = shipped(anAuthorizedPayment())
    world.stripe.answerNext('capture', UNKNOWN)
    await followOrders(world.deps)
    await followOrders(world.deps)
    expect(world.stripe.calls).toEqual([`capture 2500 ${PAYMENT_ID}:2`])
    expect(world.orders.receipts).toEqual([notYet(SHIPPED), notYet(SHIPPED)])
    expect(world.deps.warn).toHaveBeenCalledWith('capture_failed', expect.anything())
  })

  it('comes again while the bank processes the capture, and is listed for staff if that fails', async () => {
    const world = shipped(anAuthorizedPayment())
    world.stripe.answerNext('capture', { kind: 'intent', intent: anIntent('processing') })
    await followOrders(world.deps)
    await followOrders(world.deps)
    expect(world.orders.receipts).toEqual([notYet(SHIPPED), notYet(SHIPPED)])
    expect(world.discrepancies).toEqual([])
    world.payments.add({ ...world.payments.only, state: 'canceled' })
    await followOrders(world.deps)
    expect(world.orders.receipts.at(-1)).toEqual(done(SHIPPED))
    expect(world.discrepancies).toMatchObject([{ kind: 'capture_lost', paymentId: PAYMENT_ID }])
  })

  it('whose authorization has ended is confirmed, and listed for staff', async () => {
    const world = shipped(anAuthorizedPayment({ state: 'canceled' }))
    await followOrders(world.deps)
    expect(world.discrepancies).toEqual([
      { kind: 'capture_lost', subject: 'pi_1', paymentId: PAYMENT_ID, stripe: 'canceled', shop: '25 USD, shipped' },
    ])
    expect(world.orders.receipts).toEqual([done(SHIPPED)])
  })

  it('that was not paid through an authorization needs nothing', async () => {
    const world = shipped()
    await followOrders(world.deps)
    expect(world.orders.receipts).toEqual([done(SHIPPED)])
  })

  it('is left to orders while orders does not answer', async () => {
    const world = shipped(anAuthorizedPayment())
    world.orders.isDown = true
    expect(await followOrders(world.deps)).toEqual({ done: 0 })
  })
})

describe('a cancelled order', () => {
  it('has a captured payment refunded, then is confirmed', async () => {
    const world = cancelled(aCapturedPayment())
    expect(await followOrders(world.deps)).toMatchObject({ done: 1 })
    expect(world.payments.only.refundedAmount).toBe(2_500)
    expect(world.orders.told).toEqual(['refund.succeeded'])
    expect(world.orders.receipts).toEqual([done(CANCELLED)])
  })

  it('has an authorization voided', async () => {
    const world = cancelled(anAuthorizedPayment())
    await followOrders(world.deps)
    expect(world.payments.only.state).toBe('canceled')
    expect(world.orders.told).toEqual(['payment.authorization_lost'])
    expect(world.orders.receipts).toEqual([done(CANCELLED)])
  })

  it('has an open payment canceled', async () => {
    const world = cancelled(aPayment({ state: 'requires_action', intentId: 'pi_1', attemptUntil: null }))
    await followOrders(world.deps)
    expect(world.stripe.calls).toEqual(['cancel pi_1'])
    expect(world.orders.receipts).toEqual([done(CANCELLED)])
  })

  it('without a payment is confirmed', async () => {
    const world = cancelled()
    await followOrders(world.deps)
    expect(world.orders.receipts).toEqual([done(CANCELLED)])
  })

  it('is confirmed when its payment has succeeded meanwhile, which is refunded', async () => {
    const world = cancelled(aPayment({ state: 'requires_action', intentId: 'pi_1', attemptUntil: null }))
    world.stripe.answerNext('cancel', { kind: 'intent', intent: anIntent('succeeded') })
    await followOrders(world.deps)
    expect(world.payments.only).toMatchObject({ state: 'succeeded', refundedAmount: 2_500 })
    expect(world.orders.told).toEqual(['payment.captured'])
    expect(world.events.undelivered).toEqual(['refund.succeeded'])
    expect(world.orders.receipts).toEqual([done(CANCELLED)])
  })

  it.each([
    ['Stripe does not answer', UNKNOWN, undefined],
    ['Stripe refuses and the payment can still be confirmed', { kind: 'busy' } as const, anIntent('requires_action')],
  ])('comes again while %s', async (_, answer, current) => {
    const world = cancelled(aPayment({ state: 'requires_action', intentId: 'pi_1', attemptUntil: null }))
    world.stripe.answerNext('cancel', answer)
    if (current !== undefined) world.stripe.answerNext('retrieve', { kind: 'intent', intent: current })
    await followOrders(world.deps)
    expect(world.orders.receipts).toEqual([notYet(CANCELLED)])
  })

  it('is retried while a payment is being started, whose answer has to be settled first', async () => {
    const world = cancelled(aPayment({ attemptUntil: now }))
    await followOrders(world.deps)
    expect(world.stripe.calls).toEqual([])
    expect(world.orders.receipts).toEqual([notYet(CANCELLED)])
  })
})

describe('an event of orders', () => {
  const event = { id: 7, type: 'order.placed', version: 1, key: 'order_1', sequence: 1, createdAt: now } as const

  it('that payments does not use is skipped', async () => {
    const world = aWorld()
    world.orders.moreEvents.push({ ...event, payload: { ...payload, orderId: 'order_1' } })
    await followOrders(world.deps)
    expect(world.orders.receipts).toEqual([{ eventId: 7, outcome: 'skipped' }])
  })

  it.each([
    ['another version', { version: 2 }],
    ['an id that is none', { type: 'order.cancelled' as const, payload: { ...payload, orderId: 'no id' } }],
  ])('with %s is refused', async (_, over) => {
    const world = aWorld()
    world.orders.moreEvents.push({ ...event, payload, ...over })
    await followOrders(world.deps)
    expect(world.orders.receipts).toEqual([{ eventId: 7, outcome: 'failed', failure: 'invalid_event' }])
  })

  it('that fails does not stop the others, and is retried', async () => {
    const world = shipped(anAuthorizedPayment())
    world.orders.isCancelled = true
    const { ofOrder } = world.deps.payments
    let calls = 0
    world.deps.payments.ofOrder = async (orderId) => {
      calls += 1
      if (calls === 1) throw new Error('database')
      return ofOrder(orderId)
    }
    await followOrders(world.deps)
    expect(world.orders.receipts).toEqual([
      { eventId: CANCELLED, outcome: 'failed', failure: 'service_unavailable' },
      done(SHIPPED),
    ])
  })
})

describe('the events of orders', () => {
  it('are pulled and confirmed for payments', async () => {
    const world = shipped(aCapturedPayment())
    const pull = vi.spyOn(world.orders, 'pullEvents')
    const confirm = vi.spyOn(world.orders, 'confirmEvents')
    await followOrders(world.deps)
    expect(pull).toHaveBeenCalledExactlyOnceWith({ consumer: 'payments', limit: 10 })
    expect(confirm).toHaveBeenCalledExactlyOnceWith({ consumer: 'payments', receipts: [done(SHIPPED)] })
  })

  it('are not confirmed when there are none', async () => {
    const world = aWorld()
    const confirm = vi.spyOn(world.orders, 'confirmEvents')
    expect(await followOrders(world.deps)).toEqual({ done: 0 })
    expect(confirm).not.toHaveBeenCalled()
  })

  it('that fail are logged with their order', async () => {
    const world = cancelled()
    const error = new Error('database')
    world.deps.payments.ofOrder = () => Promise.reject(error)
    await followOrders(world.deps)
    const fields = { eventId: CANCELLED, type: 'order.cancelled', key: ORDER_ID, error }
    expect(world.deps.warn).toHaveBeenCalledExactlyOnceWith('order_event_failed', fields)
  })
})

describe('an order with several payments', () => {
  const ended = aPayment({ id: 'pay_ended', state: 'canceled', intentId: 'pi_ended', attemptUntil: null })
  const open = aPayment({ id: 'pay_open', state: 'requires_action', intentId: 'pi_open', attemptUntil: null })

  it('that is cancelled has only the open one canceled', async () => {
    const world = cancelled(ended, open)
    const reserve = vi.spyOn(world.deps.refunds, 'reserveAutomatic')
    world.stripe.answerNext('cancel', UNKNOWN)
    await followOrders(world.deps)
    expect(world.stripe.calls).toEqual(['cancel pi_open'])
    expect(reserve).not.toHaveBeenCalled()
  })

  it('that is cancelled has only the captured one refunded', async () => {
    const world = cancelled(ended, aCapturedPayment())
    const reserve = vi.spyOn(world.deps.refunds, 'reserveAutomatic')
    await followOrders(world.deps)
    expect(reserve.mock.calls.map(([{ paymentId }]) => paymentId)).toEqual([PAYMENT_ID])
    expect(world.stripe.calls).toEqual([expect.stringMatching(/^createRefund /)])
  })

  it('that has shipped is paid when any of them succeeded', async () => {
    const lost = anAuthorizedPayment({ id: 'pay_lost', state: 'canceled', intentId: 'pi_lost' })
    const world = shipped(lost, aCapturedPayment())
    await followOrders(world.deps)
    expect(world.discrepancies).toEqual([])
    expect(world.orders.receipts).toEqual([done(SHIPPED)])
  })

  it('that has shipped has lost nothing with a payment that was never authorized', async () => {
    const world = shipped(ended)
    await followOrders(world.deps)
    expect(world.discrepancies).toEqual([])
    expect(world.orders.receipts).toEqual([done(SHIPPED)])
  })

  it('that has shipped waits for one that was authorized and has not ended', async () => {
    const lost = anAuthorizedPayment({ id: 'pay_lost', state: 'canceled', intentId: 'pi_lost' })
    const world = shipped(lost, anAuthorizedPayment({ state: 'processing' }))
    await followOrders(world.deps)
    expect(world.orders.receipts).toEqual([notYet(SHIPPED)])
  })
})

describe('the capture of a shipped order', () => {
  it('that is under way is awaited, not tried again', async () => {
    const world = shipped(anAuthorizedPayment({ attemptUntil: now }))
    const claim = vi.spyOn(world.payments, 'claimAttempt')
    await followOrders(world.deps)
    expect(world.orders.receipts).toEqual([notYet(SHIPPED)])
    expect(claim).not.toHaveBeenCalled()
    expect(world.deps.warn).not.toHaveBeenCalled()
  })

  it('that fails is logged with its payment', async () => {
    const world = shipped(anAuthorizedPayment())
    world.stripe.answerNext('capture', UNKNOWN)
    await followOrders(world.deps)
    expect(world.deps.warn).toHaveBeenCalledExactlyOnceWith('capture_failed', {
      paymentId: PAYMENT_ID,
      orderId: ORDER_ID,
      failure: { code: 'payment_provider_unavailable' },
    })
  })
})

describe('a batch of events of orders', () => {
  const event = { type: 'order.placed', version: 1, key: ORDER_ID, sequence: 1, createdAt: now } as const
  const batch = async (ids: number[], version: (id: number) => number = () => 1) => {
    const world = aWorld()
    world.orders.moreEvents.push(...ids.map((id) => ({ ...event, id, version: version(id), payload })))
    return followOrders(world.deps)
  }
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 10)

  it('is followed by another where one of its events is done, since later ones of its order may wait', async () => {
    expect(await batch([10])).toEqual({ done: 1, next: 'more' })
    expect(await batch([10, 11], (id) => id - 9)).toEqual({ done: 2, next: 'more' })
  })

  it('is the last one where all of them failed: they are not due again at once', async () => {
    expect(await batch([10, 11], () => 2)).toEqual({ done: 2, next: undefined })
  })

  it('that is full is followed by another, whatever came of it', async () => {
    expect(await batch(numbers(10), () => 2)).toEqual({ done: 10, next: 'more' })
    expect(await batch(numbers(9), () => 2)).toEqual({ done: 9, next: undefined })
  })
})
