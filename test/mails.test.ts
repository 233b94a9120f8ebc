import type { Mail } from '@shop/mail-emulator'
import { signedHeaders } from '@shop/mail-emulator/webhooks/signature'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { Account } from '@shop/testing/shop'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { useFreshCustomer, useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()
useFreshCustomer(stage)

/** An event of a payment is first pulled 10 s after it was written. */
const WITHIN_MS = 25_000

afterEach(() => stage.platform.mail.faults.clear())

/** By default all but the first mail of an account, which verifies its address. */
const mailsTo = (email: string, subject = /^(?!Confirm your e-mail address)/): Mail[] =>
  stage.platform.mail.mails({ to: email }).filter((mail) => subject.test(mail.subject))

/** Waits for a mail, without the sweep: the queue wakes the mailer. */
const mailComes = async (email: string, subject: RegExp): Promise<Mail> => {
  const [mail] = await eventually(
    async () => mailsTo(email, subject),
    (found) => found.length > 0,
    WITHIN_MS,
  )
  if (mail === undefined) throw new Error('No mail')
  return mail
}

async function sweepUntil(isDone: () => Promise<boolean>): Promise<void> {
  await eventually(
    async () => {
      await stage.platform.sweep()
      return isDone()
    },
    (done) => done,
    WITHIN_MS,
  )
}

async function newOrder(customer: Account = stage.customer): Promise<OrderBody> {
  const { shop, admin } = stage
  const product = await shop.addProduct(admin)
  return (await shop.placeOrder(customer, [[product, 2]])).body.order
}

async function paidOrder(customer: Account = stage.customer): Promise<OrderBody> {
  const order = await newOrder(customer)
  await stage.shop.pay(customer, order, 'pm_card_visa')
  return order
}

const notifications = () => stage.platform.database.as('notifications')
const mailRows = async (occasion: string) => {
  const { rows } = await notifications().execute<{ status: string; failure: string | null }>(
    sql`select status, failure from notifications.mails where occasion = ${occasion}`,
  )
  return rows
}

/** Makes every delivery of the order’s events to notifications due again. */
const deliverAgain = (orderId: string) =>
  stage.platform.database.as('orders').execute(sql`
    update orders.event_deliveries set status = 'pending', confirmed_at = null, next_attempt_at = now()
    where key = ${orderId} and consumer = 'notifications'`)

const openDeliveries = async (orderId: string): Promise<number> => {
  const { rows } = await stage.platform.database.as('orders').execute<{ open: number }>(sql`
    select count(*)::int as open from orders.event_deliveries
    where key = ${orderId} and consumer = 'notifications' and status = 'pending'`)
  return rows[0]?.open ?? 0
}
const isDelivered = (orderId: string) => async () => (await openDeliveries(orderId)) === 0

describe('an order that is paid', () => {
  it('is confirmed by one mail, with its items and amounts', async () => {
    const order = await paidOrder()
    const mail = await mailComes(stage.customer.email, /^Your order at/)
    expect(mail.text).toContain('2 × Mug: $25.00')
    expect(mail.html).toContain(order.id)
    await sweepUntil(isDelivered(order.id))
    expect(mailsTo(stage.customer.email)).toHaveLength(1)
  })

  it('is confirmed by one mail when its event is delivered twenty times', async () => {
    const order = await paidOrder()
    await mailComes(stage.customer.email, /^Your order at/)
    for (let times = 0; times < 20; times += 1) {
      await deliverAgain(order.id)
      await sweepUntil(isDelivered(order.id))
    }
    expect(mailsTo(stage.customer.email)).toHaveLength(1)
  })

  it('is confirmed to a guest at the address of the order', async () => {
    const { shop, admin } = stage
    const product = await shop.addProduct(admin)
    const email = `${crypto.randomUUID()}@example.com`
    const body = { items: [{ product_id: product.id, quantity: 1 }], email }
    const placed = await shop.request('POST', '/api/orders', { body })
    const headers = { 'x-order-token': placed.body.order_token }
    const payment = { order_id: placed.body.order.id, payment_method: 'pm_card_visa' }
    await shop.request('POST', '/api/payments', { headers, body: payment })
    const mail = await mailComes(email, /^Your order at/)
    expect(mail.text).not.toContain(placed.body.order_token)
  })
})

describe('an order', () => {
  it('that is shipped, and refunded, is told by a mail each', async () => {
    const { shop, admin, customer } = stage
    const order = await paidOrder()
    await shop.orderBecomes(customer, order.id, 'processing', 'paid')
    const body = { status: 'shipped' }
    await shop.request('PATCH', `/api/orders/${order.id}/status`, { token: admin.token, body })
    await mailComes(customer.email, /is on its way$/)
    const payments = await shop.request('GET', `/api/payments/order/${order.id}`, { token: admin.token })
    const paid = payments.body.payments[0]
    await shop.request('POST', `/api/payments/${paid?.id}/refund`, {
      token: admin.token,
      headers: { 'idempotency-key': crypto.randomUUID() },
      body: { amount: 5, reason: 'scratched' },
    })
    const mail = await mailComes(customer.email, /^Your refund/)
    expect(mail.text).toContain('We have refunded $5.00')
  })

  it('that its customer cancels is told, and its stock is free as soon as payments confirms', async () => {
    const { shop, customer } = stage
    const order = await newOrder()
    const body = { status: 'cancelled' }
    await shop.request('PATCH', `/api/orders/${order.id}/status`, { token: customer.token, body })
    expect((await mailComes(customer.email, /was cancelled$/)).text).toContain('You cancelled it.')
    const productId = order.items[0]?.product_id ?? 0
    await shop.stockBecomes(productId, 10)
  })

  it('whose payment is declined is told once, however often it is tried', async () => {
    const { shop, customer } = stage
    const order = await newOrder()
    for (const _ of [1, 2]) await shop.pay(customer, order, 'pm_card_chargeDeclined')
    await sweepUntil(async () => mailsTo(customer.email).length > 0)
    await stage.platform.sweep()
    expect(mailsTo(customer.email).map(({ subject }) => subject)).toEqual(['Your payment did not go through'])
  })
})

describe('a mail provider', () => {
  it('that is down is tried again until every mail is sent, each once', async () => {
    const { mail } = stage.platform
    mail.faults.add({ kind: 'status', status: 503, times: 2 })
    mail.faults.add({ kind: 'cut_after', times: 1 })
    mail.faults.add({ kind: 'hang', at: 'after', times: 0 })
    const customers = await Promise.all([stage.shop.signUp(), stage.shop.signUp()])
    const orders = await Promise.all(customers.map(paidOrder))
    for (const [index, customer] of customers.entries()) {
      await sweepUntil(async () => mailsTo(customer.email).length > 0)
      await sweepUntil(isDelivered(orders[index]?.id ?? ''))
      expect(mailsTo(customer.email)).toHaveLength(1)
      expect(await mailRows(orders[index]?.id ?? '')).toEqual([{ status: 'sent', failure: null }])
    }
  })

  it('that reports a bounce gets no further mail for that address, and others do', async () => {
    const { mail } = stage.platform
    const first = await paidOrder()
    const bounced = await mailComes(stage.customer.email, /^Your order at/)
    expect(await mail.report(bounced.id, 'transient_bounce')).toBe(200)
    expect(await mail.report(bounced.id, 'bounce')).toBe(200)
    expect(await mail.report(bounced.id, 'bounce')).toBe(200)
    await sweepUntil(isDelivered(first.id))
    const second = await paidOrder()
    await sweepUntil(async () => (await mailRows(second.id)).length > 0)
    expect(await mailRows(second.id)).toEqual([{ status: 'suppressed', failure: null }])
    expect(mailsTo(stage.customer.email)).toHaveLength(1)
    const other = await stage.shop.signUp()
    await paidOrder(other)
    await mailComes(other.email, /^Your order at/)
  })

  it('whose report is not signed by it changes nothing', async () => {
    const { platform, customer } = stage
    const body = JSON.stringify({ type: 'email.complained', data: { to: [customer.email] } })
    const signed = { id: 'msg_1', timestamp: Math.floor(Date.now() / 1_000) }
    const forged = signedHeaders(body, `whsec_${btoa('another secret')}`, signed)
    const response = await fetch(`${platform.url}/api/webhooks/mail/resend`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...forged },
      body,
    })
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'invalid_signature' }])
    await paidOrder()
    await mailComes(customer.email, /^Your order at/)
  })
})

