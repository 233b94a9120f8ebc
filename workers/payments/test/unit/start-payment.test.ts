import { describe, expect, it, vi } from 'vitest'
import { resumeAttempts } from '../../src/payments/resume-attempts.ts'
import { anIntent, anOrder, EUR, PAYMENT_ID } from '../support/builders.ts'
import { declined, pay, UNAVAILABLE } from '../support/pay.ts'
import { aWorld } from '../support/world.ts'

const ORDER_CANCELLED = { ok: false, failure: { code: 'order_not_payable', orderStatus: 'cancelled' } }

describe('paying an order', () => {
  it('charges it, and marks it paid', async () => {
    const world = aWorld()
    expect(await pay(world)).toMatchObject({ ok: true, value: { state: 'succeeded', capturedAmount: 2_500 } })
    await world.settled()
    expect(world.stripe.calls).toEqual([`create ${PAYMENT_ID}:1`])
    expect(world.orders.told).toEqual(['payment.captured'])
    expect(world.events.undelivered).toEqual([])
  })

  it('authorizes it where payments are captured when the order ships', async () => {
    const world = aWorld({ captureMethod: 'manual' })
    expect(await pay(world)).toMatchObject({ ok: true, value: { state: 'requires_capture', capturedAmount: 0 } })
    expect(world.orders.told).toEqual(['payment.authorized'])
  })

  it('without a method answers with a payment for the client to confirm', async () => {
    const world = aWorld()
    const paid = await pay(world, { paymentMethod: 'credit_card' })
    expect(paid).toMatchObject({ ok: true, value: { state: 'requires_payment_method', clientSecret: 'secret' } })
    expect(world.orders.told).toEqual([])
  })

  it('that needs authentication answers with the payment for the client to continue', async () => {
    const world = aWorld()
    world.stripe.answerNext('create', { kind: 'intent', intent: anIntent('requires_action') })
    expect(await pay(world)).toMatchObject({ ok: true, value: { state: 'requires_action', attemptUntil: null } })
  })

  it('with money that takes days keeps the order from expiring', async () => {
    const world = aWorld()
    world.stripe.answerNext('create', { kind: 'intent', intent: anIntent('processing') })
    expect(await pay(world)).toMatchObject({ ok: true, value: { state: 'processing' } })
    expect(world.orders.told).toEqual(['extendOrder'])
  })

  it('answers a decline with the bank’s code, after which another card can pay', async () => {
    const world = aWorld()
    world.stripe.answerNext('create', declined())
    expect(await pay(world)).toEqual({
      ok: false,
      failure: { code: 'payment_declined', declineCode: 'insufficient_funds', paymentId: PAYMENT_ID },
    })
    expect(await pay(world, { paymentMethod: 'pm_card_mastercard' })).toMatchObject({ value: { state: 'succeeded' } })
    expect(world.stripe.calls).toEqual([`create ${PAYMENT_ID}:1`, `confirm ${PAYMENT_ID}:2`])
  })

  it('answers paid where the payment succeeded after the decline', async () => {
    const world = aWorld()
    world.stripe.answerNext('create', declined())
    const { recordState } = world.deps.payments
    world.deps.payments.recordState = async (seen) => {
      await recordState.call(world.payments, { ...seen, ...anIntent('succeeded'), paymentId: seen.paymentId })
      return recordState.call(world.payments, seen)
    }
    expect(await pay(world)).toMatchObject({ ok: true, value: { state: 'succeeded' } })
  })

  it.each(['invalid_payment_method', 'amount_not_chargeable'] as const)(
    'refused by Stripe with %s ends the payment, so that another can start',
    async (reason) => {
      const world = aWorld()
      world.stripe.answerNext('create', { kind: 'refused', reason })
      expect(await pay(world)).toEqual({ ok: false, failure: { code: reason } })
      expect(world.payments.only.state).toBe('canceled')
      expect(await pay(world)).toMatchObject({ ok: true, value: { state: 'succeeded' } })
    },
  )

  it.each([false, true])(
    'with an unknown answer (replayed: %s) stays open, and the sweep finds the outcome',
    async (isReplayed) => {
      const world = aWorld()
      world.stripe.answerNext('create', { kind: 'unknown', isReplayed })
      expect(await pay(world)).toEqual(UNAVAILABLE)
      expect(await pay(world)).toMatchObject({ failure: { code: 'payment_in_progress' } })
      world.passHours(1)
      expect(await resumeAttempts(world.deps, 50)).toBe(1)
      expect(world.payments.only.state).toBe('succeeded')
      expect(world.orders.told).toEqual(['payment.captured'])
    },
  )

  it('can be repeated at once when Stripe was too busy for the call', async () => {
    const world = aWorld()
    world.stripe.answerNext('create', { kind: 'busy' })
    expect(await pay(world)).toEqual(UNAVAILABLE)
    expect(await pay(world)).toMatchObject({ ok: true, value: { state: 'succeeded' } })
  })

  it('writes nothing when there is no permit for a call to Stripe', async () => {
    const world = aWorld()
    world.stripe.hasPermit = false
    expect(await pay(world, { idempotencyKey: 'key' })).toEqual(UNAVAILABLE)
    expect(world.keys.rows).toEqual([])
    expect(() => world.payments.only).toThrow('0 payments')
  })

  it.each([
    [{ amount: 24.99 }, { code: 'amount_mismatch', field: 'amount' }],
    [{ currency: EUR }, { code: 'amount_mismatch', field: 'currency' }],
  ])('is refused when the client expects %j', async (expected, failure) => {
    const world = aWorld()
    expect(await pay(world, expected)).toEqual({ ok: false, failure })
    expect(world.stripe.calls).toEqual([])
  })

  it('is refused below Stripe’s minimum charge', async () => {
    const world = aWorld()
    world.orders.order = anOrder({ amountDue: 49 })
    expect(await pay(world)).toMatchObject({ failure: { code: 'amount_too_small', minimum: 0.5 } })
  })

  it('is refused for an order that is not payable', async () => {
    const world = aWorld()
    world.orders.isCancelled = true
    expect(await pay(world)).toEqual(ORDER_CANCELLED)
    expect(world.stripe.calls).toEqual([])
  })

  it('is refused while another request is paying, and once the order is paid', async () => {
    const world = aWorld()
    world.stripe.answerNext('create', { kind: 'unknown', isReplayed: false })
    await pay(world)
    expect(await pay(world)).toMatchObject({ failure: { code: 'payment_in_progress' } })
    const paid = aWorld()
    await pay(paid)
    expect(await pay(paid)).toMatchObject({ failure: { code: 'order_already_paid' } })
  })
})

