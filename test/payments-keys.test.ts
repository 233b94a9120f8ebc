import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import { intentsOf, moneyKept } from '@shop/testing/stripe-js'
import { afterEach, describe, expect, it } from 'vitest'
import { QUICK_CHECKS, useFreshCustomer, useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform(QUICK_CHECKS)
useFreshCustomer(stage)

const CREATE = { method: 'POST', path: '/v1/payment_intents' }

afterEach(() => {
  stage.platform.stripe.faults.clear()
})

/** An order of 25.00 USD of a new product. */
async function newOrder(): Promise<OrderBody> {
  const { shop, admin, customer } = stage
  const product = await shop.addProduct(admin, { price: 12.5 })
  return (await shop.placeOrder(customer, [[product, 2]])).body.order
}

const pay = (order: OrderBody, method: string | undefined, key: string) =>
  stage.shop.request('POST', '/api/payments', {
    token: stage.customer.token,
    body: { order_id: order.id, ...(method === undefined ? {} : { payment_method: method }) },
    headers: { 'idempotency-key': key },
  })
const charges = (order: OrderBody) => {
  const ids = new Set(intentsOf(stage.platform.stripe, order).map(({ id }) => id))
  return stage.platform.stripe.charges().filter(({ payment_intent: intent }) => ids.has(String(intent)))
}
const isReplayed = ({ headers }: { headers: Headers }) => headers.get('idempotency-replayed') === 'true'

describe('a payment with an idempotency key', () => {
  it('that is sent again gets the first answer, and charges nothing', async () => {
    const order = await newOrder()
    const key = crypto.randomUUID()
    const first = await pay(order, 'pm_card_visa', key)
    const again = await pay(order, 'pm_card_visa', key)
    expect([first.status, again.status, again.body]).toEqual([201, 201, first.body])
    expect([first, again].map(isReplayed)).toEqual([false, true])
    expect(charges(order)).toHaveLength(1)
  })

  it('that was declined stays declined for its key, even after another card has paid', async () => {
    const order = await newOrder()
    const key = crypto.randomUUID()
    const first = await pay(order, 'pm_card_visa_chargeDeclined', key)
    const again = await pay(order, 'pm_card_visa_chargeDeclined', key)
    expect(first.status).toBe(402)
    expect([again.status, again.body.decline_code, isReplayed(again)]).toEqual([402, 'generic_decline', true])
    expect(charges(order)).toHaveLength(1)
    expect((await pay(order, 'pm_card_visa', crypto.randomUUID())).status).toBe(201)
    expect((await pay(order, 'pm_card_visa_chargeDeclined', key)).status).toBe(402)
    expect(charges(order)).toHaveLength(2)
  })

  it('without a payment method returns the same waiting payment', async () => {
    const order = await newOrder()
    const [first, second] = [crypto.randomUUID(), crypto.randomUUID()]
    const started = await pay(order, undefined, first)
    const shown = await pay(order, undefined, second)
    expect(shown.body).toEqual(started.body)
    expect([await pay(order, undefined, first), await pay(order, undefined, second)].map(isReplayed)).toEqual([
      true,
      true,
    ])
  })

  it('cannot be reused for another payment', async () => {
    const order = await newOrder()
    const key = crypto.randomUUID()
    await pay(order, 'pm_card_visa_chargeDeclined', key)
    const other = await pay(order, 'pm_card_visa', key)
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused'])
    expect((await pay(await newOrder(), 'pm_card_visa_chargeDeclined', key)).status).toBe(422)
  })

  it('sent ten times at once is one charge: each answer is that charge, or that it is in flight', async () => {
    const order = await newOrder()
    const key = crypto.randomUUID()
    const answers = await Promise.all(Array.from({ length: 10 }, () => pay(order, 'pm_card_visa', key)))
    expect(answers.filter((answer) => answer.status === 201 && !isReplayed(answer))).toHaveLength(1)
    for (const { status, body } of answers) {
      if (status !== 201) expect([status, body.code]).toEqual([409, 'idempotency_in_flight'])
    }
    expect(charges(order)).toHaveLength(1)
  })

  it('that was refused before anything happened runs again', async () => {
    const order = await newOrder()
    const key = crypto.randomUUID()
    expect((await pay(order, 'pm_nonexistent', key)).status).toBe(422)
    const again = await pay(order, 'pm_nonexistent', key)
    expect([again.status, isReplayed(again)]).toEqual([422, false])
    expect((await pay(order, 'pm_card_visa', key)).status).toBe(201)
  })

  it('whose answer was lost stays in flight until the outcome is known, and then returns it', async () => {
    const order = await newOrder()
    const key = crypto.randomUUID()
    stage.platform.stripe.webhooks.pause()
    stage.platform.stripe.faults.add({ kind: 'cut_after', match: CREATE, times: 2 })
    expect((await pay(order, 'pm_card_visa', key)).status).toBe(503)
    expect((await pay(order, 'pm_card_visa', key)).body.code).toBe('idempotency_in_flight')
    const look = async () => {
      await stage.platform.sweep()
      return pay(order, 'pm_card_visa', key)
    }
    const found = await eventually(look, ({ status }) => status === 201, 8_000)
    stage.platform.stripe.webhooks.resume()
    expect([isReplayed(found), found.body.payment.status]).toEqual([true, 'succeeded'])
    expect(moneyKept(stage.platform.stripe, order)).toBe(2_500)
  })
})

describe('a guest', () => {
  it('pays with the token of their order, and sees the payment and its refunds with it', async () => {
    const { shop, admin } = stage
    const product = await shop.addProduct(admin)
    const body = { items: [{ product_id: product.id, quantity: 1 }], email: `${crypto.randomUUID()}@example.com` }
    const { order, order_token: token } = (await shop.request('POST', '/api/orders', { body })).body
    const headers = { 'x-order-token': token, 'idempotency-key': crypto.randomUUID() }
    const payment = { order_id: order.id, payment_method: 'pm_card_visa' }
    const paid = await shop.request('POST', '/api/payments', { body: payment, headers })
    expect([paid.status, paid.body.payment.status]).toEqual([201, 'succeeded'])
    const again = await shop.request('POST', '/api/payments', { body: payment, headers })
    expect([again.status, isReplayed(again)]).toEqual([201, true])
    const path = `/api/payments/${paid.body.payment.id}`
    const stranger = { 'x-order-token': `v1.${'A'.repeat(43)}` }
    for (const [of, mine, theirs] of [
      [path, 200, 404],
      [`${path}/refunds`, 200, 404],
      [`/api/payments/order/${order.id}`, 200, 404],
    ] as const) {
      expect((await shop.request('GET', of, { headers })).status).toBe(mine)
      expect((await shop.request('GET', of, { headers: stranger })).status).toBe(theirs)
      expect((await shop.request('GET', of)).status).toBe(401)
      expect((await shop.request('GET', of, { token: stage.customer.token })).status).toBe(404)
    }
    const refund = await shop.request('POST', `${path}/refund`, { body: {}, headers })
    expect([refund.status, refund.body.code]).toEqual([401, 'authentication_required'])
  })
})
