import { WEBHOOK_EVENTS } from '@shop/contracts/payments/webhook-events'
import { LOCAL_STRIPE } from '@shop/local-environment/environment'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { PaymentBody } from '@shop/testing/payment-bodies'
import { confirmInBrowser, intentsOf, moneyKept } from '@shop/testing/stripe-js'
import { deliverWebhook, intentEvent } from '@shop/testing/webhook'
import { sql } from 'drizzle-orm'
import Stripe from 'stripe'
import { afterEach, describe, expect, it } from 'vitest'
import { useFreshCustomer, usePlatform } from './support/use-platform.ts'

const OLD_SECRET = 'whsec_before_rotation'
const stage = usePlatform({
  attemptSeconds: 1,
  paymentCheckSeconds: 1,
  vars: { STRIPE_WEBHOOK_SECRET_OLD: OLD_SECRET },
})
useFreshCustomer(stage)

afterEach(() => {
  stage.platform.stripe.faults.clear()
  stage.platform.stripe.webhooks.resume()
})

/** A client of Stripe with the dashboard's rights. */
function dashboard(): Stripe {
  const { hostname, port } = new URL(stage.platform.stripe.url)
  return new Stripe(LOCAL_STRIPE.secretKey, { host: hostname, port, protocol: 'http' })
}

/** An order of 25.00 USD of a new product. */
async function newOrder(): Promise<OrderBody> {
  const { shop, admin, customer } = stage
  const product = await shop.addProduct(admin, { price: 12.5 })
  return (await shop.placeOrder(customer, [[product, 2]])).body.order
}

async function newPaidOrder(): Promise<{ order: OrderBody; payment: PaymentBody; intentId: string }> {
  const order = await newOrder()
  const { payment } = (await stage.shop.pay(stage.customer, order, 'pm_card_visa')).body
  await stage.shop.orderBecomes(stage.customer, order.id, 'processing', 'paid')
  return { order, payment, intentId: intentsOf(stage.platform.stripe, order)[0]?.id ?? '' }
}

const paymentBecomes = (payment: PaymentBody, refunded: number) =>
  eventually(
    async () =>
      (await stage.shop.request('GET', `/api/payments/${payment.id}`, { token: stage.admin.token })).body.payment,
    ({ refunded_amount }) => refunded_amount === refunded,
    5_000,
  )

const orderBecomes = (order: OrderBody, paymentStatus: string) =>
  stage.shop.orderBecomes(stage.customer, order.id, 'processing', paymentStatus)

async function refundsOf(payment: PaymentBody) {
  const { token } = stage.admin
  return (await stage.shop.request('GET', `/api/payments/${payment.id}/refunds`, { token })).body.refunds
}

async function flaggedEvents(query = '') {
  const { token } = stage.admin
  return (await stage.shop.request('GET', `/api/payments/events?flagged=true${query}`, { token })).body
}

const payments = () => stage.platform.database.as('payments')

async function storedEvent(id: string) {
  const found = await payments().execute<{ type: string; outcome: string; flag: string | null }>(
    sql`select type, outcome, flag from payments.stripe_events where id = ${id}`,
  )
  return found.rows
}

