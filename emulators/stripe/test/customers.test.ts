import { describe, expect, it } from 'vitest'
import { CARD_ONLY, intentIn, receiver, refusal, startEmulator, until } from './support.ts'

const payment = { amount: 2500, currency: 'usd', ...CARD_ONLY } as const

it('the same card has the same fingerprint in every payment method, and another card another one', async () => {
  const { stripe } = await startEmulator()
  const fingerprintOf = async (name: string) => {
    const { id } = await stripe.customers.create({})
    return (await stripe.paymentMethods.attach(name, { customer: id })).card?.fingerprint
  }
  const [first, again, other] = [
    await fingerprintOf('pm_card_visa'),
    await fingerprintOf('pm_card_visa'),
    await fingerprintOf('pm_card_mastercard'),
  ]
  expect(first).toMatch(/^[A-Za-z0-9]{16}$/)
  expect([again === first, other === first]).toEqual([true, false])
})

it('the largest charge in rupiah has twelve digits', async () => {
  const { stripe } = await startEmulator()
  expect(await stripe.paymentIntents.create({ ...payment, amount: 999_999_999_999, currency: 'idr' })).toMatchObject({
    amount: 999_999_999_999,
  })
})

describe('a customer', () => {
  it('is created, changed, found by e-mail and deleted permanently', async () => {
    const endpoint = await receiver()
    const { stripe } = await startEmulator({ webhook: endpoint.target })
    const created = await stripe.customers.create({
      email: 'ada@example.com',
      name: 'Ada',
      metadata: { user_id: 'user_1' },
      address: { line1: '1 Road', city: 'London', country: 'GB' },
    })
    expect(created).toMatchObject({ object: 'customer', email: 'ada@example.com', address: { city: 'London' } })
    await stripe.customers.create({ email: 'bob@example.com' })
    const changed = await stripe.customers.update(created.id, { phone: '+44', name: '', metadata: { vip: 'yes' } })
    expect(changed).toMatchObject({ phone: '+44', name: null, metadata: { user_id: 'user_1', vip: 'yes' } })
    expect((await stripe.customers.list({ email: 'ada@example.com' })).data).toMatchObject([{ id: created.id }])
    expect((await stripe.customers.list()).data).toHaveLength(2)

    await stripe.paymentMethods.attach('pm_card_visa', { customer: created.id })
    expect(await stripe.customers.del(created.id)).toMatchObject({ id: created.id, deleted: true })
    expect(await stripe.customers.retrieve(created.id)).toMatchObject({ id: created.id, deleted: true })
    expect((await stripe.customers.list()).data).toHaveLength(1)
    const late = await refusal(stripe.customers.update(created.id, { name: 'Eve' }))
    expect(late).toMatchObject({ statusCode: 404, code: 'resource_missing' })
    const noPayment = await refusal(stripe.paymentIntents.create({ ...payment, customer: created.id }))
    expect(noPayment).toMatchObject({ code: 'resource_missing', param: 'customer' })
    await until(() => endpoint.of('customer.deleted').length === 1, 'the deletion')
    expect(endpoint.of('payment_method.detached')).toHaveLength(1)
  })

  it('has payment methods attached, listed and detached', async () => {
    const { stripe } = await startEmulator()
    const { id: customer } = await stripe.customers.create({ payment_method: 'pm_card_visa' })
    const saved = await stripe.paymentMethods.attach('pm_card_mastercard', { customer })
    expect(saved).toMatchObject({ customer, card: { brand: 'mastercard' } })
    expect(await stripe.paymentMethods.attach(saved.id, { customer })).toMatchObject({ id: saved.id })
    const brands = async () => (await stripe.customers.listPaymentMethods(customer)).data.map(({ card }) => card?.brand)
    expect(await brands()).toEqual(['mastercard', 'visa'])
    const { data } = await stripe.paymentMethods.list({ customer, type: 'card', expand: ['data.customer'] })
    expect(data).toMatchObject([{ customer: { id: customer } }, {}])
    expect((await stripe.paymentMethods.list({ customer, type: 'us_bank_account' })).data).toEqual([])

    const { id: other } = await stripe.customers.create()
    expect((await refusal(stripe.paymentMethods.attach(saved.id, { customer: other }))).message).toContain('already')
    expect(await stripe.paymentMethods.detach(saved.id)).toMatchObject({ customer: null })
    expect(await brands()).toEqual(['visa'])
    expect((await refusal(stripe.paymentMethods.detach(saved.id))).message).toContain('not attached')
    const declined = await refusal(stripe.paymentMethods.attach('pm_card_chargeDeclined', { customer }))
    expect(declined).toMatchObject({ statusCode: 402, code: 'card_declined' })
    const uncreated = stripe.customers.create({ payment_method: 'pm_card_chargeDeclined' })
    expect((await refusal(uncreated)).statusCode).toBe(402)
    expect((await stripe.customers.list()).data).toHaveLength(2)
    const marked = await stripe.customers.update(customer, {
      invoice_settings: { default_payment_method: 'pm_card_amex' },
    })
    expect(marked.invoice_settings.default_payment_method).toMatch(/^pm_/)
    expect(await brands()).toEqual(['amex', 'visa'])
  })
})

