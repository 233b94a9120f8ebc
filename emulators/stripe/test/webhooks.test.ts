import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Stripe from 'stripe'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CARD_ONLY, receiver, refusal, startEmulator, until, WEBHOOK_SECRET } from './support.ts'

const order = { amount: 5000, currency: 'usd', ...CARD_ONLY }
const paid = { ...order, confirm: true, payment_method: 'pm_card_visa' }

describe('webhooks', () => {
  it('tell each step of a payment, signed so that the SDK accepts them', async () => {
    const shop = await receiver()
    const { stripe, server } = await startEmulator({ webhook: shop.target })
    const { id } = await stripe.paymentIntents.create({ ...order, metadata: { order_id: 'order_1' } })
    await refusal(stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_chargeDeclined' }))
    await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' }, { idempotencyKey: 'pay-1' })
    await stripe.refunds.create({ payment_intent: id, amount: 100 })
    await until(() => shop.received.length === 8, 'eight webhooks')
    expect(shop.types().sort()).toEqual([
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
    for (const { payload, signature } of shop.received) {
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
    expect(shop.of('payment_intent.succeeded')[0]?.event).toMatchObject({
      data: { object: { id, status: 'succeeded', amount_received: 5000, metadata: { order_id: 'order_1' } } },
      request: { idempotency_key: 'pay-1' },
    })
    expect(shop.of('charge.refunded')[0]?.event).toMatchObject({
      data: { object: { amount_refunded: 100 }, previous_attributes: { amount_refunded: 0 } },
    })
    await until(() => server.webhooks.pending().length === 0, 'an empty queue')
  })

  it.each([
    ['payment_intent.canceled', 'pm_card_visa', 'cancel'],
    ['payment_intent.processing', 'pm_usBankAccount', 'confirm'],
    ['payment_intent.requires_action', 'pm_card_threeDSecure2Required', 'confirm'],
  ] as const)('tell of %s', async (type, payment_method, step) => {
    const shop = await receiver()
    const { stripe } = await startEmulator({ webhook: shop.target })
    const { id } = await stripe.paymentIntents.create({ ...order, payment_method })
    await stripe.paymentIntents[step](id)
    await until(() => shop.of(type).length === 1, type)
    expect(shop.of(type)[0]?.event.data.object).toMatchObject({ id, status: type.split('.')[1] })
  })

  it('are of the types the endpoint wants', async () => {
    const shop = await receiver()
    const enabledEvents = ['payment_intent.succeeded', 'refund.updated']
    const { stripe, server } = await startEmulator({ webhook: { ...shop.target, enabledEvents } })
    const { id } = await stripe.paymentIntents.create(paid)
    await stripe.refunds.create({ payment_intent: id, amount: 100 })
    await until(() => shop.received.length === 2, 'two webhooks')
    expect(shop.types().sort()).toEqual(enabledEvents)
    expect(server.webhooks.pending()).toEqual([])
  })

  it('come again after the receiver answered 500, with the same event and a fresh signature', async () => {
    const shop = await receiver()
    shop.answers.push(500)
    const { stripe, server } = await startEmulator({ webhook: shop.target })
    await stripe.paymentIntents.create(order)
    const [failed] = await until(() => server.webhooks.attempts()[0] && server.events(), 'the first attempt')
    expect(failed?.pending_webhooks).toBe(1)
    await until(() => shop.received.length === 2, 'the retry')
    expect(shop.received[1]?.payload).toBe(shop.received[0]?.payload)
    await until(() => server.events()[0]?.pending_webhooks === 0, 'the delivery to be noted')
    const [first, second] = server.webhooks.attempts()
    expect([first?.result, second?.result]).toEqual([500, 200])
    expect(Number(second?.at) - Number(first?.at)).toBeGreaterThanOrEqual(990)
  })

  it('come when a receiver that was down is up again', async () => {
    const down = await receiver()
    await down.close()
    const { stripe, server } = await startEmulator({ webhook: down.target })
    await stripe.paymentIntents.create(order)
    await until(() => server.webhooks.attempts().length === 1, 'the first attempt')
    expect(server.webhooks.attempts()[0]?.result).toMatchObject({ error: expect.stringContaining('ECONNREFUSED') })
    const up = await receiver(down.port)
    server.webhooks.retryNow()
    await until(() => up.received.length === 1, 'the webhook')
  })

  it('do not hold up the answer, and may overtake it', async () => {
    const shop = await receiver()
    const { stripe, server } = await startEmulator({ webhook: shop.target })
    server.faults.add({ match: { path: '/v1/payment_intents' }, kind: 'delay', ms: 300, at: 'after' })
    let answered = false
    const paying = stripe.paymentIntents.create(paid).then(() => {
      answered = true
    })
    await until(() => shop.of('payment_intent.succeeded').length === 1, 'the webhook')
    expect(answered).toBe(false)
    await paying
  })

  it('wait while paused, are lost when dropped, and can be sent again', async () => {
    const shop = await receiver()
    const { stripe, server } = await startEmulator({ webhook: shop.target })
    server.webhooks.pause()
    server.webhooks.dropNext(1, 'payment_intent.succeeded')
    await stripe.paymentIntents.create(paid)
    expect(server.webhooks.pending()).toHaveLength(3)
    expect(shop.received).toEqual([])
    server.webhooks.resume()
    await until(() => server.webhooks.pending().length === 0, 'an empty queue')
    expect(shop.types().sort()).toEqual(['charge.succeeded', 'payment_intent.created'])

    const lost = server.events().find(({ type }) => type === 'payment_intent.succeeded')
    server.webhooks.redeliver(String(lost?.id))
    await until(() => shop.of('payment_intent.succeeded').length === 1, 'the lost one')
    server.webhooks.redeliver(String(lost?.id))
    await until(() => shop.of('payment_intent.succeeded').length === 2, 'it a second time')
  })

  it('come to a receiver that closes its connections, or takes its time, once each', async () => {
    const came: string[] = []
    const shop = createServer(async (request, response) => {
      for await (const _chunk of request);
      came.push(String(request.headers['stripe-signature']))
      // Longer than a connection is kept for the next event.
      if (came.length === 1) await new Promise((resolve) => setTimeout(resolve, 700))
      response.writeHead(200, came.length % 2 === 0 ? { Connection: 'close' } : {}).end()
    })
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void shop.close())
    const url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/webhooks`
    const { stripe, server } = await startEmulator({ webhook: { url, secret: WEBHOOK_SECRET } })
    for (let i = 0; i < 20; i++) await stripe.paymentIntents.create(order)
    await until(() => server.webhooks.pending().length === 0, 'an empty queue')
    expect(server.webhooks.attempts().map(({ result }) => result)).toEqual(Array.from({ length: 20 }, () => 200))
    expect(came).toHaveLength(20)
  })

  it('are given up after three days', async () => {
    let time = Date.now()
    const shop = await receiver()
    shop.answers.push(500, 500)
    const { stripe, server } = await startEmulator({ webhook: shop.target, now: () => new Date(time) })
    await stripe.paymentIntents.create(order)
    await until(() => server.webhooks.attempts().length === 1, 'the first attempt')
    time += 3 * 24 * 3600 * 1000
    server.webhooks.retryNow()
    await until(() => server.webhooks.pending().length === 0, 'it to give up')
    expect(server.webhooks.attempts().map(({ result }) => result)).toEqual([500, 500])
  })

  it('are all delivered when two hundred payments come at once', async () => {
    const shop = await receiver()
    const { stripe, server } = await startEmulator({ webhook: shop.target })
    await Promise.all(Array.from({ length: 200 }, () => stripe.paymentIntents.create(paid)))
    await until(() => server.webhooks.pending().length === 0, 'an empty queue', 30_000)
    expect(new Set(shop.received.map(({ event }) => event.id)).size).toBe(600)
  })
})
