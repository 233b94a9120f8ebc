import type { OrderBody } from '@shop/testing/order-body'
import type { Account } from '@shop/testing/shop'
import { confirmInBrowser, intentsOf, moneyKept } from '@shop/testing/stripe-js'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

async function newOrder(customer: Account): Promise<OrderBody> {
  const product = await stage.shop.addProduct(stage.admin, { price: 25 })
  return (await stage.shop.placeOrder(customer, [[product, 1]])).body.order
}

const pay = (account: Account, order: OrderBody, body: object) =>
  stage.shop.request('POST', '/api/payments', { token: account.token, body: { order_id: order.id, ...body } })

async function methodsOf(account: Account) {
  return (await stage.shop.request('GET', '/api/payments/methods', { token: account.token })).body.payment_methods
}

const forget = (account: Account, id: string) =>
  stage.shop.request('DELETE', `/api/payments/methods/${id}`, { token: account.token })

/** A customer who has paid once and saved the card. */
async function customerWithCard(method = 'pm_card_visa') {
  const customer = await stage.shop.signUp()
  const order = await newOrder(customer)
  expect((await pay(customer, order, { payment_method: method, save_payment_method: true })).status).toBe(201)
  const [card] = await methodsOf(customer)
  return { customer, card: card?.id ?? '' }
}

describe('a card', () => {
  it('is saved when the customer asks for it, with its brand and last digits, and pays the next order', async () => {
    const { customer, card } = await customerWithCard()
    expect(await methodsOf(customer)).toEqual([
      { id: card, brand: 'visa', last4: '4242', exp_month: expect.any(Number), exp_year: expect.any(Number) },
    ])
    const next = await newOrder(customer)
    const paid = await pay(customer, next, { payment_method: card })
    expect([paid.status, paid.body.payment?.status]).toEqual([201, 'succeeded'])
    expect(moneyKept(stage.platform.stripe, next)).toBe(2_500)
  })

  it('is not saved unless the customer asks for it', async () => {
    const customer = await stage.shop.signUp()
    await pay(customer, await newOrder(customer), { payment_method: 'pm_card_visa' })
    expect(await methodsOf(customer)).toEqual([])
  })

  it('is saved too when the customer confirms the payment with Stripe directly', async () => {
    const customer = await stage.shop.signUp()
    const started = await pay(customer, await newOrder(customer), { save_payment_method: true })
    const secret = started.body.payment.client_secret ?? ''
    expect(await confirmInBrowser(stage.platform.stripe, secret, 'pm_card_mastercard')).toBe(200)
    expect((await methodsOf(customer)).map(({ brand }) => brand)).toEqual(['mastercard'])
  })

  it('is removed with If-Match only while the list is as the customer saw it', async () => {
    const { customer, card } = await customerWithCard()
    const { token } = customer
    const list = () => stage.shop.request('GET', '/api/payments/methods', { token })
    const remove = (ifMatch: string) =>
      stage.shop.request('DELETE', `/api/payments/methods/${card}`, { token, headers: { 'if-match': ifMatch } })
    const seen = (await list()).headers.get('etag') ?? ''
    await pay(customer, await newOrder(customer), { payment_method: 'pm_card_mastercard', save_payment_method: true })
    for (const stale of [seen, `W/${seen}`, '"1"']) {
      const refused = await remove(stale)
      expect([refused.status, refused.body.code]).toEqual([412, 'version_conflict'])
    }
    expect((await remove('1')).status).toBe(400)
    expect((await remove((await list()).headers.get('etag') ?? '')).status).toBe(200)
    expect((await methodsOf(customer)).map(({ brand }) => brand)).toEqual(['mastercard'])
  })

  it('that is declined is not saved; the one that pays instead is', async () => {
    const customer = await stage.shop.signUp()
    const order = await newOrder(customer)
    const options = { save_payment_method: true }
    const declined = await pay(customer, order, { payment_method: 'pm_card_visa_chargeDeclined', ...options })
    expect([declined.status, await methodsOf(customer)]).toEqual([402, []])
    const paid = await pay(customer, order, { payment_method: 'pm_card_mastercard', ...options })
    expect([paid.status, (await methodsOf(customer)).map(({ brand }) => brand)]).toEqual([201, ['mastercard']])
    expect(intentsOf(stage.platform.stripe, order)).toHaveLength(1)
  })

  it('that was saved later continues a payment that began before', async () => {
    const customer = await stage.shop.signUp()
    const begun = await newOrder(customer)
    await pay(customer, begun, {})
    await pay(customer, await newOrder(customer), { payment_method: 'pm_card_visa', save_payment_method: true })
    const [card] = await methodsOf(customer)
    const paid = await pay(customer, begun, { payment_method: card?.id })
    expect([paid.status, paid.body.payment?.status]).toEqual([201, 'succeeded'])
    expect(intentsOf(stage.platform.stripe, begun)).toHaveLength(1)
  })

  it('that is saved again is listed once, pays in either copy, and is removed with all of them', async () => {
    const { customer, card } = await customerWithCard()
    const again = { payment_method: 'pm_card_visa', save_payment_method: true }
    expect((await pay(customer, await newOrder(customer), again)).status).toBe(201)
    await pay(customer, await newOrder(customer), { payment_method: 'pm_card_mastercard', save_payment_method: true })
    const listed = await methodsOf(customer)
    expect(listed.map(({ brand }) => brand).sort()).toEqual(['mastercard', 'visa'])
    const newest = listed.find(({ brand }) => brand === 'visa')?.id ?? ''
    expect(newest).not.toBe(card)
    for (const id of [card, newest]) {
      expect((await pay(customer, await newOrder(customer), { payment_method: id })).status).toBe(201)
    }
    expect((await forget(customer, newest)).status).toBe(200)
    expect((await methodsOf(customer)).map(({ brand }) => brand)).toEqual(['mastercard'])
    const gone = await pay(customer, await newOrder(customer), { payment_method: card })
    expect((await forget(customer, card)).body.code).toBe('payment_method_not_found')
    expect([201, 422]).toContain(gone.status)
  })

  it('is removed on request, once', async () => {
    const { customer, card } = await customerWithCard()
    expect((await forget(customer, card)).status).toBe(200)
    expect(await methodsOf(customer)).toEqual([])
    expect((await forget(customer, card)).body.code).toBe('payment_method_not_found')
  })
})