describe('a refund made in the Stripe dashboard', () => {
  it('becomes a refund of the shop, and the order shows it', async () => {
    const { order, payment, intentId } = await newPaidOrder()
    await dashboard().refunds.create({ payment_intent: intentId, amount: 1_000 })
    await paymentBecomes(payment, 10)
    await orderBecomes(order, 'partially_refunded')
    expect(await refundsOf(payment)).toMatchObject([{ amount: 10, status: 'succeeded', reason: 'dashboard' }])
    await dashboard().refunds.create({ payment_intent: intentId })
    await paymentBecomes(payment, 25)
    await orderBecomes(order, 'refunded')
    expect(await refundsOf(payment)).toHaveLength(2)
    expect(moneyKept(stage.platform.stripe, order)).toBe(0)
  })

  it('is recorded once, whichever of its events arrive, in whatever order and however often', async () => {
    const { stripe } = stage.platform
    const { payment, intentId } = await newPaidOrder()
    stripe.webhooks.pause()
    const { id } = await dashboard().refunds.create({ payment_intent: intentId, amount: 700 })
    const events = stripe.events().filter(({ data }) => {
      const object = data.object as { id?: string; payment_intent?: string }
      return object.id === id || object.payment_intent === intentId
    })
    const told = events.filter(({ type }) => ['charge.refunded', 'refund.created', 'refund.updated'].includes(type))
    expect(told).toHaveLength(3)
    for (const event of [...told.toReversed(), ...told]) {
      expect((await deliverWebhook(stage.shop, event)).status).toBe(200)
    }
    expect(await refundsOf(payment)).toMatchObject([{ amount: 7, status: 'succeeded' }])
    await paymentBecomes(payment, 7)
  })

  it('is found through its charge alone', async () => {
    const { stripe } = stage.platform
    const { payment, intentId } = await newPaidOrder()
    stripe.webhooks.pause()
    await dashboard().refunds.create({ payment_intent: intentId, amount: 300 })
    const refunded = stripe.events().findLast(({ type }) => type === 'charge.refunded')
    expect((await deliverWebhook(stage.shop, refunded ?? {})).status).toBe(200)
    expect(await refundsOf(payment)).toMatchObject([{ amount: 3, status: 'succeeded' }])
    stripe.webhooks.dropNext(stripe.webhooks.pending().length)
  })

  it('that the bank returns is the shop’s money again, and staff see it', async () => {
    const { payment, intentId } = await newPaidOrder()
    const { id } = await dashboard().refunds.create({ payment_intent: intentId, amount: 500 })
    await paymentBecomes(payment, 5)
    stage.platform.stripe.settleRefund(id, 'fail')
    await paymentBecomes(payment, 0)
    const { token } = stage.admin
    const { discrepancies } = (await stage.shop.request('GET', '/api/payments/discrepancies', { token })).body
    expect(discrepancies.filter(({ subject }) => subject === id)).toMatchObject([
      { kind: 'refund_returned', payment_id: payment.id, stripe: '5 USD, failed', shop: 'succeeded' },
    ])
  })
})

describe('an event that contradicts the shop’s records', () => {
  const intentOf = (order: OrderBody) => intentsOf(stage.platform.stripe, order)[0]

  it.each([
    ['of another amount', 'another_amount', {}, { amount: 1 }],
    ['of another currency', 'another_currency', {}, { currency: 'eur' }],
    ['of another PaymentIntent', 'another_intent', {}, { id: 'pi_another' }],
    ['of another account', 'another_account', { account: 'acct_somebody_else' }, {}],
    ['of live mode, where keys are of test mode', 'another_mode', { livemode: true }, {}],
  ])('%s is kept, shown to staff and changes nothing', async (_, flag, ofEvent, ofIntent) => {
    const order = await newOrder()
    await stage.shop.pay(stage.customer, order)
    const lie = { ...intentOf(order), status: 'succeeded', amount_received: 2_500, ...ofIntent }
    const id = `evt_${crypto.randomUUID()}`
    const event = { ...intentEvent('succeeded', lie, id), ...ofEvent }
    expect((await deliverWebhook(stage.shop, event)).status).toBe(200)
    expect((await stage.shop.getOrder(stage.customer, order.id)).status).toBe('pending')
    expect(await storedEvent(id)).toEqual([{ type: 'payment_intent.succeeded', outcome: 'flagged', flag }])
    expect((await flaggedEvents()).events.find((kept) => kept.id === id)).toMatchObject({ flag })
  })

  it('about a refund of another amount than the shop requested is flagged', async () => {
    const { payment } = await newPaidOrder()
    const { token } = stage.admin
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const body = { amount: 5 }
    await stage.shop.request('POST', `/api/payments/${payment.id}/refund`, { token, body, headers })
    const refund = stage.platform.stripe.refunds().at(-1)
    const id = `evt_${crypto.randomUUID()}`
    const event = { ...intentEvent('succeeded', { ...refund, amount: 499 }, id), type: 'refund.updated' }
    expect((await deliverWebhook(stage.shop, event)).status).toBe(200)
    expect(await storedEvent(id)).toEqual([{ type: 'refund.updated', outcome: 'flagged', flag: 'another_amount' }])
    expect((await refundsOf(payment)).map(({ amount }) => amount)).toEqual([5])
  })

  it('is listed page by page, newest first', async () => {
    for (let times = 0; times < 2; times += 1) {
      await deliverWebhook(stage.shop, { ...intentEvent('succeeded', {}), account: 'acct_1' })
    }
    const first = await flaggedEvents('&limit=1')
    const second = await flaggedEvents(`&limit=1&cursor=${first.next_cursor}`)
    const both = await flaggedEvents('&limit=2')
    expect([...first.events, ...second.events]).toEqual(both.events)
    const { token } = stage.admin
    const forged = await stage.shop.request('GET', '/api/payments/events?flagged=true&cursor=x', { token })
    expect([forged.status, forged.body.code]).toEqual([422, 'invalid_cursor'])
  })
})

