import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Stripe from 'stripe'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CARD_ONLY, receiver, refusal, startEmulator, until, WEBHOOK_SECRET } from './support.ts'

const payment = { amount: 5000, currency: 'usd', ...CARD_ONLY }
const paid = { ...payment, confirm: true, payment_method: 'pm_card_visa' }

describe('webhooks', () => {
  it('report each change of a payment, with signatures that the SDK accepts', async () => {
    const endpoint = await receiver()
    const { stripe, server } = await startEmulator({ webhook: endpoint.target })
    const { id } = await stripe.paymentIntents.create({ ...payment, metadata: { order_id: 'order_1' } })
    await refusal(stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_chargeDeclined' }))
    await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' }, { idempotencyKey: 'pay-1' })
    await stripe.refunds.create({ payment_intent: id, amount: 100 })
    await until(() => endpoint.received.length === 8, 'eight webhooks')
    expect(endpoint.types().sort()).toEqual([
      'charge.failed',
      'charge.refunded',
      'charge.succeeded',
      'payment_intent.created',
      'payment_intent.payment_failed',
      'payment_intent.succeeded',
      'refund.created',
      'refund.updated',
    ])
    const cryptoProvider = Stripe.createSubtleCryptoProvider()
    for (const { payload, signature } of endpoint.received) {
      const event = await stripe.webhooks.constructEventAsync(payload, signature, WEBHOOK_SECRET, 300, cryptoProvider)
      expect(event).toMatchObject({ object: 'event', api_version: Stripe.API_VERSION, livemode: false })
      await expect(
        stripe.webhooks.constructEventAsync(
          payload.replace('usd', 'eur'),
          signature,
          WEBHOOK_SECRET,
          300,
          cryptoProvider,
        ),
      ).rejects.toThrow('signature')
    }
    expect(endpoint.of('payment_intent.succeeded')[0]?.event).toMatchObject({
      data: { object: { id, status: 'succeeded', amount_received: 5000, metadata: { order_id: 'order_1' } } },
      request: { idempotency_key: 'pay-1' },
    })
    expect(endpoint.of('charge.refunded')[0]?.event).toMatchObject({
      data: { object: { amount_refunded: 100 }, previous_attributes: { amount_refunded: 0 } },
    })
    await until(() => server.webhooks.pending().length === 0, 'an empty queue')
  })

  it.each([
    ['payment_intent.canceled', 'pm_card_visa', 'cancel'],
    ['payment_intent.processing', 'pm_usBankAccount', 'confirm'],
    ['payment_intent.requires_action', 'pm_card_threeDSecure2Required', 'confirm'],
  ] as const)('report %s', async (type, payment_method, action) => {
    const endpoint = await receiver()
    const { stripe } = await startEmulator({ webhook: endpoint.target })
    const { id } = await stripe.paymentIntents.create({ ...payment, payment_method })
    await stripe.paymentIntents[action](id)
    await until(() => endpoint.of(type).length === 1, type)
    expect(endpoint.of(type)[0]?.event.data.object).toMatchObject({ id, status: type.split('.')[1] })
  })

  it('are limited to the enabled event types', async () => {
    const endpoint = await receiver()
    const enabledEvents = ['payment_intent.succeeded', 'refund.updated']
    const { stripe, server } = await startEmulator({ webhook: { ...endpoint.target, enabledEvents } })
    const { id } = await stripe.paymentIntents.create(paid)
    await stripe.refunds.create({ payment_intent: id, amount: 100 })
    await until(() => endpoint.received.length === 2, 'two webhooks')
    expect(endpoint.types().sort()).toEqual(enabledEvents)
    expect(server.webhooks.pending()).toEqual([])
  })

  it('only name their objects at an endpoint with thin payloads', async () => {
    const endpoint = await receiver()
    const { stripe } = await startEmulator({ webhook: { ...endpoint.target, payload: 'thin' } })
    const { id } = await stripe.paymentIntents.create(payment)
    await until(() => endpoint.received.length === 1, 'the webhook')
    const { payload = '', signature = '' } = endpoint.received[0] ?? {}
    const cryptoProvider = Stripe.createSubtleCryptoProvider()
    const notice = await stripe.parseEventNotificationAsync(payload, signature, WEBHOOK_SECRET, 300, cryptoProvider)
    expect(notice).toMatchObject({
      type: 'v1.payment_intent.created',
      livemode: false,
      related_object: { id, type: 'payment_intent', url: `/v1/payment_intents/${id}` },
    })
    expect(JSON.parse(payload)).toMatchObject({ object: 'v2.core.event', created: expect.stringMatching(/Z$/) })
    expect(payload).not.toContain('client_secret')
  })

  it('are retried after a 500, with the same payload and a new signature', async () => {
    const endpoint = await receiver()
    endpoint.answers.push(500)
    const { stripe, server } = await startEmulator({ webhook: endpoint.target })
    await stripe.paymentIntents.create(payment)
    const [failed] = await until(() => server.webhooks.attempts()[0] && server.events(), 'the first attempt')
    expect(failed?.pending_webhooks).toBe(1)
    await until(() => endpoint.received.length === 2, 'the retry')
    expect(endpoint.received[1]?.payload).toBe(endpoint.received[0]?.payload)
    await until(() => server.events()[0]?.pending_webhooks === 0, 'the delivery to be noted')
    const [first, second] = server.webhooks.attempts()
    expect([first?.result, second?.result]).toEqual([500, 200])
    expect(Number(second?.at) - Number(first?.at)).toBeGreaterThanOrEqual(990)
  })

  it('are delivered after a receiver that was down is back', async () => {
    const down = await receiver()
    await down.close()
    const { stripe, server } = await startEmulator({ webhook: down.target })
    await stripe.paymentIntents.create(payment)
    await until(() => server.webhooks.attempts().length === 1, 'the first attempt')
    expect(server.webhooks.attempts()[0]?.result).toMatchObject({ error: expect.stringContaining('ECONNREFUSED') })
    const up = await receiver(down.port)
    server.webhooks.retryNow()
    await until(() => up.received.length === 1, 'the webhook')
  })

  it('do not delay the answer and may arrive before it', async () => {
    const endpoint = await receiver()
    const { stripe, server } = await startEmulator({ webhook: endpoint.target })
    server.faults.add({ match: { path: '/v1/payment_intents' }, kind: 'delay', ms: 300, at: 'after' })
    let answered = false
    const paying = stripe.paymentIntents.create(paid).then(() => {
      answered = true
    })
    await until(() => endpoint.of('payment_intent.succeeded').length === 1, 'the webhook')
    expect(answered).toBe(false)
    await paying
  })

  it('wait while paused, are lost when dropped, and can be redelivered', async () => {
    const endpoint = await receiver()
    const { stripe, server } = await startEmulator({ webhook: endpoint.target })
    server.webhooks.pause()
    server.webhooks.dropNext(1, 'payment_intent.succeeded')
    await stripe.paymentIntents.create(paid)
    expect(server.webhooks.pending()).toHaveLength(3)
    expect(endpoint.received).toEqual([])
    server.webhooks.resume()
    await until(() => server.webhooks.pending().length === 0, 'an empty queue')
    expect(endpoint.types().sort()).toEqual(['charge.succeeded', 'payment_intent.created'])

    const lost = server.events().find(({ type }) => type === 'payment_intent.succeeded')
    server.webhooks.redeliver(String(lost?.id))
    await until(() => endpoint.of('payment_intent.succeeded').length === 1, 'the lost one')
    server.webhooks.redeliver(String(lost?.id))
    await until(() => endpoint.of('payment_intent.succeeded').length === 2, 'it a second time')
  })

  it('arrive once each at a receiver that is slow or closes its connections', async () => {
    const signatures: string[] = []
    const endpoint = createServer(async (request, response) => {
      for await (const _chunk of request);
      signatures.push(String(request.headers['stripe-signature']))
      // Longer than the sender keeps a connection for the next event.
      if (signatures.length === 1) await new Promise((resolve) => setTimeout(resolve, 700))
      response.writeHead(200, signatures.length % 2 === 0 ? { Connection: 'close' } : {}).end()
    })
    await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void endpoint.close())
    const url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/webhooks`
    const { stripe, server } = await startEmulator({ webhook: { url, secret: WEBHOOK_SECRET } })
    for (let i = 0; i < 20; i++) await stripe.paymentIntents.create(payment)
    await until(() => server.webhooks.pending().length === 0, 'an empty queue')
    expect(server.webhooks.attempts().map(({ result }) => result)).toEqual(Array.from({ length: 20 }, () => 200))
    expect(signatures).toHaveLength(20)
  })

  it('expire after three days', async () => {
    let time = Date.now()
    const endpoint = await receiver()
    endpoint.answers.push(500, 500)
    const { stripe, server } = await startEmulator({ webhook: endpoint.target, now: () => new Date(time) })
    await stripe.paymentIntents.create(payment)
    await until(() => server.webhooks.attempts().length === 1, 'the first attempt')
    time += 3 * 24 * 3600 * 1000
    server.webhooks.retryNow()
    await until(() => server.webhooks.pending().length === 0, 'the expiry')
    expect(server.webhooks.attempts().map(({ result }) => result)).toEqual([500, 500])
  })

  it('are all delivered after two hundred concurrent payments', async () => {
    const endpoint = await receiver()
    const { stripe, server } = await startEmulator({ webhook: endpoint.target })
    await Promise.all(Array.from({ length: 200 }, () => stripe.paymentIntents.create(paid)))
    await until(() => server.webhooks.pending().length === 0, 'an empty queue', 30_000)
    expect(new Set(endpoint.received.map(({ event }) => event.id)).size).toBe(600)
  })
})