describe('a payment by a customer', () => {
  it('saves the card for future usage, and pays with it off session', async () => {
    const endpoint = await receiver()
    const { stripe, server } = await startEmulator({ webhook: endpoint.target })
    const { id: customer } = await stripe.customers.create({ email: 'ada@example.com' })
    const first = await stripe.paymentIntents.create({
      ...payment,
      customer,
      setup_future_usage: 'off_session',
      payment_method: 'pm_card_visa',
      confirm: true,
      expand: ['customer'],
    })
    expect(first).toMatchObject({
      status: 'succeeded',
      setup_future_usage: 'off_session',
      customer: { email: 'ada@example.com' },
    })
    const [saved] = (await stripe.paymentMethods.list({ customer })).data
    expect(saved?.id).toBe(first.payment_method)
    await until(() => endpoint.of('payment_method.attached').length === 1, 'the webhook')

    const payment_method = String(saved?.id)
    const later = await stripe.paymentIntents.create({
      ...payment,
      customer,
      payment_method,
      off_session: true,
      confirm: true,
    })
    expect(later).toMatchObject({ status: 'succeeded', customer, payment_method })
    expect(server.charges().map((charge) => charge.customer)).toEqual([customer, customer])
    expect((await stripe.charges.list({ customer })).data).toHaveLength(2)
    expect((await stripe.paymentIntents.list({ customer: 'cus_other' })).data).toEqual([])
    expect((await stripe.refunds.create({ payment_intent: later.id })).customer).toBe(customer)
  })

  it('does not save a declined card, or a card without future usage', async () => {
    const { stripe } = await startEmulator()
    const { id: customer } = await stripe.customers.create()
    await stripe.paymentIntents.create({ ...payment, customer, payment_method: 'pm_card_visa', confirm: true })
    const { id } = await stripe.paymentIntents.create({ ...payment, customer })
    const params = { payment_method: 'pm_card_chargeDeclined', setup_future_usage: 'off_session' } as const
    await refusal(stripe.paymentIntents.confirm(id, params))
    expect((await stripe.paymentMethods.list({ customer })).data).toEqual([])
  })

  it("cannot be made with another customer's card", async () => {
    const { stripe, server } = await startEmulator()
    const { id: ada } = await stripe.customers.create()
    const { id: bob } = await stripe.customers.create()
    const { id: payment_method } = await stripe.paymentMethods.attach('pm_card_visa', { customer: ada })
    for (const customer of [{ customer: bob }, {}]) {
      const pay = stripe.paymentIntents.create({ ...payment, ...customer, payment_method, confirm: true })
      expect(await refusal(pay)).toMatchObject({ statusCode: 400, param: 'payment_method' })
    }
    const { id } = await stripe.paymentIntents.create(payment)
    expect((await refusal(stripe.paymentIntents.confirm(id, { payment_method }))).message).toContain('belongs to')
    expect((await refusal(stripe.paymentIntents.update(id, { payment_method }))).message).toContain('belongs to')
    expect(server.charges()).toEqual([])
    await stripe.paymentIntents.update(id, { customer: ada, payment_method })
    expect((await stripe.paymentIntents.confirm(id)).status).toBe('succeeded')
  })

  it('is declined off session when the card requires authentication, and the customer can complete it', async () => {
    const { stripe, server } = await startEmulator()
    const { id: customer } = await stripe.customers.create()
    const { id: payment_method } = await stripe.paymentMethods.attach('pm_card_authenticationRequired', { customer })
    const alone = { ...payment, customer, payment_method, off_session: true, confirm: true } as const
    const error = await refusal(stripe.paymentIntents.create(alone))
    expect(error).toMatchObject({ code: 'authentication_required' })
    const { id } = intentIn(error)
    const asking = await stripe.paymentIntents.confirm(id, { payment_method })
    expect(asking.status).toBe('requires_action')
    expect(server.authenticate(id, 'complete').status).toBe('succeeded')
  })
})

