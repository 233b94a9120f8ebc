import { describe, expect, it } from 'vitest'
import { CARD_ONLY, intentIn, receiver, refusal, startEmulator, until } from './support.ts'

const payment = {
  amount: 10_000,
  currency: 'usd',
  capture_method: 'manual',
  confirm: true,
  payment_method: 'pm_card_visa',
  ...CARD_ONLY,
} as const

const DAY_MS = 24 * 3600 * 1000

describe('a payment with manual capture', () => {
  it('is authorized until it is captured', async () => {
    const endpoint = await receiver()
    const { stripe } = await startEmulator({ webhook: endpoint.target })
    const authorized = await stripe.paymentIntents.create({ ...payment, expand: ['latest_charge'] })
    expect(authorized).toMatchObject({
      status: 'requires_capture',
      capture_method: 'manual',
      amount_capturable: 10_000,
      amount_received: 0,
      latest_charge: {
        status: 'succeeded',
        paid: true,
        captured: false,
        amount_captured: 0,
        balance_transaction: null,
      },
    })
    expect((await stripe.balance.retrieve()).available).toMatchObject([{ amount: 0 }])

    const captured = await stripe.paymentIntents.capture(authorized.id, {
      metadata: { parcel: '1' },
      expand: ['latest_charge'],
    })
    expect(captured).toMatchObject({
      status: 'succeeded',
      amount_capturable: 0,
      amount_received: 10_000,
      metadata: { parcel: '1' },
      latest_charge: { captured: true, amount_captured: 10_000, amount_refunded: 0, refunded: false },
    })
    expect((await stripe.balance.retrieve()).available).toMatchObject([{ amount: 10_000 }])
    await until(() => endpoint.received.length === 5, 'five webhooks')
    expect(endpoint.types().sort()).toEqual([
      'charge.captured',
      'charge.succeeded',
      'payment_intent.amount_capturable_updated',
      'payment_intent.created',
      'payment_intent.succeeded',
    ])
    const [updated] = endpoint.of('payment_intent.amount_capturable_updated')
    expect(updated?.event.data.object).toMatchObject({ id: authorized.id, amount_capturable: 10_000 })
  })

  it('releases the rest after a partial capture, as a refund without a balance transaction', async () => {
    const { stripe, server } = await startEmulator()
    const { id } = await stripe.paymentIntents.create(payment)
    const captured = await stripe.paymentIntents.capture(id, { amount_to_capture: 7500, expand: ['latest_charge'] })
    expect(captured).toMatchObject({
      status: 'succeeded',
      amount: 10_000,
      amount_received: 7500,
      latest_charge: { captured: true, amount: 10_000, amount_captured: 7500, amount_refunded: 2500, refunded: false },
    })
    const { data } = await stripe.refunds.list({ payment_intent: id })
    expect(data).toMatchObject([{ amount: 2500, status: 'succeeded', balance_transaction: null }])
    expect((await stripe.balance.retrieve()).available).toMatchObject([{ amount: 7500 }])

    const tooMuch = await refusal(stripe.refunds.create({ payment_intent: id, amount: 7501 }))
    expect(tooMuch.message).toBe('Refund amount ($75.01) is greater than unrefunded amount on charge ($75.00)')
    await stripe.refunds.create({ payment_intent: id, amount: 7500 })
    expect(server.charges()).toMatchObject([{ amount_refunded: 10_000, refunded: true }])
    expect((await stripe.balance.retrieve()).available).toMatchObject([{ amount: 0 }])
  })

  it('is captured once, and only while it is authorized', async () => {
    const { stripe, server } = await startEmulator()
    const { id } = await stripe.paymentIntents.create(payment)
    const beyond = await refusal(stripe.paymentIntents.capture(id, { amount_to_capture: 10_001 }))
    expect(beyond).toMatchObject({ statusCode: 400, code: 'amount_too_large', param: 'amount_to_capture' })
    expect((await refusal(stripe.paymentIntents.capture(id, { amount_to_capture: 0 }))).param).toBe('amount_to_capture')

    const tries = Array.from({ length: 5 }, () => stripe.paymentIntents.capture(id, { amount_to_capture: 4000 }))
    const settled = await Promise.allSettled(tries)
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(server.charges()).toMatchObject([{ amount_captured: 4000 }])
    const twice = await refusal(stripe.paymentIntents.capture(id))
    expect(twice).toMatchObject({ statusCode: 400, code: 'payment_intent_unexpected_state' })
    expect(twice.message).toBe('This PaymentIntent could not be captured because it has already been captured.')
    expect(intentIn(twice)).toMatchObject({ id, amount_received: 4000 })

    const open = await stripe.paymentIntents.create({ amount: 500, currency: 'usd', capture_method: 'manual' })
    const early = await refusal(stripe.paymentIntents.capture(open.id))
    expect(early.message).toContain('it has a status of requires_payment_method. Only a PaymentIntent with')
  })

  it('cannot be confirmed again or refunded while it is authorized', async () => {
    const { stripe } = await startEmulator()
    const { id, latest_charge } = await stripe.paymentIntents.create(payment)
    expect((await refusal(stripe.paymentIntents.confirm(id))).code).toBe('payment_intent_unexpected_state')
    const byIntent = await refusal(stripe.refunds.create({ payment_intent: id }))
    expect(byIntent.message).toContain('does not have a successful charge to refund')
    const byCharge = await refusal(stripe.refunds.create({ charge: String(latest_charge) }))
    expect(byCharge.code).toBe('charge_not_refundable')
  })

  it('releases the whole amount when canceled', async () => {
    const endpoint = await receiver()
    const { stripe, server } = await startEmulator({ webhook: endpoint.target })
    const { id } = await stripe.paymentIntents.create(payment)
    const canceled = await stripe.paymentIntents.cancel(id, { cancellation_reason: 'requested_by_customer' })
    expect(canceled).toMatchObject({ status: 'canceled', amount_capturable: 0, amount_received: 0 })
    expect(server.charges()).toMatchObject([{ captured: false, refunded: true, amount_refunded: 10_000 }])
    expect((await refusal(stripe.paymentIntents.capture(id))).message).toContain('it has a status of canceled')
    expect((await stripe.balance.retrieve()).available).toMatchObject([{ amount: 0 }])
    await until(() => endpoint.of('payment_intent.canceled').length === 1, 'the cancellation')
    await until(() => endpoint.of('charge.refunded').length === 1, 'the release')
  })

  it('is canceled automatically after seven days without a capture', async () => {
    const endpoint = await receiver()
    const { stripe, server } = await startEmulator({ webhook: endpoint.target })
    const { id } = await stripe.paymentIntents.create(payment)
    const captured = await stripe.paymentIntents.create(payment)
    await stripe.paymentIntents.capture(captured.id)
    const [charge] = server.charges()
    const before = Number(charge?.payment_method_details?.card?.capture_before)
    expect(before - Number(charge?.created)).toBe(7 * 24 * 3600)

    server.advanceClock(7 * DAY_MS - 60_000)
    expect((await stripe.paymentIntents.retrieve(id)).status).toBe('requires_capture')
    server.advanceClock(60_000)
    const expired = await stripe.paymentIntents.retrieve(id)
    expect(expired).toMatchObject({ status: 'canceled', cancellation_reason: 'automatic', amount_capturable: 0 })
    expect((await stripe.paymentIntents.retrieve(captured.id)).status).toBe('succeeded')
    expect(server.charges()[0]).toMatchObject({ captured: false, refunded: true })
    await until(() => endpoint.of('charge.expired').length === 1, 'the expiry')
    await until(() => endpoint.of('payment_intent.canceled').length === 1, 'the cancellation')
  })

  it('can be chosen at confirmation, but not for bank debits', async () => {
    const { stripe } = await startEmulator()
    const { id } = await stripe.paymentIntents.create({ amount: 500, currency: 'usd', ...CARD_ONLY })
    const params = { payment_method: 'pm_card_visa', capture_method: 'manual' } as const
    const authorized = await stripe.paymentIntents.confirm(id, params)
    expect(authorized).toMatchObject({ status: 'requires_capture', capture_method: 'manual' })
    const byBank = await refusal(stripe.paymentIntents.create({ ...payment, payment_method: 'pm_usBankAccount' }))
    expect(byBank.code).toBe('payment_intent_incompatible_payment_method')
    const open = await stripe.paymentIntents.create({ amount: 500, currency: 'usd', ...CARD_ONLY })
    const late = stripe.paymentIntents.confirm(open.id, { ...params, payment_method: 'pm_usBankAccount' })
    expect((await refusal(late)).code).toBe('payment_intent_incompatible_payment_method')
  })
})
