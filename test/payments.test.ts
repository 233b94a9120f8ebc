import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import { confirmInBrowser, intentsOf, moneyKept } from '@shop/testing/stripe-js'
import { deliverWebhook, intentEvent } from '@shop/testing/webhook'
import { afterEach, describe, expect, it } from 'vitest'
import { useFreshCustomer, usePlatform } from './support/use-platform.ts'

const stage = usePlatform({ attemptSeconds: 1, paymentCheckSeconds: 1 })
useFreshCustomer(stage)

const CREATE = { method: 'POST', path: '/v1/payment_intents' }
const SWEEP_WITHIN_MS = 8_000

afterEach(() => {
  stage.platform.stripe.faults.clear()
  stage.platform.stripe.webhooks.resume()
})

/** An order of 25.00 USD of a new product. */
async function newOrder(): Promise<OrderBody> {
  const { shop, admin, customer } = stage
  const product = await shop.addProduct(admin, { price: 12.5 })
  return (await shop.placeOrder(customer, [[product, 2]])).body.order
}

const pay = (order: OrderBody, method?: string) => stage.shop.pay(stage.customer, order, method)
const readOrder = (order: OrderBody) => stage.shop.getOrder(stage.customer, order.id)
const becomesPaid = (order: OrderBody) => stage.shop.orderBecomes(stage.customer, order.id, 'processing', 'paid')
const intents = (order: OrderBody) => intentsOf(stage.platform.stripe, order)
const kept = (order: OrderBody) => moneyKept(stage.platform.stripe, order)

async function readPayment(order: OrderBody) {
  const { token } = stage.customer
  return (await stage.shop.request('GET', `/api/payments/order/${order.id}`, { token })).body.payment
}

/** Sweeps until the order is paid: a call to Stripe counts as lost only after a while. */
function becomesPaidBySweeping(order: OrderBody): Promise<OrderBody> {
  const look = async () => {
    await stage.platform.sweep()
    return readOrder(order)
  }
  return eventually(look, ({ status }) => status === 'processing', SWEEP_WITHIN_MS)
}

/** Discards every webhook until the function has ended. */
async function withoutWebhooks<T>(act: () => Promise<T>): Promise<T> {
  const { webhooks } = stage.platform.stripe
  webhooks.pause()
  try {
    return await act()
  } finally {
    webhooks.dropNext(webhooks.pending().length)
    webhooks.resume()
    await eventually(
      async () => webhooks.pending(),
      (pending) => pending.length === 0,
      5_000,
    )
  }
}

