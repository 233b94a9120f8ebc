import { describe, expect, it } from 'vitest'
import { CARD_ONLY, receiver, refusal, startEmulator, until } from './support.ts'

const payment = {
  amount: 10_000,
  currency: 'usd',
  capture_method: 'manual',
  confirm: true,
  payment_method: 'pm_card_visa',
  payment_method_options: { card: { request_multicapture: 'if_available' } },
  ...CARD_ONLY,
} as const

const DAY_MS = 24 * 3600 * 1000
const part = (amount: number) => ({ amount_to_capture: amount, final_capture: false })

describe('a payment that requests multicapture', () => {
  it('requires capture until the final one, and receives each part', async () => {
    const endpoint = await receiver()
    const { stripe } = await startEmulator({ webhook: endpoint.target })
    const { id, latest_charge } = await stripe.paymentIntents.create({ ...payment, expand: ['latest_charge'] })
    expect(latest_charge).toMatchObject({ payment_method_details: { card: { multicapture: { status: 'available' } } } })
    const first = await stripe.paymentIntents.capture(id, { ...part(3_000), expand: ['latest_charge'] })
    expect(first).toMatchObject({
      status: 'requires_capture',
      amount_capturable: 7_000,
      amount_received: 3_000,
      latest_charge: { captured: false, amount_captured: 3_000, amount_refunded: 0 },
    })
    expect((await stripe.balance.retrieve()).available).toMatchObject([{ amount: 3_000 }])
    await stripe.paymentIntents.capture(id, part(2_000))
    const last = await stripe.paymentIntents.capture(id, { amount_to_capture: 4_000, expand: ['latest_charge'] })
    expect(last).toMatchObject({
      status: 'succeeded',
      amount_capturable: 0,
      amount_received: 9_000,
      latest_charge: { captured: true, amount_captured: 9_000, amount_refunded: 1_000 },
    })
    expect((await stripe.balance.retrieve()).available).toMatchObject([{ amount: 9_000 }])
    await until(() => endpoint.of('payment_intent.succeeded').length === 1, 'the success')
    await until(() => endpoint.of('payment_intent.amount_capturable_updated').length === 3, 'the updates')
    const amounts = endpoint.of('payment_intent.amount_capturable_updated').map(({ event }) => event.data.object)
    expect(amounts).toMatchObject([
      { amount_capturable: 10_000 },
      { amount_received: 3_000 },
      { amount_received: 5_000 },
    ])
    const updates = endpoint.of('charge.updated').map(({ event }) => event.data.previous_attributes)
    expect(updates).toMatchObject([{ amount_captured: 0, balance_transaction: null }, { amount_captured: 3_000 }])
    expect(endpoint.of('charge.captured')).toHaveLength(1)
  })

  it('never captures more than it can, and nothing only to release what is left', async () => {
    const { stripe } = await startEmulator()
    const { id } = await stripe.paymentIntents.create(payment)
    const release = { amount_to_capture: 0, final_capture: true }
    expect((await refusal(stripe.paymentIntents.capture(id, release))).param).toBe('amount_to_capture')
    await stripe.paymentIntents.capture(id, part(6_000))
    expect((await refusal(stripe.paymentIntents.capture(id, part(4_001)))).code).toBe('amount_too_large')
    expect((await refusal(stripe.paymentIntents.capture(id, part(0)))).param).toBe('amount_to_capture')
    expect(await stripe.paymentIntents.capture(id, release)).toMatchObject({
      status: 'succeeded',
      amount_capturable: 0,
      amount_received: 6_000,
    })
  })

  it('repeats a part for its idempotency key, and captures it once', async () => {
    const { stripe } = await startEmulator()
    const { id } = await stripe.paymentIntents.create(payment)
    for (const _ of [1, 2]) await stripe.paymentIntents.capture(id, part(3_000), { idempotencyKey: 'first' })
    expect((await stripe.paymentIntents.retrieve(id)).amount_received).toBe(3_000)
  })

  it('refunds what was captured so far', async () => {
    const { stripe } = await startEmulator()
    const { id } = await stripe.paymentIntents.create(payment)
    await stripe.paymentIntents.capture(id, part(3_000))
    expect((await refusal(stripe.refunds.create({ payment_intent: id, amount: 3_001 }))).param).toBe('amount')
    await stripe.refunds.create({ payment_intent: id, amount: 1_000 })
    expect((await stripe.balance.retrieve()).available).toMatchObject([{ amount: 2_000 }])
    await stripe.paymentIntents.capture(id)
    expect((await stripe.balance.retrieve()).available).toMatchObject([{ amount: 9_000 }])
  })

  it.each([
    ['is not available for', { payment_method: 'pm_card_jcb' }],
    ['was not requested for', { payment_method_options: { card: { request_multicapture: 'never' } } }],
  ] as const)('is captured once if it %s the card', async (_, over) => {
    const { stripe } = await startEmulator()
    const authorized = await stripe.paymentIntents.create({ ...payment, ...over, expand: ['latest_charge'] })
    expect(authorized.latest_charge).toMatchObject({
      payment_method_details: { card: { multicapture: { status: 'unavailable' } } },
    })
    expect((await refusal(stripe.paymentIntents.capture(authorized.id, part(1)))).param).toBe('final_capture')
    expect((await stripe.paymentIntents.capture(authorized.id)).amount_received).toBe(10_000)
  })
})

describe('a payment that was captured in part', () => {
  it('succeeds with that part when its authorization expires', async () => {
    const endpoint = await receiver()
    const { stripe, server } = await startEmulator({ webhook: endpoint.target })
    const { id } = await stripe.paymentIntents.create(payment)
    await stripe.paymentIntents.capture(id, part(3_000))
    server.advanceClock(8 * DAY_MS)
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
      status: 'succeeded',
      amount_capturable: 0,
      amount_received: 3_000,
    })
    expect(server.charges()).toMatchObject([{ captured: true, amount_captured: 3_000, amount_refunded: 7_000 }])
    await until(() => endpoint.of('payment_intent.succeeded').length === 1, 'the success')
  })

  it('keeps that part when it is canceled', async () => {
    const { stripe } = await startEmulator()
    const { id } = await stripe.paymentIntents.create(payment)
    await stripe.paymentIntents.capture(id, part(3_000))
    expect(await stripe.paymentIntents.cancel(id)).toMatchObject({
      status: 'canceled',
      amount_capturable: 0,
      amount_received: 3_000,
    })
    expect((await stripe.balance.retrieve()).available).toMatchObject([{ amount: 3_000 }])
  })
})
