import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LOCAL_MAIL } from '@shop/local-environment/environment'
import { signedHeaders } from '@shop/mail-emulator/webhooks/signature'
import { describedOperations } from '@shop/testing/api-contract'
import { eventually } from '@shop/testing/eventually'
import type { Account } from '@shop/testing/shop'
import { deliverWebhook, intentEvent } from '@shop/testing/webhook'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anAddress, attack, filledPath, rawExchange, rawRequest } from '../support/attacks.ts'
import { resigned } from '../support/forgeries.ts'
import { expectRefusal } from '../support/problems.ts'
import { usePlatform } from '../support/use-platform.ts'

/** OWASP API Security Top 10 (2023): whom the shop calls, how it is set up, what it offers, and whom it believes. */
const ALLOWED_ORIGIN = 'https://store.example.com'
const stage = usePlatform({ corsOrigins: ALLOWED_ORIGIN })
const send = (method: string, path: string, init: RequestInit = {}) => attack(stage.platform.url, method, path, init)
const withToken = (token: string, headers = {}) => ({ headers: { authorization: `Bearer ${token}`, ...headers } })
const operations = describedOperations()

describe('API7:2023 Server side request forgery', () => {
  /** A server that nothing of the shop should ever call. */
  let inside: Server
  let calls: string[]
  let url: string
  beforeAll(async () => {
    calls = []
    inside = createServer((request, response) => {
      calls.push(request.url ?? '')
      response.end('{}')
    })
    await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(inside.address() as AddressInfo).port}`
  })
  afterAll(() => new Promise((resolve) => inside.close(resolve)))

  it.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'gopher://127.0.0.1:6379/_FLUSHALL',
    'ftp://x.example/a',
    '//x.example/a',
    'https://',
  ])('a product has no image at %s', async (image_url) => {
    const body = { name: 'Mug', price: 1, image_url }
    const refused = await stage.shop.request('POST', '/api/products', { token: stage.admin.token, body })
    expect([refused.status, refused.body.errors?.map(({ field }) => field)]).toEqual([422, ['image_url']])
  })

  it('no address that a client names is called: not of an image, a note, a header or a name', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { image_url: `${url}/image` })
    const body = {
      items: [{ product_id: product.id, quantity: 1 }],
      note: `${url}/note`,
      shipping_address: {
        line1: `${url}/line`,
        city: 'Springfield',
        region: 'IL',
        postal_code: '62701',
        country: 'US',
      },
    }
    const headers = { referer: `${url}/referer`, origin: url, 'x-forwarded-host': url, forwarded: `host=${url}` }
    const placed = await shop.request('POST', '/api/orders', { token: customer.token, body, headers })
    await shop.request('PATCH', '/api/users/profile', { token: customer.token, body: { name: `${url}/name` } })
    await shop.pay(customer, placed.body.order, 'pm_card_visa')
    await shop.orderBecomes(customer, placed.body.order.id, 'processing', 'paid')
    await shop.request('GET', `/api/products/${product.id}`, { headers })
    await eventually(
      async () => {
        await stage.platform.sweep()
        return stage.platform.mail.mails({ to: customer.email }).length
      },
      (mails) => mails > 1,
      25_000,
    )
    expect(calls).toEqual([])
  })

  it.each(['jku', 'x5u'])('a token that says where its key is (%s) makes nobody fetch it', async (member) => {
    const forged = resigned(stage.platform.signingKeys, stage.customer.token, { [member]: `${url}/keys.json` }, {})
    expect((await send('GET', '/api/users/profile', withToken(forged))).status).toBe(401)
    expect(calls).toEqual([])
  })

  it('the gateway is no proxy: a request for another host is not passed on', async () => {
    const { host } = new URL(url)
    const answers = [
      await rawExchange(stage.platform.url, [`GET ${url}/proxied HTTP/1.1`, `host: ${host}`, 'connection: close']),
      await rawExchange(stage.platform.url, [`CONNECT ${host} HTTP/1.1`, `host: ${host}`, 'connection: close']),
    ]
    for (const answer of answers) expect(answer).not.toMatch(/^HTTP\/1\.1 200/)
    expect((await rawRequest(stage.platform.url, 'GET', '/api/products?limit=1', { host })).status).toBeLessThan(500)
    expect(calls).toEqual([])
  })

  it.each(["{% include 'x' %}", "{% render 'x' %}", "{% layout 'x' %}"])(
    'a template of the staff loads no other: %s',
    async (tag) => {
      const body = { subject: 'x', text: 'x', html: tag.replace("'x'", `'${url}/template'`) }
      const path = '/api/email-templates/order_confirmed'
      expect((await stage.shop.request('PUT', path, { token: stage.admin.token, body })).status).toBe(422)
      expect(calls).toEqual([])
    },
  )
})

describe('API8:2023 Security misconfiguration', () => {
  const isPrivate = operations.filter(({ access }) => access?.kind !== 'public')

  it.each(isPrivate)(
    '$operationId is stored in no cache, sets no cookie and shows nothing internal',
    async (operation) => {
      const { method } = operation
      const hasBody = method !== 'GET' && method !== 'DELETE'
      const headers = { authorization: `Bearer ${stage.admin.token}` }
      const path = filledPath(operation)
      // It ends the session that all these tests share.
      const answer = path.endsWith('/logout-all')
        ? await send(method, path, { headers: { authorization: 'Bearer x' } })
        : await send(method, path, { headers, ...(hasBody ? { body: '{}' } : {}) })
      expect(answer.headers.get('cache-control')).toContain('no-store')
      expect([...answer.headers.keys()].filter((name) => /^(set-cookie|x-shop-|x-powered-by)/.test(name))).toEqual([])
      expect(answer.headers.get('server') ?? '').not.toMatch(/hono|workerd|node/i)
    },
  )

  it.each(['https://evil.example', 'null', `${ALLOWED_ORIGIN}.evil.example`, 'http://store.example.com', '*'])(
    'pages of %s read no answer, and none is ever allowed with cookies',
    async (origin) => {
      for (const operation of operations.filter(({ method }) => method === 'GET')) {
        const { headers } = await send('GET', filledPath(operation), { headers: { origin } })
        expect(headers.get('access-control-allow-origin'), operation.path).toBeNull()
        expect(headers.get('access-control-allow-credentials'), operation.path).toBeNull()
      }
    },
  )

  it.each(['TRACE', 'TRACK', 'DEBUG', 'PROPFIND', 'LINK'])(
    'the method %s does nothing and repeats nothing',
    async (method) => {
      for (const path of ['/', '/api/users/profile', '/api/products/1']) {
        const answer = await rawRequest(stage.platform.url, method, path, { 'x-canary': 'c4n4ry' }).catch(
          () => undefined,
        )
        if (answer === undefined) continue
        expect(answer.status, path).toBeGreaterThanOrEqual(400)
        expect(answer.text, path).not.toContain('c4n4ry')
      }
    },
  )

  it('a Host or X-Forwarded-Host that a stranger sends is in no link of a mail', async () => {
    const { email } = await stage.shop.signUp()
    const body = JSON.stringify({ email })
    const answer = await rawRequest(
      stage.platform.url,
      'POST',
      '/api/users/password-reset',
      {
        host: 'evil.example',
        'x-forwarded-host': 'evil.example',
        'x-host': 'evil.example',
        forwarded: 'host=evil.example',
        'content-type': 'application/json',
        'content-length': String(body.length),
      },
      body,
    )
    expect(answer.status).toBe(202)
    const mails = await eventually(
      async () => {
        await stage.platform.sweep()
        return stage.platform.mail.mails({ to: email }).filter(({ subject }) => /password/i.test(subject))
      },
      (found) => found.length > 0,
      25_000,
    )
    expect(JSON.stringify(mails)).not.toContain('evil.example')
  })

  it.each([
    '/.git/config',
    '/.env',
    '/.dev.vars',
    '/wrangler.toml',
    '/package.json',
    '/docs-assets',
    '/docs-assets/',
    '/docs-assets/../../.dev.vars',
    '/docs-assets/..%2f..%2f.dev.vars',
    '/docs-assets/%2e%2e/%2e%2e/wrangler.toml',
    '/node_modules/hono/package.json',
    '/server-status',
    '/debug',
    '/metrics',
    '/actuator/env',
    '/__scheduled',
    '/phpinfo.php',
  ])('%s is not there', async (path) => {
    const answer = await rawRequest(stage.platform.url, 'GET', path, {})
    expect(answer.status).toBe(404)
  })

  it.each([
    '/api/users/profile/style.css',
    '/api/users/profile%2fa.js',
    '/api/orders/a.css',
    '/api/users/profile;a.css',
  ])('a cache is not deceived by %s', async (path) => {
    const answer = await send('GET', path, withToken(stage.customer.token))
    expect((await expectRefusal(answer)).headers.get('cache-control')).toContain('no-store')
  })

  it.each(operations.filter(({ parameters }) => parameters.length > 0))(
    '$operationId: a parameter that is sent twice is refused',
    async (operation) => {
      for (const { name } of operation.parameters.filter(({ isList }) => !isList)) {
        const path = `${filledPath(operation)}?${name}=1&${name}=2`
        const init = operation.method === 'GET' ? {} : { body: '{}' }
        const answer = await send(operation.method, path, { ...init, ...withToken(stage.admin.token) })
        expect([404, 422], path).toContain((await expectRefusal(answer)).status)
      }
    },
  )

  it('what a stranger adds to a request is not in what others are shown from the cache', async () => {
    const product = await stage.shop.addProduct(stage.admin)
    const poison = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'evil', 'x-original-url': '/evil' }
    await send('GET', `/api/products/${product.id}`, { headers: poison })
    const shown = await send('GET', `/api/products/${product.id}`)
    expect([shown.status, (await shown.text()).includes('evil')]).toEqual([200, false])
  })
})

describe('API9:2023 Improper inventory management', () => {
  const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
  const REQUESTS_PER_ADMIN = 400
  const paths = [...new Set(operations.map(({ path }) => path))]
  /** The methods of all templates that a path fits: `/api/users/profile` is a user of `/api/users/{id}`, too. */
  const declaredFor = (path: string) =>
    operations
      .filter((one) => new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path))
      .map(({ method }) => method)

  // More requests than one user may send in a minute.
  let sent = 0
  let admin: Account | undefined
  const sendAsAdmin = async (method: string, path: string, init: RequestInit = {}) => {
    sent += 1
    if (sent % REQUESTS_PER_ADMIN === 1) admin = await stage.shop.signUpAdmin()
    return send(method, path, { ...init, ...withToken(admin?.token ?? '') })
  }

  it.each(paths)('%s takes no method but those that are described', async (template) => {
    const path = filledPath({ path: template })
    const declared = declaredFor(path)
    for (const method of METHODS.filter((one) => !declared.includes(one))) {
      const init = method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }
      const answer = await sendAsAdmin(method, path, init)
      const { status, headers } = await expectRefusal(answer)
      expect([method, status]).toEqual([method, 405])
      const allowed = (headers.get('allow') ?? '').split(', ').filter((one) => one !== 'HEAD')
      expect(allowed.sort()).toEqual([...new Set(declared)].sort())
    }
  })

  it.each([
    '/api/v1/products',
    '/api/v2/products',
    '/v1/products',
    '/api/beta/orders',
    '/api/internal/users',
    '/api/admin',
    '/api/admin/users',
    '/api/debug',
    '/api/test',
    '/api/graphql',
    '/graphql',
    '/api/swagger.json',
    '/swagger-ui.html',
    '/api/openapi.json',
    '/api/products/openapi.json/x',
    '/rpc',
    '/sweep',
    '/api/sweep',
    '/api/orders/internal/expire',
    '/receiveEvents',
    '/pullEvents',
    '/api/events',
    '/api/events/gateway',
    '/api/webhooks',
    '/api/webhooks/resend',
    '/api/users/login/as/user_1',
    '/api/auth/login',
    '/edge-cache/2/api/products',
  ])('there is no %s, not even for administrators', async (path) => {
    for (const method of ['GET', 'POST']) {
      const init = method === 'GET' ? {} : { body: '{}' }
      const refused = await expectRefusal(await sendAsAdmin(method, path, init))
      expect([method, refused.status, refused.body.code]).toEqual([method, 404, 'route_not_found'])
    }
  })

  it.each(['/api/users', '/api/products', '/api/orders', '/api/payments', '/api/email-templates'])(
    'the description that the worker of %s has for the gateway is not public',
    async (prefix) => {
      const { status } = await expectRefusal(await sendAsAdmin('GET', `${prefix}/openapi.json`))
      expect([404, 422]).toContain(status)
    },
  )
})

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