describe('a declined payment', () => {
  it.each([
    ['pm_card_visa_chargeDeclined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
  ])('with %s says %s, and the next try succeeds on the same PaymentIntent', async (method, declineCode) => {
    const order = await newOrder()
    const declined = await pay(order, method)
    expect(declined.status).toBe(402)
    expect(declined.body).toMatchObject({ code: 'payment_declined', decline_code: declineCode })
    expect(await readOrder(order)).toMatchObject({ status: 'pending', payment_status: 'unpaid' })
    const paid = await pay(order, 'pm_card_visa')
    expect([paid.status, paid.body.payment.status]).toEqual([201, 'succeeded'])
    expect(paid.body.payment.id).toBe(declined.body.payment_id)
    await becomesPaid(order)
    expect(intents(order)).toHaveLength(1)
    expect(kept(order)).toBe(2_500)
  })

  it('may be declined repeatedly', async () => {
    const order = await newOrder()
    for (let times = 0; times < 3; times += 1) {
      expect((await pay(order, 'pm_card_visa_chargeDeclined')).status).toBe(402)
    }
    expect(intents(order)).toHaveLength(1)
    expect((await pay(order, 'pm_card_visa')).status).toBe(201)
  })

  it('with an unknown payment method gets an error of its own', async () => {
    const order = await newOrder()
    const refused = await pay(order, 'pm_no_such_card')
    expect([refused.status, refused.body.code]).toEqual([422, 'invalid_payment_method'])
    expect((await pay(order, 'pm_card_visa')).status).toBe(201)
    expect(kept(order)).toBe(2_500)
  })
})

describe('a payment confirmed by the client', () => {
  it('starts with a client secret and is settled by the webhook', async () => {
    const order = await newOrder()
    const started = await pay(order)
    expect(started.status).toBe(201)
    expect(started.body.payment).toMatchObject({ status: 'requires_payment_method', amount: 25 })
    const again = await pay(order)
    expect([again.status, again.body.payment]).toEqual([201, started.body.payment])
    const secret = started.body.payment.client_secret ?? ''
    expect(await confirmInBrowser(stage.platform.stripe, secret, 'pm_card_visa')).toBe(200)
    await becomesPaid(order)
    expect((await readPayment(order)).status).toBe('succeeded')
    expect(kept(order)).toBe(2_500)
  })

  it('is found by the sweep when no webhook arrives', async () => {
    const order = await newOrder()
    const secret = (await pay(order)).body.payment.client_secret ?? ''
    await withoutWebhooks(() => confirmInBrowser(stage.platform.stripe, secret, 'pm_card_visa'))
    expect((await readOrder(order)).status).toBe('pending')
    await becomesPaidBySweeping(order)
    expect(kept(order)).toBe(2_500)
  })

  it('that needs authentication can still be paid with another card', async () => {
    const order = await newOrder()
    const asked = await pay(order, 'pm_card_authenticationRequired')
    expect([asked.status, asked.body.payment.status]).toEqual([201, 'requires_action'])
    const paid = await pay(order, 'pm_card_visa')
    expect([paid.status, paid.body.payment.status]).toEqual([201, 'succeeded'])
    expect(intents(order)).toHaveLength(1)
    await becomesPaid(order)
  })
})

describe('the body of a payment request', () => {
  it('may use the older field names', async () => {
    const order = await newOrder()
    const body = {
      order_id: order.id,
      payment_method: 'credit_card',
      payment_method_id: 'pm_card_visa',
      amount: 25,
      currency: 'usd',
    }
    const paid = await stage.shop.request('POST', '/api/payments', { token: stage.customer.token, body })
    expect([paid.status, paid.body.payment.status]).toEqual([201, 'succeeded'])
  })

  it.each([
    [{ amount: 24.99 }, 'amount'],
    [{ amount: 25.001 }, 'amount'],
    [{ amount: 25, currency: 'EUR' }, 'currency'],
  ])('of the amount, %j, must be what the order says', async (claim, field) => {
    const order = await newOrder()
    const body = { order_id: order.id, payment_method: 'pm_card_visa', ...claim }
    const refused = await stage.shop.request('POST', '/api/payments', { token: stage.customer.token, body })
    expect([refused.status, refused.body.code, refused.body.field]).toEqual([422, 'amount_mismatch', field])
    expect(intents(order)).toEqual([])
  })

  it('of somebody else’s order, or of an unknown one, is answered with 404', async () => {
    const { shop } = stage
    const order = await newOrder()
    const stranger = await shop.signUp()
    const ofStranger = await shop.pay(stranger, order, 'pm_card_visa')
    const none = await shop.pay(stranger, { ...order, id: 'order_01jd4k2v9rf0fv8z3x1m5q7w2e' }, 'pm_card_visa')
    expect([ofStranger.status, ofStranger.body.code]).toEqual([404, 'order_not_found'])
    expect([none.status, none.body.code]).toEqual([404, 'order_not_found'])
    const payment = (await pay(order)).body.payment
    for (const path of [`/api/payments/${payment.id}`, `/api/payments/order/${order.id}`]) {
      expect((await shop.request('GET', path, { token: stranger.token })).status).toBe(404)
      expect((await shop.request('GET', path, { token: stage.admin.token })).body.payment.id).toBe(payment.id)
    }
  })
})

describe('an order', () => {
  it('is paid once', async () => {
    const order = await newOrder()
    await pay(order, 'pm_card_visa')
    const again = await pay(order, 'pm_card_visa')
    expect([again.status, again.body.code]).toEqual([409, 'order_already_paid'])
    expect(kept(order)).toBe(2_500)
  })

  it('paid ten times at once has one payment, and one PaymentIntent is captured', async () => {
    const order = await newOrder()
    const answers = await Promise.all(Array.from({ length: 10 }, () => pay(order, 'pm_card_visa')))
    const accepted = answers.filter(({ status }) => status === 201)
    expect(accepted.length).toBeGreaterThan(0)
    expect(new Set(accepted.map(({ body }) => body.payment.id)).size).toBe(1)
    for (const { status, body } of answers) {
      if (status !== 201)
        expect([409, ['payment_in_progress', 'order_already_paid'].includes(body.code)]).toEqual([status, true])
    }
    await becomesPaid(order)
    expect(intents(order)).toHaveLength(1)
    expect(kept(order)).toBe(2_500)
  })
})

describe('a webhook', () => {
  it('that arrives before the reply makes the order paid, and the reply says so', async () => {
    const order = await newOrder()
    stage.platform.stripe.faults.add({ kind: 'delay', at: 'after', ms: 1_500, match: CREATE })
    const reply = pay(order, 'pm_card_visa')
    let replied = false
    reply.then(() => {
      replied = true
    })
    await becomesPaid(order)
    expect(replied).toBe(false)
    expect((await reply).body.payment.status).toBe('succeeded')
    expect(kept(order)).toBe(2_500)
  })

  it('that arrives twice changes nothing the second time', async () => {
    const order = await newOrder()
    const { stripe } = stage.platform
    await pay(order, 'pm_card_visa')
    await becomesPaid(order)
    const before = await readOrder(order)
    const [intent] = intents(order)
    const event = stripe
      .events()
      .find(
        ({ type, data }) => type === 'payment_intent.succeeded' && 'id' in data.object && data.object.id === intent?.id,
      )
    const attemptsOf = () => stripe.webhooks.attempts().filter(({ eventId }) => eventId === event?.id)
    await eventually(
      async () => attemptsOf().length,
      (count) => count === 1,
      4_000,
    )
    stripe.webhooks.redeliver(event?.id ?? '')
    await eventually(
      async () => attemptsOf().length,
      (count) => count === 2,
      4_000,
    )
    expect(attemptsOf().map(({ result }) => result)).toEqual([200, 200])
    expect(await readOrder(order)).toEqual(before)
    expect(kept(order)).toBe(2_500)
  })

  it('that never arrives is not needed when the reply did', async () => {
    const order = await newOrder()
    const paid = await withoutWebhooks(() => pay(order, 'pm_card_visa'))
    expect(paid.status).toBe(201)
    await becomesPaid(order)
  })

  it.each([
    ['another secret', { secret: 'whsec_of_somebody_else' }],
    ['a signature of ten minutes ago', { signedAgo: 600 }],
    ['a signature of ten minutes from now', { signedAgo: -600 }],
  ])('with %s is refused and changes nothing', async (_, options) => {
    const order = await newOrder()
    await pay(order)
    const [intent] = intents(order)
    const refused = await deliverWebhook(
      stage.shop,
      intentEvent('succeeded', { ...intent, status: 'succeeded' }),
      options,
    )
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid_signature'])
    expect((await readPayment(order)).status).toBe('requires_payment_method')
    expect((await readOrder(order)).status).toBe('pending')
  })

  it('whose body was altered or has no signature is refused and changes nothing', async () => {
    const order = await newOrder()
    await pay(order)
    const [intent] = intents(order)
    const failed = intentEvent('payment_failed', intent ?? {})
    const sentBody = JSON.stringify(intentEvent('succeeded', { ...intent, status: 'succeeded' }))
    expect((await deliverWebhook(stage.shop, failed, { sentBody })).status).toBe(400)
    expect((await stage.shop.request('POST', '/api/webhooks/stripe', { rawBody: sentBody })).status).toBe(400)
    expect((await readOrder(order)).status).toBe('pending')
  })

  it('of an unknown PaymentIntent, or of another type, is acknowledged', async () => {
    const foreign = {
      id: 'pi_foreign',
      object: 'payment_intent',
      amount: 100,
      currency: 'usd',
      status: 'succeeded',
      metadata: {},
    }
    expect((await deliverWebhook(stage.shop, intentEvent('succeeded', foreign))).status).toBe(200)
    const unknown = { ...foreign, metadata: { payment_id: 'pay_01jd4k2v9rf0fv8z3x1m5q7w2e' } }
    expect((await deliverWebhook(stage.shop, intentEvent('succeeded', unknown))).status).toBe(200)
    const customer = { id: 'evt_customer', object: 'event', type: 'customer.created', created: 1, data: { object: {} } }
    expect((await deliverWebhook(stage.shop, customer)).status).toBe(200)
  })

  it.each([
    ['amount', { amount: 1 }],
    ['currency', { currency: 'eur' }],
    ['PaymentIntent', { id: 'pi_another' }],
  ])('with another %s than the payment’s is acknowledged and changes nothing', async (_, change) => {
    const order = await newOrder()
    await pay(order)
    const [intent] = intents(order)
    const lie = intentEvent('succeeded', { ...intent, status: 'succeeded', ...change })
    expect((await deliverWebhook(stage.shop, lie)).status).toBe(200)
    expect((await readPayment(order)).status).toBe('requires_payment_method')
    expect((await readOrder(order)).status).toBe('pending')
  })
})

describe('when Stripe fails', () => {
  it('after the work with its reply lost, the outcome is unknown; the sweep makes the order paid, charged once', async () => {
    const order = await newOrder()
    const lost = await withoutWebhooks(() => {
      stage.platform.stripe.faults.add({ kind: 'cut_after', match: CREATE, times: 2 })
      return pay(order, 'pm_card_visa')
    })
    expect([lost.status, lost.body.code]).toEqual([503, 'payment_provider_unavailable'])
    expect(Number(lost.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await readOrder(order)).status).toBe('pending')
    expect((await pay(order, 'pm_card_visa')).body.code).toBe('payment_in_progress')
    await becomesPaidBySweeping(order)
    expect(intents(order)).toHaveLength(1)
    expect(kept(order)).toBe(2_500)
  })

  it('after the work with its reply lost, the webhook makes the order paid', async () => {
    const order = await newOrder()
    stage.platform.stripe.faults.add({ kind: 'cut_after', match: CREATE, times: 2 })
    expect((await pay(order, 'pm_card_visa')).status).toBe(503)
    await becomesPaid(order)
    expect(kept(order)).toBe(2_500)
  })

  it('before the work, the sweep retries with the same key, charged once', async () => {
    const order = await newOrder()
    stage.platform.stripe.faults.add({ kind: 'cut_before', match: CREATE, times: 2 })
    expect((await pay(order, 'pm_card_visa')).status).toBe(503)
    expect(intents(order)).toEqual([])
    await becomesPaidBySweeping(order)
    expect(kept(order)).toBe(2_500)
  })

  it('with an error that it replays for the key, the order becomes payable again', async () => {
    const order = await newOrder()
    stage.platform.stripe.faults.add({ kind: 'status', status: 500, at: 'during', match: CREATE })
    expect((await pay(order, 'pm_card_visa')).status).toBe(503)
    const payAgain = async () => {
      await stage.platform.sweep()
      return (await pay(order, 'pm_card_visa')).status
    }
    await eventually(payAgain, (status) => status === 201, SWEEP_WITHIN_MS)
    await becomesPaid(order)
    expect(intents(order)).toHaveLength(1)
    expect(kept(order)).toBe(2_500)
  })

  it('with an error after it took the money, the sweep finds the money', async () => {
    const order = await newOrder()
    const lost = await withoutWebhooks(() => {
      stage.platform.stripe.faults.add({ kind: 'status', status: 500, at: 'after', match: CREATE })
      return pay(order, 'pm_card_visa')
    })
    expect(lost.status).toBe(503)
    await becomesPaidBySweeping(order)
    expect(intents(order)).toHaveLength(1)
    expect(kept(order)).toBe(2_500)
  })

  it('while a second card is tried, the sweep finds the outcome', async () => {
    const order = await newOrder()
    await pay(order, 'pm_card_visa_chargeDeclined')
    const path = '/v1/payment_intents/:id/confirm'
    const lost = await withoutWebhooks(() => {
      stage.platform.stripe.faults.add({ kind: 'status', status: 500, at: 'after', match: { method: 'POST', path } })
      return pay(order, 'pm_card_visa')
    })
    expect(lost.status).toBe(503)
    await becomesPaidBySweeping(order)
    expect(kept(order)).toBe(2_500)
  })
})

describe('a bank debit', () => {
  it('stays in processing, blocks a second payment, and makes the order paid when it succeeds', async () => {
    const order = await newOrder()
    const started = await pay(order, 'pm_usBankAccount')
    expect([started.status, started.body.payment.status]).toEqual([201, 'processing'])
    expect((await pay(order, 'pm_card_visa')).body.code).toBe('payment_in_progress')
    expect((await readOrder(order)).status).toBe('pending')
    stage.platform.stripe.settle(intents(order)[0]?.id ?? '', 'succeed')
    await becomesPaid(order)
    expect(kept(order)).toBe(2_500)
  })

  it('leaves the order payable when it fails', async () => {
    const order = await newOrder()
    await pay(order, 'pm_usBankAccount')
    stage.platform.stripe.settle(intents(order)[0]?.id ?? '', 'fail')
    // Within the second of the reply the webhook may be older than it; then the sweep asks Stripe.
    const look = async () => {
      await stage.platform.sweep()
      return readPayment(order)
    }
    await eventually(look, ({ status }) => status === 'requires_payment_method', SWEEP_WITHIN_MS)
    expect((await pay(order, 'pm_card_visa')).status).toBe(201)
    await becomesPaid(order)
    expect(kept(order)).toBe(2_500)
  })
})