describe('a signed event of another shape', () => {
  const created = Math.floor(Date.now() / 1_000)
  const envelope = { object: 'event', type: 'payment_intent.succeeded', created, livemode: false }

  it.each([
    ['null', null],
    ['an empty object', {}],
    ['a list', [1]],
    ['a number', 7],
    ['of no type', { ...envelope, type: null, data: { object: {} } }],
    ['without data', envelope],
    ['about an object that Stripe does not have', { ...envelope, data: { object: { id: 'pi_nobody_has' } } }],
    [
      'thin, of a kind that the shop does not know',
      { object: 'v2.core.event', type: 'v2.money.moved', created: 'now' },
    ],
    ['that no column can hold', { ...envelope, id: 'x'.repeat(5_000), type: '\u0000', 'k\u0000': '\ud800' }],
  ])('%s is acknowledged, kept once and shown to staff', async (_, event) => {
    const flagged = async () => (await flaggedEvents()).events.filter(({ flag }) => flag === 'another_shape').length
    const before = await flagged()
    for (let times = 0; times < 2; times += 1) {
      // Any JSON can be signed.
      expect((await deliverWebhook(stage.shop, event as object)).status).toBe(200)
    }
    expect(await flagged()).toBe(before + 1)
  })

  it('that is no JSON, or not signed, is refused', async () => {
    const unreadable = { sentBody: '{"id":' }
    expect((await deliverWebhook(stage.shop, {}, unreadable)).body.code).toBe('invalid_signature')
    const forged = await deliverWebhook(stage.shop, {}, { secret: 'whsec_neither' })
    expect([forged.status, forged.body.code]).toEqual([400, 'invalid_signature'])
    const coded = await deliverWebhook(stage.shop, {}, { headers: { 'content-encoding': 'gzip' } })
    expect([coded.status, coded.body.code]).toEqual([415, 'unsupported_media_type'])
  })

  it('that only names its PaymentIntent applies what Stripe has', async () => {
    const order = await newOrder()
    const secret = (await stage.shop.pay(stage.customer, order)).body.payment.client_secret ?? ''
    stage.platform.stripe.webhooks.pause()
    expect(await confirmInBrowser(stage.platform.stripe, secret, 'pm_card_visa')).toBe(200)
    const [intent] = intentsOf(stage.platform.stripe, order)
    const id = `evt_${crypto.randomUUID()}`
    const event = {
      ...envelope,
      id,
      type: 'payment_intent.succeeded',
      data: { object: { id: intent?.id, amount: 'much' } },
    }
    expect((await deliverWebhook(stage.shop, event)).status).toBe(200)
    await orderBecomes(order, 'paid')
    expect(await storedEvent(id)).toEqual([{ type: 'payment_intent.succeeded', outcome: 'applied', flag: null }])
    stage.platform.stripe.webhooks.dropNext(stage.platform.stripe.webhooks.pending().length)
  })

  it('that is thin, as an endpoint with thin payloads receives all, is applied', async () => {
    const target = { url: `${stage.platform.url}/api/webhooks/stripe`, secret: LOCAL_STRIPE.webhookSecret }
    stage.platform.stripe.setWebhook({ ...target, payload: 'thin' })
    const order = await newOrder()
    const started = (await stage.shop.pay(stage.customer, order)).body
    expect(await confirmInBrowser(stage.platform.stripe, started.payment.client_secret ?? '', 'pm_card_visa')).toBe(200)
    await orderBecomes(order, 'paid')
    const [intent] = intentsOf(stage.platform.stripe, order)
    await dashboard().refunds.create({ payment_intent: intent?.id ?? '', amount: 1_000 })
    await orderBecomes(order, 'partially_refunded')
    stage.platform.stripe.setWebhook({ ...target, enabledEvents: WEBHOOK_EVENTS })
  })

  it('is kept without a client secret, like every event', async () => {
    const { intentId } = await newPaidOrder()
    const stored = async () =>
      (
        await payments().execute<{ payload: string }>(
          sql`select payload::text as payload from payments.stripe_events where intent_id = ${intentId}`,
        )
      ).rows
    const events = await eventually(stored, (found) => found.length > 0, 5_000)
    expect(JSON.stringify(events)).not.toMatch(/client_secret|_secret_/)
  })
})

