import { describe, expect, it } from 'vitest'
import { PUBLISHABLE_KEY, refusal, SECRET_KEY, startEmulator } from './support.ts'

describe('a browser with the publishable key', () => {
  const post = (url: string, form: Record<string, string>) =>
    fetch(url, { method: 'POST', body: new URLSearchParams({ key: PUBLISHABLE_KEY, ...form }) })

  it('confirms with the client secret and sees neither metadata nor charge', async () => {
    const { stripe, server } = await startEmulator()
    const created = await stripe.paymentIntents.create({ amount: 500, currency: 'usd', metadata: { order_id: 'o' } })
    const answer = await post(`${server.url}/v1/payment_intents/${created.id}/confirm`, {
      client_secret: String(created.client_secret),
      payment_method: 'pm_card_visa',
    })
    expect(answer.status).toBe(200)
    const seen = await answer.json()
    expect(seen).toMatchObject({ id: created.id, status: 'succeeded' })
    expect(seen).not.toHaveProperty('metadata')
    expect(seen).not.toHaveProperty('latest_charge')

    const query = new URLSearchParams({ key: PUBLISHABLE_KEY, client_secret: String(created.client_secret) })
    const retrieved = await fetch(`${server.url}/v1/payment_intents/${created.id}?${query}`)
    expect(await retrieved.json()).toMatchObject({ status: 'succeeded' })
  })

  it('gets a decline with the visible fields of the payment', async () => {
    const { stripe, server } = await startEmulator()
    const created = await stripe.paymentIntents.create({ amount: 500, currency: 'usd', metadata: { order_id: 'o' } })
    const answer = await post(`${server.url}/v1/payment_intents/${created.id}/confirm`, {
      client_secret: String(created.client_secret),
      payment_method: 'pm_card_chargeDeclined',
    })
    expect(answer.status).toBe(402)
    const { error } = (await answer.json()) as { error: { payment_intent: object } }
    expect(error.payment_intent).toMatchObject({ id: created.id, status: 'requires_payment_method' })
    expect(error.payment_intent).not.toHaveProperty('metadata')
  })

  it('cannot confirm without the client secret, or call endpoints for servers', async () => {
    const { stripe, server } = await startEmulator()
    const { id } = await stripe.paymentIntents.create({ amount: 500, currency: 'usd' })
    const confirm = `${server.url}/v1/payment_intents/${id}/confirm`
    expect((await post(confirm, { payment_method: 'pm_card_visa' })).status).toBe(400)
    expect((await post(confirm, { payment_method: 'pm_card_visa', client_secret: 'wrong' })).status).toBe(400)
    expect((await post(`${server.url}/v1/refunds`, { payment_intent: id })).status).toBe(401)
    expect((await post(`${server.url}/v1/payment_intents/${id}/cancel`, {})).status).toBe(401)
    expect((await stripe.paymentIntents.retrieve(id)).status).toBe('requires_payment_method')
  })
})