describe('a card set up for future payments', () => {
  it('is saved without being charged', async () => {
    const { stripe, server } = await startEmulator()
    const { id: customer } = await stripe.customers.create()
    const setup = await stripe.setupIntents.create({
      customer,
      payment_method: 'pm_card_visa',
      confirm: true,
      metadata: { user_id: 'user_1' },
    })
    expect(setup).toMatchObject({ object: 'setup_intent', status: 'succeeded', usage: 'off_session', customer })
    expect((await stripe.paymentMethods.list({ customer })).data).toMatchObject([{ id: setup.payment_method }])
    expect(server.charges()).toEqual([])
    expect((await stripe.setupIntents.list({ customer })).data).toMatchObject([{ id: setup.id }])
    expect((await refusal(stripe.setupIntents.confirm(setup.id))).code).toBe('setup_intent_unexpected_state')
  })

  it('is authenticated once and then pays off session', async () => {
    const { stripe, server } = await startEmulator()
    const { id: customer } = await stripe.customers.create()
    const { id } = await stripe.setupIntents.create({ customer })
    const asking = await stripe.setupIntents.confirm(id, {
      payment_method: 'pm_card_authenticationRequiredOnSetup',
      return_url: 'https://merchant.example/cards',
    })
    expect(asking.status).toBe('requires_action')
    expect((await stripe.paymentMethods.list({ customer })).data).toEqual([])
    const url = String(asking.next_action?.redirect_to_url?.url)
    expect(await (await fetch(url)).text()).toContain('Card to save')
    const body = new URLSearchParams({ outcome: 'complete' })
    const back = await fetch(url, { method: 'POST', body, redirect: 'manual' })
    const query = new URL(String(back.headers.get('location'))).searchParams
    expect(Object.fromEntries(query)).toMatchObject({ setup_intent: id, redirect_status: 'succeeded' })
    const payment_method = String((await stripe.setupIntents.retrieve(id)).payment_method)
    const pay = { ...payment, customer, payment_method, off_session: true, confirm: true } as const
    expect((await stripe.paymentIntents.create(pay)).status).toBe('succeeded')
    expect(() => server.authenticateSetup(id, 'complete')).toThrow('requires no authentication')
  })

  it('is not saved when it is declined, not authenticated or canceled', async () => {
    const { stripe, server } = await startEmulator()
    const { id: customer } = await stripe.customers.create()
    const { id } = await stripe.setupIntents.create({ customer })
    const declined = await refusal(stripe.setupIntents.confirm(id, { payment_method: 'pm_card_chargeDeclined' }))
    expect(declined).toMatchObject({ statusCode: 402, code: 'card_declined' })
    expect((await stripe.setupIntents.retrieve(id)).last_setup_error?.code).toBe('card_declined')
    await stripe.setupIntents.confirm(id, { payment_method: 'pm_card_authenticationRequired' })
    expect(server.authenticateSetup(id, 'fail')).toMatchObject({
      status: 'requires_payment_method',
      last_setup_error: { code: 'setup_intent_authentication_failure' },
    })
    expect(await stripe.setupIntents.cancel(id)).toMatchObject({ status: 'canceled' })
    expect((await stripe.paymentMethods.list({ customer })).data).toEqual([])
  })
})