describe('low stock', () => {
  it('is told to the staff', async () => {
    const { shop, admin, customer } = stage
    const name = `Rare ${crypto.randomUUID()}`
    const product = await shop.addProduct(admin, { name, stock_quantity: 3, low_stock_threshold: 2 })
    const { order } = (await shop.placeOrder(customer, [[product, 2]])).body
    await shop.pay(customer, order, 'pm_card_visa')
    await sweepUntil(async () => mailsTo(admin.email, new RegExp(name)).length > 0)
    expect(mailsTo(admin.email, new RegExp(name))).toHaveLength(1)
  })
})

describe('a template of the staff', () => {
  const PATH = '/api/email-templates/order_shipped'

  it('is drafted, previewed on a real order, published, and put back', async () => {
    const { shop, admin, customer } = stage
    const { token } = admin
    const text = {
      subject: 'Off it goes, {{ recipient.name | default: "friend" }}',
      html: '<p>{{ order.items[0].name }}</p>',
      text: '{{ order.total }}',
    }
    const saved = await shop.request('PUT', PATH, { token, headers: { 'if-match': '"0"' }, body: text })
    expect([saved.status, saved.body.template.version]).toEqual([200, 1])
    const conflict = await shop.request('PUT', PATH, { token, headers: { 'if-match': '"0"' }, body: text })
    expect([conflict.status, conflict.body.code]).toEqual([412, 'version_conflict'])

    const order = await paidOrder()
    await shop.orderBecomes(customer, order.id, 'processing', 'paid')
    const shown = await shop.request('POST', `${PATH}/preview`, { token, body: { order_id: order.id } })
    expect(shown.body.preview).toEqual({
      ...{ subject: 'Off it goes, friend', html: '<p>Mug</p>', text: '$25.00', version: 1 },
    })

    const published = await shop.request('POST', `${PATH}/publish`, { token, body: {} })
    expect([published.status, published.body.template.published_version]).toEqual([200, 1])
    await shop.request('PATCH', `/api/orders/${order.id}/status`, { token, body: { status: 'shipped' } })
    expect((await mailComes(customer.email, /^Off it goes/)).text).toBe('$25.00')

    const reverted = await shop.request('DELETE', PATH, { token })
    expect([reverted.status, reverted.body.template.published_version]).toEqual([200, null])
    const listed = await shop.request('GET', '/api/email-templates', { token })
    expect(listed.body.templates.find(({ name }) => name === 'order_shipped')?.locales).toEqual([
      { locale: 'en', version: 1, published_version: null },
      { locale: 'de', version: null, published_version: null },
    ])
  })

  it('that is broken is refused, naming the field and the place', async () => {
    const body = { subject: 'x', html: '{% if order %}', text: 'x' }
    const refused = await stage.shop.request('PUT', PATH, { token: stage.admin.token, body })
    expect([refused.status, refused.body.code]).toEqual([422, 'invalid_template'])
    expect(refused.body).toMatchObject({ field: 'html', reason: expect.stringContaining('line:1') })
  })
})

it('nothing that was mailed is in the log', async () => {
  const lines = stage.platform.logs().join('\n')
  expect(lines).not.toContain('@example.com')
})
