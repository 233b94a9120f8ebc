import { describe, expect, it } from 'vitest'
import { type StartPayment, startPayment } from '../../src/payments/start-payment.ts'
import { anIntent, anOrder, now, ORDER_ID, PAYMENT_ID } from '../support/builders.ts'
import { asCustomer, declined, pay, type World } from '../support/pay.ts'
import { aWorld } from '../support/world.ts'

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
