import { spawn } from 'node:child_process'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { eventually } from '@shop/testing/eventually'
import type { WebhookDeliveryBody, WebhookEndpointBody } from '@shop/testing/webhook-bodies'
import { sql } from 'drizzle-orm'
import getPort from 'get-port'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, it } from 'vitest'
import { changeWithoutMail, TYPES_WITHOUT_MAIL } from './support/changes-without-mail.ts'
import { usePlatform } from './support/use-platform.ts'

const stage = usePlatform()

const SAMPLE = fileURLToPath(new URL('../docs/samples/webhook-receiver.ts', import.meta.url))
const WITHIN_MS = 30_000

type Event = WebhookDeliveryBody['request']['body']
const stops: (() => unknown)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
  const token = stage.admin.token
  const { webhook_endpoints: left } = (await stage.shop.request('GET', '/api/webhook-endpoints', { token })).body
  for (const { id } of left) await stage.shop.request('DELETE', `/api/webhook-endpoints/${id}`, { token })
})

/** Listens on this machine until the end of the test. */
async function listen(receive: RequestListener): Promise<string> {
  const server: Server = createServer(receive)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stops.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`
}

/** A receiver that keeps what it gets, and how it answers. */
async function receiver(status = 204) {
  const events: Event[] = []
  const raw: { headers: Record<string, string>; body: string }[] = []
  const url = await listen(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString('utf8')
    raw.push({ headers: request.headers as Record<string, string>, body })
    events.push(JSON.parse(body))
    response.writeHead(status).end('an answer')
  })
  return { url, events, raw }
}

const asAdmin = (method: string, path: string, options: object = {}) =>
  stage.shop.request(method, `/api/webhook-endpoints${path}`, { token: stage.admin.token, ...options })

async function addEndpoint(url: string, events: string[] = ['*']): Promise<WebhookEndpointBody> {
  const created = await asAdmin('POST', '', { body: { url, events } })
  expect(created.status).toBe(201)
  return created.body.webhook_endpoint
}

const deliveriesOf = async ({ id }: WebhookEndpointBody, query = '') =>
  (await asAdmin('GET', `/${id}/deliveries${query}`)).body.deliveries

/** Sweeps until something shows. */
async function sweepUntil<T>(read: () => Promise<T> | T, isDone: (found: T) => boolean): Promise<T> {
  return eventually(
    async () => {
      await stage.platform.sweep()
      return read()
    },
    isDone,
    WITHIN_MS,
  )
}

async function buy() {
  const { shop, admin, customer } = stage
  const product = await shop.addProduct(admin)
  const { order } = (await shop.placeOrder(customer, [[product, 2]])).body
  await shop.pay(customer, order, 'pm_card_visa')
  return order
}

describe('the receiver of docs/samples', () => {
  it('gets the events of a purchase, verified and in order', async () => {
    const port = await getPort()
    const endpoint = await addEndpoint(`http://127.0.0.1:${port}/`, ['order.placed', 'order.paid'])
    const lines: { type: string; key: string; sequence: number; isNewest: boolean }[] = []
    const child = spawn(process.execPath, [SAMPLE], {
      env: { ...process.env, WEBHOOK_SECRET: endpoint.secret, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    stops.push(() => child.kill())
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n').filter(Boolean)) lines.push(JSON.parse(line))
    })
    await eventually(
      async () => lines.length,
      (count) => count === 1,
      WITHIN_MS,
    )
    const order = await buy()
    const got = await sweepUntil(
      () => lines.filter(({ key }) => key === order.id),
      (found) => found.length === 2,
    )
    expect(got.map(({ type }) => type)).toEqual(['order.placed', 'order.paid'])
    expect(got.every(({ isNewest }) => isNewest)).toBe(true)
    expect((await deliveriesOf(endpoint)).map(({ status, response }) => [status, response?.status])).toContainEqual([
      ...['delivered', 204],
    ])
  })

  it('refuses what was not signed with its secret', async () => {
    const port = await getPort()
    const other = await addEndpoint(`http://127.0.0.1:${port}/`)
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
    const child = spawn(process.execPath, [SAMPLE], {
      env: { ...process.env, WEBHOOK_SECRET: secret, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    stops.push(() => child.kill())
    await new Promise((resolve) => child.stdout.once('data', resolve))
    await asAdmin('POST', `/${other.id}/test`)
    const [refused] = await eventually(
      () => deliveriesOf(other),
      ([first]) => first?.attempts === 1,
      WITHIN_MS,
    )
    expect(refused).toMatchObject({ status: 'pending', failure: 'bad_status', response: { status: 400 } })
  })
})

describe('an event without a mail', () => {
  it.each(TYPES_WITHOUT_MAIL)('arrives within two seconds, without a sweep: %s', async (type) => {
    const { url, events } = await receiver()
    await addEndpoint(url, [type])
    const key = await changeWithoutMail(stage, type)
    await eventually(
      async () => events.map((event) => event.key),
      (keys) => keys.includes(key),
      2_000,
    )
  })
})

describe('an event', () => {
  it('arrives as the API shows its subject: signed, in snake_case, with amounts in major units', async () => {
    const { url, events, raw } = await receiver()
    const endpoint = await addEndpoint(url)
    const order = await buy()
    await sweepUntil(
      () => events.filter(({ key }) => key === order.id).map(({ type }) => type),
      (types) => types.includes('order.paid'),
    )
    const paid = events.find(({ type, key }) => type === 'order.paid' && key === order.id)
    expect(paid?.data).toMatchObject({ order_id: order.id, total: order.total_amount, currency: order.currency })
    for (const { headers, body } of raw) {
      expect(new Webhook(endpoint.secret).verify(body, headers)).toMatchObject({ id: headers['webhook-id'] })
    }
    // Others of the shop come too: the payment's, and those of the product.
    await sweepUntil(
      () => new Set(events.map(({ type }) => type)),
      (types) => types.has('payment.captured') && types.has('product.created'),
    )
    expect(JSON.stringify(events)).not.toContain(stage.customer.email)
  })

  it('is not held up by another endpoint that never answers', async () => {
    const slow = await addEndpoint(await listen(() => {}))
    const { url, events } = await receiver()
    await addEndpoint(url, ['order.placed'])
    const order = await buy()
    await sweepUntil(
      () => events.some(({ key }) => key === order.id),
      (isThere) => isThere,
    )
    expect((await deliveriesOf(slow, '?status=delivered')).length).toBe(0)
  })
})

describe('a test of an endpoint', () => {
  it('is sent at once, shows how it was answered, and can be sent again with the same id', async () => {
    const { url, events } = await receiver(200)
    const endpoint = await addEndpoint(url, ['order.shipped'])
    const sent = await asAdmin('POST', `/${endpoint.id}/test`)
    expect(sent).toMatchObject({ status: 201, body: { delivery: { type: 'webhook.test', status: 'pending' } } })
    const { id } = sent.body.delivery
    const [delivered] = await eventually(
      () => deliveriesOf(endpoint),
      ([first]) => first?.status === 'delivered',
      WITHIN_MS,
    )
    expect(delivered).toMatchObject({ id, attempts: 1, response: { status: 200, body: 'an answer' }, failure: null })
    const shown = await asAdmin('GET', `/${endpoint.id}/deliveries/${id}`)
    const attempt = { request: { url }, response: { status: 200, headers: {}, body: 'an answer' }, failure: null }
    expect(shown).toMatchObject({ status: 200, body: { delivery: { ...delivered, history: [attempt] } } })
    expect((await asAdmin('POST', `/${endpoint.id}/deliveries/${id}/resend`)).status).toBe(200)
    await eventually(
      async () => events.map((event) => event.id),
      (ids) => ids.length === 2 && ids.every((one) => one === id),
      WITHIN_MS,
    )
  })
})

describe('an endpoint', () => {
  it.each([
    ['https://hooks.example.com/', 'not_loopback'],
    ['http://169.254.169.254/', 'not_loopback'],
    ['http://a:b@127.0.0.1/', 'credentials'],
    ['nonsense', 'malformed'],
  ])('is not %s in development: %s', async (url, reason) => {
    const refused = await asAdmin('POST', '', { body: { url, events: ['*'] } })
    expect(refused).toMatchObject({ status: 422, body: { code: 'webhook_url_not_allowed', reason } })
  })

  it('is changed only in the version that the caller knows, and shows its secret never again', async () => {
    const endpoint = await addEndpoint('http://127.0.0.1:9/')
    const shown = await asAdmin('GET', `/${endpoint.id}`)
    expect(shown.body.webhook_endpoint).not.toHaveProperty('secret')
    const headers = { 'if-match': shown.headers.get('etag') ?? '' }
    const body = { description: 'Warehouse', events: ['order.paid', '*'] }
    expect(await asAdmin('PATCH', `/${endpoint.id}`, { body, headers })).toMatchObject({
      status: 200,
      body: { webhook_endpoint: { description: 'Warehouse', events: ['*'], version: 2 } },
    })
    expect((await asAdmin('PATCH', `/${endpoint.id}`, { body, headers })).status).toBe(412)
  })

  it('is disabled after three days of failures, with a mail to the administrators', async () => {
    const { url, events } = await receiver(500)
    const endpoint = await addEndpoint(url)
    await stage.platform.database.as('notifications').execute(sql`
      update notifications.webhook_endpoints set failing_since = now() - interval '73 hours' where id = ${endpoint.id}`)
    await asAdmin('POST', `/${endpoint.id}/test`)
    await eventually(
      async () => (await asAdmin('GET', `/${endpoint.id}`)).body.webhook_endpoint,
      ({ status, disabled_reason: reason }) => status === 'disabled' && reason === 'failing',
      WITHIN_MS,
    )
    expect(events).toHaveLength(1)
    const { email } = stage.admin
    const [mail] = await sweepUntil(
      () => stage.platform.mail.mails({ to: email }).filter(({ subject }) => subject.startsWith('Webhooks to')),
      (found) => found.length > 0,
    )
    expect(mail?.text).toContain(endpoint.id)
    expect(await asAdmin('POST', `/${endpoint.id}/test`)).toMatchObject({
      status: 409,
      body: { code: 'webhook_endpoint_disabled' },
    })
    await asAdmin('PATCH', `/${endpoint.id}`, { body: { status: 'enabled' } })
    expect((await asAdmin('POST', `/${endpoint.id}/test`)).status).toBe(201)
  })
})
