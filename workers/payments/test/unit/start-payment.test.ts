import { describe, expect, it, vi } from 'vitest'
import { resumeAttempts } from '../../src/payments/resume-attempts.ts'
import { type StartPayment, startPayment } from '../../src/payments/start-payment.ts'
import { anIntent, anOrder, CUSTOMER, EUR, now, ORDER_ID, PAYMENT_ID, STAFF } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

type World = ReturnType<typeof aWorld>

const asCustomer = { caller: CUSTOMER, orderToken: null }

async function pay(
  { deps }: World,
  request: Partial<StartPayment> = {},
  access: Parameters<typeof startPayment>[1] = asCustomer,
) {
  return (await startPayment(deps, access, { orderId: ORDER_ID, paymentMethod: 'pm_card_visa', ...request })).result
}

const declined = (declineCode = 'insufficient_funds') =>
  ({
    kind: 'declined',
    intent: anIntent('requires_payment_method', { declineCode }),
    declineCode,
  }) as const
const UNAVAILABLE = { ok: false, failure: { code: 'payment_provider_unavailable' } }
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

describe('declines of an order', () => {
  const guest = { caller: { kind: 'anonymous' as const }, orderToken: 'token' }

  /** Tries a card that the bank declines. Each try makes a charge, unless it is to be another report of the same. */
  async function decline(world: World, charge: string, access = asCustomer as Parameters<typeof pay>[2]) {
    const { declineCode, intent } = declined()
    const answer = { kind: 'declined', declineCode, intent: { ...intent, declinedCharge: charge } } as const
    world.stripe.answerNext(world.stripe.calls.length === 0 ? 'create' : 'confirm', answer)
    return pay(world, {}, access)
  }

  const declineTimes = async (world: World, times: number) => {
    for (let count = 1; count <= times; count += 1) await decline(world, `ch_${count}`)
  }

  it('pause its payments after ten, for the customer and for the guest, and Stripe is not asked', async () => {
    const world = aWorld()
    await declineTimes(world, 9)
    expect(await decline(world, 'ch_10')).toMatchObject({ failure: { code: 'payment_declined' } })
    const charges = () => world.stripe.calls.filter((call) => /^(?:create|confirm) /.test(call))
    expect(charges()).toHaveLength(10)
    const exhausted = { ok: false, failure: { code: 'payment_attempts_exhausted', retryAfter: 60 } }
    expect(await pay(world)).toEqual(exhausted)
    expect(await pay(world, {}, guest)).toEqual(exhausted)
    expect(await pay(world, { paymentMethod: undefined })).toEqual(exhausted)
    expect(charges()).toHaveLength(10)
  })

  it('release the key of a request that the pause refuses', async () => {
    const world = aWorld()
    await declineTimes(world, 10)
    await pay(world, { idempotencyKey: 'key' })
    expect(world.keys.rows).toEqual([])
  })

  it('pause it again, for twice as long, after one more', async () => {
    const world = aWorld()
    await declineTimes(world, 10)
    world.passHours(1)
    expect(await decline(world, 'ch_11')).toMatchObject({ failure: { code: 'payment_declined' } })
    expect(await pay(world)).toMatchObject({ failure: { code: 'payment_attempts_exhausted', retryAfter: 120 } })
    world.passHours(1)
    expect(await pay(world)).toMatchObject({ ok: true, value: { state: 'succeeded' } })
  })

  it('count once for each charge, however often they are reported', async () => {
    const world = aWorld()
    for (let times = 0; times < 12; times += 1) await decline(world, 'ch_same')
    expect(await pay(world)).toMatchObject({ ok: true })
  })

  it('do not pause another order', async () => {
    const world = aWorld()
    await declineTimes(world, 10)
    world.orders.order = anOrder({ orderId: 'order_01jd4k2v9rf0fv8z3x1m5q7w2f' })
    expect(await pay(world, { orderId: world.orders.order.orderId })).toMatchObject({ ok: true })
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

describe('an idempotency key', () => {
  const withKey = { idempotencyKey: 'key' }
  const answer = (world: World, request: Partial<StartPayment> = withKey) =>
    startPayment(world.deps, asCustomer, { orderId: ORDER_ID, paymentMethod: 'pm_card_visa', ...request })

  it('repeats the first answer, and charges once', async () => {
    const world = aWorld()
    const first = await answer(world)
    expect(await answer(world)).toEqual({ ...first, replayed: true })
    expect(world.stripe.calls).toHaveLength(1)
  })

  it('repeats a decline, although another key may pay', async () => {
    const world = aWorld()
    world.stripe.answerNext('create', declined())
    const first = await answer(world)
    await answer(world, { idempotencyKey: 'other' })
    expect(await answer(world)).toEqual({ ...first, replayed: true })
  })

  it('repeats the payment that the first answer showed', async () => {
    const world = aWorld()
    await pay(world, { paymentMethod: undefined })
    const shown = { paymentMethod: undefined, ...withKey }
    const first = await answer(world, shown)
    expect(first.result).toMatchObject({ ok: true, value: { state: 'requires_payment_method' } })
    expect(await answer(world, shown)).toEqual({ ...first, replayed: true })
  })

  it('is refused with another request', async () => {
    const world = aWorld()
    await answer(world)
    expect(await answer(world, { ...withKey, amount: 25 })).toMatchObject({
      result: { failure: { code: 'idempotency_key_reused' } },
    })
  })

  it('is in flight while Stripe’s answer is unknown', async () => {
    const world = aWorld()
    world.stripe.answerNext('create', { kind: 'unknown', isReplayed: false })
    await answer(world)
    expect(await answer(world)).toMatchObject({ result: { failure: { code: 'idempotency_in_flight' } } })
  })

  it('is released after a refusal, so that a retry runs again', async () => {
    const world = aWorld()
    world.stripe.answerNext('create', { kind: 'refused', reason: 'invalid_payment_method' })
    expect((await answer(world)).result.ok).toBe(false)
    expect(await answer(world)).toMatchObject({ result: { ok: true }, replayed: false })
  })

  it('is released when the request throws before it reached Stripe', async () => {
    const world = aWorld()
    world.orders.payableOrder = async () => {
      throw new Error('lost')
    }
    await expect(answer(world)).rejects.toThrow('lost')
    expect(world.keys.rows).toEqual([])
  })

  it('of a guest is scoped to their order’s token', async () => {
    const world = aWorld()
    world.orders.order = anOrder({ userId: null })
    const guest = (orderToken: string) => ({ caller: { kind: 'anonymous' as const }, orderToken })
    await pay(world, withKey, guest('token'))
    expect(world.keys.rows[0]?.scope).toMatch(/^guest:[0-9a-f]{64}:startPayment$/)
    world.orders.orderToken = 'another'
    await pay(world, withKey, guest('another'))
    expect(world.keys.rows).toHaveLength(1)
  })
})

describe('saved cards', () => {
  it('belong to a customer at Stripe, who is created once', async () => {
    const world = aWorld()
    expect(await pay(world, { savePaymentMethod: true })).toMatchObject({ value: { savesMethod: true } })
    expect(world.customers.get('user_1')).toBe('cus_new')
    expect(world.stripe.calls).toEqual(['createCustomer customer:user_1', `create ${PAYMENT_ID}:1`])
  })

  it.each([
    [{ kind: 'anonymous' as const }, 'token', 'authentication_required'],
    [STAFF, null, 'forbidden'],
  ])('cannot be saved by %j for the owner of the order', async (caller, orderToken, code) => {
    const world = aWorld()
    const refused = await pay(world, { savePaymentMethod: true }, { caller, orderToken })
    expect(refused).toEqual({ ok: false, failure: { code } })
  })

  it('of a customer cannot be used by staff, who pay with a card that is not saved', async () => {
    const world = aWorld()
    world.stripe.savedBy.set('pm_saved', 'cus_1')
    const asStaff = { caller: STAFF, orderToken: null }
    const refused = await pay(world, { paymentMethod: 'pm_saved' }, asStaff)
    expect(refused).toEqual({ ok: false, failure: { code: 'invalid_payment_method' } })
    expect(await pay(world, { paymentMethod: 'pm_fresh' }, asStaff)).toMatchObject({ ok: true })
  })

  it('of a customer cannot be used by staff on a payment that the customer has begun', async () => {
    const world = aWorld()
    world.stripe.savedBy.set('pm_saved', 'cus_1')
    await pay(world, { paymentMethod: undefined })
    const refused = await pay(world, { paymentMethod: 'pm_saved' }, { caller: STAFF, orderToken: null })
    expect(refused).toEqual({ ok: false, failure: { code: 'invalid_payment_method' } })
    expect(world.payments.only).toMatchObject({ attempt: 1, state: 'requires_payment_method' })
    expect(world.stripe.calls.filter((call) => call.startsWith('confirm'))).toEqual([])
  })

  it('are looked up before anything is written: without Stripe’s answer nothing is charged', async () => {
    const world = aWorld()
    world.stripe.isDown = true
    expect(await pay(world, { savePaymentMethod: true })).toEqual(UNAVAILABLE)
    expect(await pay(world, {}, { caller: STAFF, orderToken: null })).toEqual(UNAVAILABLE)
    expect(() => world.payments.only).toThrow('0 payments')
  })
})

describe('a payment that is continued', () => {
  it('sets its customer first, so that their saved cards can pay', async () => {
    const world = aWorld()
    await pay(world, { paymentMethod: undefined })
    world.payments.add({ ...world.payments.only, customerId: 'cus_1' })
    await pay(world)
    expect(world.stripe.calls.slice(1)).toEqual([`setCustomer ${PAYMENT_ID}:2:customer`, `confirm ${PAYMENT_ID}:2`])
    expect(world.payments.only.state).toBe('succeeded')
  })

  it('is not confirmed when it has succeeded meanwhile', async () => {
    const world = aWorld()
    await pay(world, { paymentMethod: undefined })
    world.payments.add({ ...world.payments.only, customerId: 'cus_1' })
    world.stripe.answerNext('setCustomer', { kind: 'intent', intent: anIntent('succeeded') })
    expect(await pay(world)).toMatchObject({ ok: true, value: { state: 'succeeded' } })
    expect(world.stripe.calls.filter((call) => call.startsWith('confirm'))).toEqual([])
  })

  it('is in progress for the request that loses the claim', async () => {
    const world = aWorld()
    await pay(world, { paymentMethod: undefined })
    world.deps.payments.claimAttempt = async () => undefined
    expect(await pay(world)).toMatchObject({ failure: { code: 'payment_in_progress' } })
  })

  it('keeps the time when it was created', async () => {
    const world = aWorld()
    await pay(world)
    expect(world.payments.only.createdAt).toEqual(now)
  })
})
