import { describe, expect, it } from 'vitest'
import { CARD_ONLY, header, refusal, SECRET_KEY, sdk, startEmulator, until } from './support.ts'

const payment = { amount: 5000, currency: 'usd', ...CARD_ONLY }
const key = (idempotencyKey: string) => ({ idempotencyKey })

describe('an idempotency key', () => {
  it('replays the first answer and marks it as replayed', async () => {
    const { stripe, server } = await startEmulator()
    const first = await stripe.paymentIntents.create(payment, key('k1'))
    const again = await stripe.paymentIntents.create(payment, key('k1'))
    expect(again).toEqual(first)
    expect(header(first, 'Idempotent-Replayed')).toBeNull()
    expect(header(again, 'Idempotent-Replayed')).toBe('true')
    expect(header(again, 'Original-Request')).toBe(first.lastResponse.requestId)
    expect(again.lastResponse.requestId).not.toBe(first.lastResponse.requestId)
    expect(server.paymentIntents()).toHaveLength(1)
  })

  it('replays a decline without charging the card again', async () => {
    const { stripe, server } = await startEmulator()
    const { id } = await stripe.paymentIntents.create(payment)
    const declined = { payment_method: 'pm_card_chargeDeclined' }
    const first = await refusal(stripe.paymentIntents.confirm(id, declined, key('k2')))
    const again = await refusal(stripe.paymentIntents.confirm(id, declined, key('k2')))
    expect(again).toMatchObject({ statusCode: 402, code: 'card_declined', charge: first.charge })
    expect(server.charges()).toHaveLength(1)
  })

  it('refuses other parameters and other endpoints', async () => {
    const { stripe, server } = await startEmulator()
    const { id } = await stripe.paymentIntents.create(payment, key('k3'))
    const otherAmount = await refusal(stripe.paymentIntents.create({ ...payment, amount: 6000 }, key('k3')))
    expect(otherAmount).toMatchObject({
      type: 'StripeIdempotencyError',
      rawType: 'idempotency_error',
      statusCode: 400,
    })
    expect(otherAmount.message).toContain('same parameters they were first used with')
    const otherPath = await refusal(stripe.paymentIntents.cancel(id, undefined, key('k3')))
    expect(otherPath.message).toContain('same endpoint')
    expect(server.paymentIntents()).toMatchObject([{ amount: 5000, status: 'requires_payment_method' }])
  })

  it('can be reused after a refusal before the execution', async () => {
    const { stripe } = await startEmulator()
    expect((await refusal(stripe.paymentIntents.create({ ...payment, amount: 49 }, key('k4')))).code).toBe(
      'amount_too_small',
    )
    expect(await stripe.paymentIntents.create(payment, key('k4'))).toMatchObject({ amount: 5000 })
  })

  it('stores a refusal by the execution', async () => {
    const { stripe } = await startEmulator()
    const { id } = await stripe.paymentIntents.create(payment)
    expect((await refusal(stripe.paymentIntents.confirm(id, undefined, key('k5')))).statusCode).toBe(400)
    await stripe.paymentIntents.update(id, { payment_method: 'pm_card_visa' })
    const kept = await refusal(stripe.paymentIntents.confirm(id, undefined, key('k5')))
    expect(kept.message).toContain('missing a payment method')
  })

  it('answers 409 while a request runs; the retry of the SDK gets the first answer', async () => {
    const { stripe, server } = await startEmulator()
    server.faults.add({ match: { method: 'POST', path: '/v1/payment_intents' }, kind: 'delay', ms: 400, at: 'after' })
    const slow = stripe.paymentIntents.create(payment, key('k6'))
    await until(() => server.paymentIntents().length === 1, 'the work to be done')
    const raw = await fetch(`${server.url}/v1/payment_intents`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${SECRET_KEY}`, 'Idempotency-Key': 'k6' },
      body: new URLSearchParams({ amount: '5000', currency: 'usd' }),
    })
    expect(raw.status).toBe(409)
    expect(await raw.json()).toMatchObject({ error: { type: 'idempotency_error', code: 'idempotency_key_in_use' } })
    const [first, twin] = await Promise.all([slow, stripe.paymentIntents.create(payment, key('k6'))])
    expect(twin.id).toBe(first.id)
    expect(server.paymentIntents()).toHaveLength(1)
  })

  it('expires after 24 hours', async () => {
    let time = Date.now()
    const { stripe, server } = await startEmulator({ now: () => new Date(time) })
    await stripe.paymentIntents.create(payment, key('k7'))
    time += 23 * 3600 * 1000
    await stripe.paymentIntents.create(payment, key('k7'))
    expect(server.paymentIntents()).toHaveLength(1)
    time += 2 * 3600 * 1000
    await stripe.paymentIntents.create({ ...payment, amount: 700 }, key('k7'))
    expect(server.paymentIntents()).toHaveLength(2)
  })
})

describe('an injected fault', () => {
  const create = { method: 'POST', path: '/v1/payment_intents' }

  it('that cuts the connection after the work: the SDK retries and the work is done once', async () => {
    const { stripe, server } = await startEmulator()
    const fault = server.faults.add({ match: create, kind: 'cut_after' })
    expect(await stripe.paymentIntents.create(payment)).toMatchObject({ amount: 5000 })
    expect(fault.hits()).toBe(1)
    expect(server.paymentIntents()).toHaveLength(1)
    expect(server.counts.byEndpoint()).toEqual({ 'POST /v1/payment_intents': 2 })
  })

  it('that cuts the connection before the work: nothing is done', async () => {
    const { server } = await startEmulator()
    server.faults.add({ match: create, kind: 'cut_before', times: 2 })
    const error = await refusal(sdk(server, { maxNetworkRetries: 0 }).paymentIntents.create(payment))
    expect(error.type).toBe('StripeConnectionError')
    expect(server.paymentIntents()).toEqual([])
  })

  it('of status 503 before the work: the SDK retries', async () => {
    const { stripe, server } = await startEmulator()
    server.faults.add({ match: create, kind: 'status', status: 503, times: 2 })
    expect(await stripe.paymentIntents.create(payment)).toMatchObject({ amount: 5000 })
    expect(server.counts.total()).toBe(3)
  })

  it('of status 500 after the work: the answer is stored, so the outcome is unknown until retrieved', async () => {
    const { stripe, server } = await startEmulator()
    const { id } = await stripe.paymentIntents.create({ ...payment, payment_method: 'pm_card_visa' })
    server.faults.add({ match: { path: '/v1/payment_intents/:id/confirm' }, kind: 'status', status: 500, at: 'after' })
    const confirm = () => refusal(stripe.paymentIntents.confirm(id, undefined, key('k8')))
    expect(await confirm()).toMatchObject({ type: 'StripeAPIError', statusCode: 500 })
    expect(await confirm()).toMatchObject({ type: 'StripeAPIError', statusCode: 500 })
    expect((await stripe.paymentIntents.retrieve(id)).status).toBe('succeeded')
    expect(server.counts.byEndpoint()).toMatchObject({ 'POST /v1/payment_intents/:id/confirm': 2 })
  })

  it('of status 500 during the work: the answer is stored and nothing is done', async () => {
    const { stripe, server } = await startEmulator()
    server.faults.add({ match: create, kind: 'status', status: 500, at: 'during' })
    expect((await refusal(stripe.paymentIntents.create(payment, key('k9')))).statusCode).toBe(500)
    expect((await refusal(stripe.paymentIntents.create(payment, key('k9')))).statusCode).toBe(500)
    expect(server.paymentIntents()).toEqual([])
    expect(await stripe.paymentIntents.create(payment, key('k10'))).toMatchObject({ amount: 5000 })
  })

  it('of status 429 looks like the rate limit and hits only the configured request', async () => {
    const { server } = await startEmulator()
    const stripe = sdk(server, { maxNetworkRetries: 0 })
    server.faults.add({ match: create, kind: 'status', status: 429, skip: 1 })
    await stripe.paymentIntents.create(payment)
    expect(await refusal(stripe.paymentIntents.create(payment))).toMatchObject({ type: 'StripeRateLimitError' })
    await stripe.paymentIntents.create(payment)
    server.counts.reset()
    expect(server.counts.total()).toBe(0)
  })

  it('does not delay closing', async () => {
    const { stripe, server } = await startEmulator()
    server.faults.add({ kind: 'delay', ms: 60_000 })
    const hanging = stripe.balance.retrieve({}, { maxNetworkRetries: 0 }).catch((error: unknown) => error)
    await until(() => server.counts.total() === 1, 'the request')
    await server.close()
    expect(await hanging).toBeInstanceOf(Error)
  })
})