describe('refusals', () => {
  it.each([
    [{ amount: 49, currency: 'usd' }, 'amount_too_small', 'amount', 'Amount must be at least $0.50 usd'],
    [{ amount: 49, currency: 'JPY' }, 'amount_too_small', 'amount', 'Amount must be at least ¥50 jpy'],
    [{ amount: 100_000_000, currency: 'usd' }, 'amount_too_large', 'amount', 'Amount must be no more than $999,999.99'],
    [{ amount: 0, currency: 'usd' }, 'parameter_invalid_integer', 'amount', 'greater than or equal to 1'],
    [{ amount: 10.5, currency: 'usd' }, 'parameter_invalid_integer', 'amount', 'Invalid integer: 10.5'],
    [{ amount: 500 }, 'parameter_missing', 'currency', 'Missing required param: currency.'],
    [{ currency: 'usd' }, 'parameter_missing', 'amount', 'Missing required param: amount.'],
    [{ amount: 500, currency: 'zzz' }, undefined, 'currency', 'Invalid currency: zzz'],
    [{ amount: 5123, currency: 'kwd' }, undefined, 'amount', 'divisible by 10'],
    [{ amount: 150, currency: 'isk' }, undefined, 'amount', 'divisible by 100'],
    [{ amount: 10 ** 12, currency: 'idr' }, 'amount_too_large', 'amount', 'no more than 9,999,999,999.99'],
    [{ amount: 500, currency: 'bgn' }, undefined, 'currency', 'Invalid currency: bgn'],
    [{ amount: 500, currency: 'ang' }, undefined, 'currency', 'Invalid currency: ang'],
    [{ amount: 500, currency: 'usd', colour: 'red' }, 'parameter_unknown', 'colour', 'unknown parameter: colour'],
    [{ amount: 500, currency: 'usd', customer: 'cus_1' }, 'resource_missing', 'customer', "No such customer: 'cus_1'"],
    [{ amount: 500, currency: 'usd', transfer_group: 'g' }, undefined, 'transfer_group', 'does not support'],
    [{ amount: 500, currency: 'usd', payment_method: 'pm_nope' }, 'resource_missing', 'payment_method', "'pm_nope'"],
    [{ amount: 500, currency: 'usd', return_url: 'https://x' }, undefined, 'return_url', '`confirm` is set to true'],
  ])('of %j name code, parameter and reason', async (params, code, param, message) => {
    const { stripe, server } = await startEmulator()
    // Invalid on purpose; the SDK's types would not allow it.
    const error = await refusal(stripe.paymentIntents.create(params as { amount: number; currency: string }))
    expect(error).toMatchObject({ type: 'StripeInvalidRequestError', statusCode: 400, param })
    expect(error.code).toBe(code)
    expect(error.message).toContain(message)
    expect(error.requestId).toMatch(/^req_/)
    expect(server.paymentIntents()).toEqual([])
  })

  it.each([
    [50, 'usd'],
    [99_999_999, 'usd'],
    [50, 'jpy'],
    [5120, 'kwd'],
  ])('do not affect the allowed amount %i %s', async (amount, currency) => {
    const { stripe } = await startEmulator()
    expect(await stripe.paymentIntents.create({ amount, currency })).toMatchObject({ amount, currency })
  })

  it('for unknown ids are 404 resource_missing', async () => {
    const { stripe } = await startEmulator()
    for (const lookUp of [
      () => stripe.paymentIntents.retrieve('pi_nope'),
      () => stripe.paymentIntents.confirm('pi_nope'),
      () => stripe.refunds.retrieve('re_nope'),
      () => stripe.charges.retrieve('ch_nope'),
      () => stripe.events.retrieve('evt_nope'),
    ]) {
      expect(await refusal(lookUp())).toMatchObject({ statusCode: 404, code: 'resource_missing' })
    }
  })

  it('for wrong keys are 401, for unknown paths 404, for wrong content types 400', async () => {
    const { server } = await startEmulator()
    const anonymous = await fetch(`${server.url}/v1/balance`)
    expect(anonymous.status).toBe(401)
    expect(anonymous.headers.get('request-id')).toMatch(/^req_/)
    const wrong = await fetch(`${server.url}/v1/balance`, { headers: { Authorization: 'Bearer sk_test_wrong_key' } })
    expect(wrong.status).toBe(401)
    expect(await wrong.json()).toMatchObject({ error: { message: 'Invalid API Key provided: sk_test_*****_key' } })

    const headers = { Authorization: `Bearer ${SECRET_KEY}` }
    const lost = await fetch(`${server.url}/v1/nowhere`, { headers })
    expect(lost.status).toBe(404)
    expect(await lost.json()).toMatchObject({
      error: { message: expect.stringContaining('Unrecognized request URL (GET: /v1/nowhere)') },
    })
    const json = await fetch(`${server.url}/v1/payment_intents`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: '{"amount":500}',
    })
    expect(json.status).toBe(400)
    const basic = { Authorization: `Basic ${Buffer.from(`${SECRET_KEY}:`).toString('base64')}` }
    expect((await fetch(`${server.url}/v1/balance`, { headers: basic })).status).toBe(200)
  })

  it('for an invalid expand come before the execution', async () => {
    const { stripe, server } = await startEmulator()
    const error = await refusal(stripe.paymentIntents.create({ amount: 500, currency: 'usd', expand: ['moon'] }))
    expect(error).toMatchObject({ statusCode: 400, param: 'expand' })
    expect(server.paymentIntents()).toEqual([])
  })
})
