import { LOCAL_MAIL } from '@shop/local-environment/environment'
import { signedHeaders } from '@shop/mail-emulator/webhooks/signature'
import { deliverWebhook, intentEvent } from '@shop/testing/webhook'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { anAddress, attack } from '../support/attacks.ts'
import { expectRefusal } from '../support/problems.ts'
import { useSharedPlatform } from '../support/use-platform.ts'

/** OWASP API Security Top 10 (2023): whom the shop believes. */
const stage = useSharedPlatform()
afterEach(() => stage.platform.stripe.faults.clear())

const send = (method: string, path: string, init: RequestInit = {}) => attack(stage.platform.url, method, path, init)

describe('API10:2023 Unsafe consumption of APIs', () => {
  const newOrder = async () => {
    const product = await stage.shop.addProduct(stage.admin, { price: 25 })
    return (await stage.shop.placeOrder(stage.customer, [[product, 1]])).body.order
  }
  const paymentStatus = async (id: string) => (await stage.shop.getOrder(stage.customer, id)).payment_status

  it.each([
    ['a secret that is not ours', { secret: 'whsec_forged' }],
    ['the empty secret', { secret: '' }],
    ['another body', { sentBody: '{"id":"evt_1","type":"payment_intent.succeeded"}' }],
    ['an old signature', { signedAgo: 3_600 }],
    ['a signature of the future', { signedAgo: -3_600 }],
  ])('a report of Stripe that a forger signs with %s pays no order', async (_, options) => {
    const order = await newOrder()
    const intent = {
      id: 'pi_forged',
      object: 'payment_intent',
      amount_received: 2_500,
      metadata: { order_id: order.id },
    }
    const refused = await deliverWebhook(stage.shop, intentEvent('succeeded', intent), options)
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid_signature'])
    expect(await paymentStatus(order.id)).toBe('unpaid')
  })

  it('a signed report about money that Stripe does not have pays no order, whatever its metadata say', async () => {
    const order = await newOrder()
    const { payment } = (await stage.shop.pay(stage.customer, order)).body
    const metadata = { order_id: order.id, payment_id: payment.id }
    const claims = [
      {
        id: 'pi_nobody_has',
        object: 'payment_intent',
        status: 'succeeded',
        amount_received: 2_500,
        currency: 'usd',
        metadata,
      },
      { id: { $ne: null }, object: 'payment_intent', metadata },
      { id: `pi_${'x'.repeat(5_000)}`, object: 'payment_intent', metadata },
      { id: '../../v1/refunds', object: 'payment_intent', metadata },
    ]
    for (const claim of claims) {
      expect((await deliverWebhook(stage.shop, intentEvent('succeeded', claim))).status).toBe(200)
    }
    expect(await paymentStatus(order.id)).toBe('unpaid')
  })

  it.each([200, 302, 307, 401, 404, 500])('an answer %i of Stripe without sense is no payment', async (status) => {
    const order = await newOrder()
    // Also to the call that is repeated.
    const senseless = { kind: 'status', status, times: 5, match: { path: '/v1/payment_intents' } } as const
    const fault = stage.platform.stripe.faults.add(senseless)
    const answer = await stage.shop.pay(stage.customer, order, 'pm_card_visa')
    stage.platform.stripe.faults.clear()
    expect(fault.hits()).toBeGreaterThan(0)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(JSON.stringify(answer.body)).not.toMatch(/stripe|pi_|sk_/i)
    expect(await paymentStatus(order.id)).not.toBe('paid')
  })

  const bounce = (to: unknown) => JSON.stringify({ type: 'email.bounced', data: { to, bounce: { type: 'Permanent' } } })
  const deliver = (body: string, headers: Record<string, string>) =>
    send('POST', '/api/webhooks/mail/resend', {
      body,
      headers: { 'content-type': 'application/json', 'cf-connecting-ip': anAddress(), ...headers },
    })
  const suppressed = async () => {
    const { rows } = await stage.platform.database
      .as('notifications')
      .execute<{ count: number }>(sql`select count(*)::int as count from notifications.suppressions`)
    return rows[0]?.count
  }
  const seconds = (ago: number) => Math.floor(Date.now() / 1_000) - ago
  const anId = () => ({ id: `msg_${crypto.randomUUID()}`, timestamp: seconds(0) })
  const FORGED_SECRET = `whsec_${btoa('a secret of the forger')}`

  it.each<[string, (body: string) => Record<string, string>]>([
    ['no signature', () => ({})],
    ['another secret', (body) => signedHeaders(body, FORGED_SECRET, anId())],
    ['the signature of another body', () => signedHeaders('{}', LOCAL_MAIL.webhookSecret, anId())],
    [
      'a signature of an hour ago',
      (body) => signedHeaders(body, LOCAL_MAIL.webhookSecret, { ...anId(), timestamp: seconds(3_600) }),
    ],
    [
      'a signature of another message',
      (body) => ({ ...signedHeaders(body, LOCAL_MAIL.webhookSecret, anId()), 'svix-id': 'msg_other' }),
    ],
    [
      'a signature of another scheme',
      (body) => {
        const signed = signedHeaders(body, LOCAL_MAIL.webhookSecret, anId())
        return { ...signed, 'svix-signature': signed['svix-signature'].replace('v1,', 'v1a,') }
      },
    ],
  ])('a bounce that a forger reports with %s stops no mail', async (_, sign) => {
    const before = await suppressed()
    const body = bounce([stage.customer.email])
    expect((await expectRefusal(await deliver(body, sign(body)))).status).toBe(400)
    expect(await suppressed()).toBe(before)
  })

  it.each([
    ['null', null],
    ['a number', 7],
    ['an object', { address: 'ada@example.com' }],
    ['nested lists', [['ada@example.com']]],
    ['a thousand addresses', Array.from({ length: 1_000 }, (_, n) => `${n}@example.com`)],
  ])('a signed bounce whose recipient is %s is acknowledged and stops no mail', async (_, to) => {
    const before = await suppressed()
    const body = bounce(to)
    expect((await deliver(body, signedHeaders(body, LOCAL_MAIL.webhookSecret, anId()))).status).toBe(200)
    expect(await suppressed()).toBe(before)
  })
})