describe('a payment method that is none', () => {
  it('is refused before anything is asked, created or stored', async () => {
    const world = aWorld()
    const payableOrder = vi.spyOn(world.orders, 'payableOrder')
    const refused = await pay(world, { paymentMethod: '4242 4242 4242 4242', idempotencyKey: 'key' })
    expect(refused).toEqual({ ok: false, failure: { code: 'invalid_payment_method' } })
    expect([world.keys.rows, world.stripe.calls, payableOrder.mock.calls]).toEqual([[], [], []])
    expect(() => world.payments.only).toThrow('0 payments')
  })
})

describe('an order that cannot take the money', () => {
  it('causes a refund of a captured payment', async () => {
    const world = aWorld()
    world.orders.isSoldOut = true
    expect(await pay(world, { idempotencyKey: 'key' })).toEqual(ORDER_CANCELLED)
    await world.settled()
    expect(world.refunds.rows).toMatchObject([{ state: 'succeeded', amount: 2_500, reason: 'order_cancelled' }])
    expect(world.payments.only).toMatchObject({ refundedAmount: 2_500, reservedAmount: 0 })
    expect(world.orders.told).toEqual(['payment.captured'])
    // The events of a payment are delivered in order: the sweep reports the refund to orders.
    expect(world.events.undelivered).toEqual(['refund.succeeded'])
    expect(await pay(world, { idempotencyKey: 'key' })).toEqual(ORDER_CANCELLED)
  })

  it('has an authorization voided, and is informed of its end later', async () => {
    const world = aWorld({ captureMethod: 'manual' })
    world.orders.isSoldOut = true
    expect(await pay(world)).toEqual(ORDER_CANCELLED)
    await world.settled()
    expect(world.payments.only.state).toBe('canceled')
    expect(world.orders.told).toEqual(['payment.authorized'])
    expect(world.events.undelivered).toEqual(['payment.authorization_lost'])
  })

  it('keeps an authorization pending while Stripe does not answer the void', async () => {
    const world = aWorld({ captureMethod: 'manual' })
    world.orders.isSoldOut = true
    world.stripe.answerNext('cancel', { kind: 'unknown', isReplayed: false })
    expect(await pay(world)).toMatchObject({ ok: true, value: { state: 'requires_capture' } })
    expect(world.events.undelivered).toEqual(['payment.authorized'])
  })

  it('is not payable when its payment was canceled during the call to Stripe', async () => {
    const world = aWorld()
    world.stripe.answerNext('create', { kind: 'intent', intent: anIntent('canceled') })
    expect(await pay(world)).toEqual(ORDER_CANCELLED)
  })
})

describe('orders that does not answer', () => {
  it('leaves the event of the capture to the sweep', async () => {
    const world = aWorld()
    world.orders.receiveEvent = async () => ({ ok: false, failure: { code: 'service_unavailable' } })
    expect(await pay(world)).toMatchObject({ ok: true, value: { state: 'succeeded' } })
    expect(world.events.undelivered).toEqual(['payment.captured'])
  })

  it('refuses a new payment', async () => {
    const world = aWorld()
    world.orders.isDown = true
    expect(await pay(world)).toMatchObject({ failure: { code: 'service_unavailable' } })
  })
})