describe('the card of somebody else', () => {
  it('does not pay, whether or not the customer has saved cards', async () => {
    const { card } = await customerWithCard()
    const stranger = await stage.shop.signUp()
    const { customer: other } = await customerWithCard('pm_card_mastercard')
    for (const account of [stranger, other]) {
      const order = await newOrder(account)
      const refused = await pay(account, order, { payment_method: card })
      expect([refused.status, refused.body.code]).toEqual([422, 'invalid_payment_method'])
      expect(moneyKept(stage.platform.stripe, order)).toBe(0)
    }
  })

  it('does not pay for staff, who may pay the order of the card’s owner', async () => {
    const { customer, card } = await customerWithCard()
    const order = await newOrder(customer)
    const refused = await pay(stage.admin, order, { payment_method: card })
    expect([refused.status, refused.body.code]).toEqual([422, 'invalid_payment_method'])
    const paid = await pay(stage.admin, order, { payment_method: 'pm_card_visa' })
    expect([paid.status, moneyKept(stage.platform.stripe, order)]).toEqual([201, 2_500])
    const saved = await pay(stage.admin, await newOrder(customer), { save_payment_method: true })
    expect([saved.status, saved.body.code]).toEqual([403, 'forbidden'])
  })

  it('cannot be listed or removed', async () => {
    const { customer, card } = await customerWithCard()
    const stranger = await stage.shop.signUp()
    expect(await methodsOf(stranger)).toEqual([])
    for (const id of [card, 'pm_no_such_card']) {
      expect((await forget(stranger, id)).body.code).toBe('payment_method_not_found')
    }
    expect(await methodsOf(customer)).toHaveLength(1)
  })
})

describe('what is no payment method', () => {
  it.each([
    'tok_visa',
    '4242424242424242',
    '4242 4242 4242 4242',
    '4242-4242-4242-4242',
    'pm_4242424242424242',
    'PM_card_visa',
    'paypal',
    '',
    ' ',
  ])('%j is refused, creates nothing and is not repeated in the answer', async (text) => {
    const order = await newOrder(stage.customer)
    for (const body of [{ payment_method: text }, { payment_method_id: text }]) {
      const refused = await pay(stage.customer, order, body)
      expect([refused.status, refused.body.code]).toEqual([422, 'invalid_payment_method'])
      expect(Object.values(refused.body).filter((value) => text.trim() !== '' && String(value).includes(text))).toEqual(
        [],
      )
    }
    expect(intentsOf(stage.platform.stripe, order)).toEqual([])
    const { status } = await stage.shop.request('GET', `/api/payments/order/${order.id}`, {
      token: stage.customer.token,
    })
    expect(status).toBe(404)
  })

  it.each(['card', 'credit_card', 'debit_card'])('%s is a kind that older clients send', async (kind) => {
    const paid = await pay(stage.customer, await newOrder(stage.customer), { payment_method: kind })
    expect([paid.status, paid.body.payment?.status]).toEqual([201, 'requires_payment_method'])
  })
})

describe('a customer', () => {
  it('is one customer at Stripe, however often and concurrently they save cards', async () => {
    const customer = await stage.shop.signUp()
    const orders = await Promise.all(Array.from({ length: 4 }, () => newOrder(customer)))
    const body = { payment_method: 'pm_card_visa', save_payment_method: true }
    const paid = await Promise.all(orders.map((order) => pay(customer, order, body)))
    expect(paid.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    const intents = orders.flatMap((order) => intentsOf(stage.platform.stripe, order))
    expect(new Set(intents.map((intent) => intent.customer)).size).toBe(1)
    const kept = await stage.platform.database
      .as('payments')
      .execute(sql`select stripe_customer_id as id from payments.customers where user_id = ${customer.user.id}`)
    expect(kept.rows).toEqual([{ id: intents[0]?.customer }])
    expect(await methodsOf(customer)).toHaveLength(1)
  })

  it('without an account has no saved cards, and needs none to pay', async () => {
    expect((await stage.shop.request('GET', '/api/payments/methods')).status).toBe(401)
    expect(await methodsOf(await stage.shop.signUp())).toEqual([])
  })

  it('is not charged when Stripe does not answer and their card cannot be saved', async () => {
    const customer = await stage.shop.signUp()
    const order = await newOrder(customer)
    stage.platform.stripe.faults.add({ kind: 'cut_before', match: { path: '/v1/customers' }, times: 2 })
    const body = { payment_method: 'pm_card_visa', save_payment_method: true }
    const refused = await pay(customer, order, body)
    expect([refused.status, refused.body.code]).toEqual([503, 'payment_provider_unavailable'])
    expect(intentsOf(stage.platform.stripe, order)).toEqual([])
    expect((await pay(customer, order, body)).status).toBe(201)
  })
})
