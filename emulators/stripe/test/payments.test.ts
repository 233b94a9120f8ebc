import { describe, expect, it } from 'vitest'
import { CARD_ONLY, intentIn, refusal, startEmulator } from './support.ts'

const payment = { amount: 129_999, currency: 'usd', ...CARD_ONLY }

describe('a payment', () => {
  it('is created without a card, then confirmed with one', async () => {
    const { stripe } = await startEmulator()
    const created = await stripe.paymentIntents.create({ ...payment, metadata: { order_id: 'order_1' } })
    expect(created).toMatchObject({
      object: 'payment_intent',
      status: 'requires_payment_method',
      amount: 129_999,
      amount_received: 0,
      currency: 'usd',
      metadata: { order_id: 'order_1' },
      latest_charge: null,
      livemode: false,
    })
    expect(created.client_secret).toMatch(new RegExp(`^${created.id}_secret_`))

    const paid = await stripe.paymentIntents.confirm(created.id, { payment_method: 'pm_card_visa' })
    expect(paid).toMatchObject({
      id: created.id,
      status: 'succeeded',
      amount_received: 129_999,
      last_payment_error: null,
    })
    expect(await stripe.paymentIntents.retrieve(created.id)).toEqual(paid)

    const charge = await stripe.charges.retrieve(String(paid.latest_charge))
    expect(charge).toMatchObject({ paid: true, captured: true, amount: 129_999, payment_intent: paid.id })
    expect(charge.payment_method_details?.card).toMatchObject({ brand: 'visa', last4: '4242' })
  })

  it.each([
    ['pm_card_visa', 'visa', '4242'],
    ['pm_card_mastercard', 'mastercard', '4444'],
    ['pm_card_visa_debit', 'visa', '5556'],
    ['pm_card_amex', 'amex', '8431'],
  ])('succeeds with %s in one call', async (payment_method, brand, last4) => {
    const { stripe } = await startEmulator()
    const paid = await stripe.paymentIntents.create({
      ...payment,
      confirm: true,
      payment_method,
      expand: ['latest_charge', 'payment_method'],
    })
    expect(paid.status).toBe('succeeded')
    expect(paid.latest_charge).toMatchObject({ object: 'charge', payment_method_details: { card: { brand, last4 } } })
    expect(paid.payment_method).toMatchObject({ object: 'payment_method', card: { brand, last4 } })
  })

  it.each([
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', undefined],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', undefined],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', undefined],
  ])('is declined with %s and stays payable', async (payment_method, code, declineCode) => {
    const { stripe, server } = await startEmulator()
    const { id } = await stripe.paymentIntents.create(payment)
    const error = await refusal(stripe.paymentIntents.confirm(id, { payment_method }))
    expect(error).toMatchObject({ type: 'StripeCardError', statusCode: 402, code, rawType: 'card_error' })
    // The SDK sets an empty string when no decline code was sent.
    expect(error.decline_code).toBe(declineCode ?? '')
    expect(intentIn(error)).toMatchObject({ id, status: 'requires_payment_method', payment_method: null })

    const declined = await stripe.paymentIntents.retrieve(id)
    expect(declined.last_payment_error).toMatchObject({ type: 'card_error', code, message: error.message })
    expect(server.charges()).toMatchObject([{ status: 'failed', paid: false, failure_code: code, payment_intent: id }])

    const paid = await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_mastercard' })
    expect(paid).toMatchObject({ status: 'succeeded', last_payment_error: null })
    expect(server.charges().map(({ status }) => status)).toEqual(['failed', 'succeeded'])
  })

  it('exists after a decline at creation', async () => {
    const { stripe } = await startEmulator()
    const error = await refusal(
      stripe.paymentIntents.create({ ...payment, confirm: true, payment_method: 'pm_card_visa_chargeDeclined' }),
    )
    const { id } = intentIn(error)
    expect((await stripe.paymentIntents.retrieve(id)).status).toBe('requires_payment_method')
  })

  it('requires confirmation when created with a card', async () => {
    const { stripe } = await startEmulator()
    const waiting = await stripe.paymentIntents.create({ ...payment, payment_method: 'pm_card_visa' })
    expect(waiting.status).toBe('requires_confirmation')
    expect((await stripe.paymentIntents.confirm(waiting.id)).status).toBe('succeeded')
  })

  it.each(['pm_card_authenticationRequired', 'pm_card_threeDSecure2Required'])(
    'requires authentication with %s',
    async (payment_method) => {
      const { stripe } = await startEmulator()
      const waiting = await stripe.paymentIntents.create({
        ...payment,
        confirm: true,
        payment_method,
        return_url: 'https://merchant.example/paid',
      })
      expect(waiting).toMatchObject({ status: 'requires_action', latest_charge: null, amount_received: 0 })
      expect(waiting.next_action).toMatchObject({
        type: 'redirect_to_url',
        redirect_to_url: { return_url: 'https://merchant.example/paid' },
      })
    },
  )

  it('that requires authentication is declined off session', async () => {
    const { stripe } = await startEmulator()
    const error = await refusal(
      stripe.paymentIntents.create({
        ...payment,
        confirm: true,
        off_session: true,
        payment_method: 'pm_card_authenticationRequired',
      }),
    )
    expect(error).toMatchObject({ code: 'authentication_required', decline_code: 'authentication_required' })
  })

  it.each(['succeed', 'fail'] as const)('by bank debit is processing until it settles: %s', async (outcome) => {
    const { stripe, server } = await startEmulator()
    const { id, status } = await stripe.paymentIntents.create({
      ...payment,
      confirm: true,
      payment_method: 'pm_usBankAccount',
    })
    expect(status).toBe('processing')
    expect(await refusal(stripe.paymentIntents.cancel(id))).toMatchObject({ code: 'payment_intent_unexpected_state' })
    server.settle(id, outcome)
    const settled = await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] })
    expect(settled).toMatchObject(
      outcome === 'succeed'
        ? { status: 'succeeded', amount_received: 129_999, latest_charge: { status: 'succeeded' } }
        : { status: 'requires_payment_method', amount_received: 0, latest_charge: { status: 'failed' } },
    )
    expect(() => server.settle(id, outcome)).toThrow('Only a processing PaymentIntent')
  })

  it('cannot be confirmed or canceled after a cancellation', async () => {
    const { stripe } = await startEmulator()
    const { id } = await stripe.paymentIntents.create(payment)
    const canceled = await stripe.paymentIntents.cancel(id, { cancellation_reason: 'abandoned' })
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' })
    expect(canceled.canceled_at).toBeTypeOf('number')

    for (const again of [
      () => stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' }),
      () => stripe.paymentIntents.cancel(id),
    ]) {
      const error = await refusal(again())
      expect(error).toMatchObject({ statusCode: 400, code: 'payment_intent_unexpected_state' })
      expect(intentIn(error)).toEqual(JSON.parse(JSON.stringify(canceled)))
    }
  })

  it('cannot be canceled or confirmed after it succeeded; the error contains it', async () => {
    const { stripe, server } = await startEmulator()
    const { id } = await stripe.paymentIntents.create({ ...payment, confirm: true, payment_method: 'pm_card_visa' })
    for (const late of [() => stripe.paymentIntents.cancel(id), () => stripe.paymentIntents.confirm(id)]) {
      const error = await refusal(late())
      expect(error.code).toBe('payment_intent_unexpected_state')
      expect(intentIn(error)).toMatchObject({ id, status: 'succeeded' })
    }
    expect(server.charges()).toHaveLength(1)
  })

  it('changes its description, and metadata by key', async () => {
    const { stripe } = await startEmulator()
    const { id } = await stripe.paymentIntents.create({
      ...payment,
      metadata: { order_id: 'order_1', note: 'a & b = ü' },
    })
    const changed = await stripe.paymentIntents.update(id, {
      metadata: { note: '', vip: 'yes' },
      description: 'Two mugs',
    })
    expect(changed).toMatchObject({ description: 'Two mugs', metadata: { order_id: 'order_1', vip: 'yes' } })
    expect(changed.metadata).not.toHaveProperty('note')
    expect((await stripe.paymentIntents.update(id, { metadata: '' })).metadata).toEqual({})
  })

  it('requires a return_url at confirmation by a server, unless redirects are disallowed', async () => {
    const { stripe } = await startEmulator()
    const { id } = await stripe.paymentIntents.create({ amount: 500, currency: 'usd' })
    const error = await refusal(stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' }))
    expect(error.message).toContain('you must provide a `return_url`')
    const paid = await stripe.paymentIntents.confirm(id, {
      payment_method: 'pm_card_visa',
      return_url: 'https://merchant.example/paid',
    })
    expect(paid.status).toBe('succeeded')
  })
})
