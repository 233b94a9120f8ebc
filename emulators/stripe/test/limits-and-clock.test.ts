import { describe, expect, it } from 'vitest'
import { CARD_ONLY, header, receiver, refusal, SECRET_KEY, sdk, startEmulator, until } from './support.ts'

const payment = { amount: 500, currency: 'usd' } as const
const DAY_MS = 24 * 3600 * 1000

describe('the rate limit', () => {
  it('is off by default', async () => {
    const { stripe } = await startEmulator()
    const all = await Promise.all(Array.from({ length: 60 }, () => stripe.paymentIntents.create(payment)))
    expect(all).toHaveLength(60)
  })

  it('admits 25 requests per second and endpoint, and names the limit to the others', async () => {
    const { server } = await startEmulator({ rateLimit: 25 })
    const stripe = sdk(server, { maxNetworkRetries: 0 })
    const tries = Array.from({ length: 60 }, () =>
      stripe.paymentIntents.create(payment, { idempotencyKey: `${Math.random()}` }),
    )
    const settled = await Promise.allSettled(tries)
    const refused = settled.filter((result) => result.status === 'rejected')
    expect(server.paymentIntents().length).toBeGreaterThanOrEqual(25)
    expect(server.paymentIntents().length + refused.length).toBe(60)
    expect(refused[0]?.reason).toMatchObject({ type: 'StripeRateLimitError', statusCode: 429, code: 'rate_limit' })
    expect(refused[0]?.reason.headers).toMatchObject({ 'stripe-rate-limited-reason': 'endpoint-rate' })
    // Each endpoint has its own limit.
    expect(await stripe.balance.retrieve()).toMatchObject({ object: 'balance' })
  })

  it('stores no refusal under the idempotency key, and can be removed', async () => {
    const { server } = await startEmulator({ rateLimit: 1 })
    const stripe = sdk(server, { maxNetworkRetries: 0 })
    const key = { idempotencyKey: 'pay-1' }
    await stripe.paymentIntents.create(payment)
    expect((await refusal(stripe.paymentIntents.create(payment, key))).statusCode).toBe(429)
    server.rateLimit.perSecond = undefined
    const created = await stripe.paymentIntents.create(payment, key)
    expect(header(created, 'Idempotent-Replayed')).toBeNull()
  })
})

describe('the clock', () => {
  it('expires idempotency keys when moved forward by 24 hours', async () => {
    const { stripe, server } = await startEmulator()
    const key = { idempotencyKey: 'pay-1' }
    const first = await stripe.paymentIntents.create(payment, key)
    server.advanceClock(DAY_MS - 60_000)
    expect((await stripe.paymentIntents.create(payment, key)).id).toBe(first.id)
    server.advanceClock(60_000)
    const second = await stripe.paymentIntents.create({ ...payment, amount: 700 }, key)
    expect(second.id).not.toBe(first.id)
    expect(second.created - first.created).toBeGreaterThanOrEqual(24 * 3600)
  })

  it('does not affect the signatures and retries of webhooks', async () => {
    const endpoint = await receiver()
    const { stripe, server } = await startEmulator({ webhook: endpoint.target })
    server.advanceClock(30 * DAY_MS)
    await stripe.paymentIntents.create(payment)
    await until(() => endpoint.received.length === 1, 'the webhook')
    const signedAt = Number(/t=(\d+)/.exec(String(endpoint.received[0]?.signature))?.[1])
    expect(Math.abs(signedAt - Date.now() / 1000)).toBeLessThan(60)
    expect(Number(endpoint.received[0]?.event.created) - signedAt).toBeGreaterThan(29 * 24 * 3600)
  })

  it('runs due actions without requests', async () => {
    let time = Date.now()
    const { stripe, server } = await startEmulator({ now: () => new Date(time) })
    const card = { payment_method: 'pm_card_pendingRefund', confirm: true, ...CARD_ONLY } as const
    const { id } = await stripe.paymentIntents.create({ ...payment, ...card })
    await stripe.refunds.create({ payment_intent: id })
    time += 10_000
    await until(() => server.refunds()[0]?.status === 'succeeded', 'the refund')
  })

  it('goes forward only', async () => {
    const { server } = await startEmulator()
    for (const ms of [0, -1, 1.5, Number.NaN]) expect(() => server.advanceClock(ms)).toThrow('goes forward')
  })
})

describe('a fault', () => {
  it('of kind drip sends the complete answer slowly', async () => {
    const { server, stripe } = await startEmulator()
    const { id } = await stripe.paymentIntents.create(payment)
    server.faults.add({ match: { path: '/v1/payment_intents/:id' }, kind: 'drip', ms: 320, times: 2 })
    const startedAt = performance.now()
    const answer = await fetch(`${server.url}/v1/payment_intents/${id}`, {
      headers: { Authorization: `Bearer ${SECRET_KEY}` },
    })
    const headersAfter = performance.now() - startedAt
    let pieces = 0
    let text = ''
    for await (const piece of answer.body ?? []) {
      pieces += 1
      text += Buffer.from(piece).toString()
    }
    const took = performance.now() - startedAt
    expect(JSON.parse(text)).toMatchObject({ id })
    expect(pieces).toBeGreaterThan(3)
    expect(took).toBeGreaterThanOrEqual(300)
    expect(headersAfter).toBeLessThan(took)
    expect((await stripe.paymentIntents.retrieve(id)).id).toBe(id)
  })

  it('matches by method, by path as sent, as documented or as a pattern, and by count', async () => {
    const { server } = await startEmulator()
    const stripe = sdk(server, { maxNetworkRetries: 0 })
    const { id } = await stripe.paymentIntents.create(payment)
    const fails = async (call: () => Promise<unknown>) =>
      call().then(
        () => false,
        () => true,
      )
    const calls = [() => stripe.paymentIntents.create(payment), () => stripe.paymentIntents.retrieve(id)]
    const hit = async () => [
      await fails(() => calls[0]?.() as Promise<unknown>),
      await fails(() => calls[1]?.() as Promise<unknown>),
    ]
    const status = { kind: 'status', status: 503, times: Number.POSITIVE_INFINITY } as const
    for (const [match, expected] of [
      [{ method: 'POST' }, [true, false]],
      [{ path: `/v1/payment_intents/${id}` }, [false, true]],
      [{ path: '/v1/payment_intents/:id' }, [false, true]],
      [{ path: /^\/v1\/payment_intents/ }, [true, true]],
      [{ method: 'DELETE' }, [false, false]],
    ] as const) {
      const fault = server.faults.add({ ...status, match })
      expect(await hit()).toEqual(expected)
      fault.remove()
    }
    expect(await hit()).toEqual([false, false])
    server.faults.add({ kind: 'cut_before', skip: 1, times: 2 })
    expect([...(await hit()), ...(await hit())]).toEqual([false, true, true, false])
  })

  it('of kind delay waits before or after the work', async () => {
    const { server, stripe } = await startEmulator()
    for (const at of ['before', 'after'] as const) {
      server.faults.add({ match: { method: 'POST' }, kind: 'delay', ms: 500, at })
      const startedAt = performance.now()
      const known = server.paymentIntents().length
      const paying = stripe.paymentIntents.create(payment)
      await until(() => server.counts.total() === (at === 'before' ? 1 : 2), 'the request')
      expect(server.paymentIntents()).toHaveLength(at === 'before' ? known : known + 1)
      await paying
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(490)
    }
  })
})