describe('an event', () => {
  it('is accepted with the previous secret while secrets are rotated', async () => {
    const event = { ...intentEvent('succeeded', {}), type: 'customer.created' }
    expect((await deliverWebhook(stage.shop, event, { secret: OLD_SECRET })).status).toBe(200)
    expect((await deliverWebhook(stage.shop, event)).status).toBe(200)
    const forged = await deliverWebhook(stage.shop, event, { secret: 'whsec_neither' })
    expect([forged.status, forged.body.code]).toEqual([400, 'invalid_signature'])
  })

  it.each([
    ['ago', 301],
    ['from now', -310],
  ])('signed five minutes %s is refused', async (_, signedAgo) => {
    const event = intentEvent('succeeded', {})
    expect((await deliverWebhook(stage.shop, event, { signedAgo })).status).toBe(400)
    expect((await deliverWebhook(stage.shop, event, { signedAgo: Math.trunc(signedAgo * 0.9) })).status).toBe(200)
  })

  it('unrelated to the shop is stored once and acknowledged', async () => {
    const id = `evt_${crypto.randomUUID()}`
    const event = { ...intentEvent('succeeded', { object: 'customer', id: 'cus_1' }, id), type: 'customer.created' }
    for (let times = 0; times < 2; times += 1) expect((await deliverWebhook(stage.shop, event)).status).toBe(200)
    expect(await storedEvent(id)).toEqual([{ type: 'customer.created', outcome: 'ignored', flag: null }])
  })

  it('about money that is not this shop’s is stored and acknowledged', async () => {
    const elsewhere = { id: 're_1', object: 'refund', amount: 100, currency: 'usd', status: 'succeeded', metadata: {} }
    const foreign = { ...elsewhere, payment_intent: 'pi_elsewhere', balance_transaction: 'txn_1' }
    const id = `evt_${crypto.randomUUID()}`
    const event = { ...intentEvent('succeeded', foreign, id), type: 'refund.updated' }
    expect((await deliverWebhook(stage.shop, event)).status).toBe(200)
    expect(await storedEvent(id)).toMatchObject([{ outcome: 'ignored' }])
  })
})

describe('the webhooks of one payment', () => {
  it('have the same result in every order', async () => {
    const { stripe } = stage.platform
    stripe.webhooks.pause()
    const order = await newOrder()
    await stage.shop.pay(stage.customer, order, 'pm_card_visa_chargeDeclined')
    await stage.shop.pay(stage.customer, order, 'pm_card_visa')
    const [intent] = intentsOf(stripe, order)
    const told = stripe.events().filter(({ data }) => (data.object as { id?: string }).id === intent?.id)
    expect(told.length).toBeGreaterThanOrEqual(3)
    for (const event of [...told.toReversed(), ...told]) {
      expect((await deliverWebhook(stage.shop, event)).status).toBe(200)
    }
    await orderBecomes(order, 'paid')
    expect(moneyKept(stripe, order)).toBe(2_500)
    stripe.webhooks.dropNext(stripe.webhooks.pending().length)
  })
})
