import { LIMITS } from '@shop/contracts/limits'
import { newApiKey } from '@shop/kernel/api-key'
import { sha256Hex } from '@shop/kernel/hash'
import { ok } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'
import { mergeDocuments } from '../../src/docs/internal/merge-documents.ts'
import { OWN_OPERATIONS } from '../../src/docs/internal/own-operations.ts'
import type { GatewayBindings } from '../../src/env.ts'
import { fakeShop, newKey, newToken, problemOf, USER_ID, usersRpc } from './fake-shop.ts'

const LIMITERS = [
  'ADDRESS_LIMIT',
  'NETWORK_LIMIT',
  'WEBHOOK_LIMIT',
  'USER_LIMIT',
  'STOREFRONT_ADDRESS_LIMIT',
  'STOREFRONT_LIMIT',
  'PAYMENT_LIMIT',
  'PAYMENT_ORDER_LIMIT',
  'PAYMENT_ADDRESS_LIMIT',
  'ORDER_LIMIT',
  'ORDER_ADDRESS_LIMIT',
  'CART_ADDRESS_LIMIT',
  'CART_WRITE_ADDRESS_LIMIT',
  'ORDER_TOKEN_ADDRESS_LIMIT',
  'LIVE_TICKET_ADDRESS_LIMIT',
] as const
type LimiterName = (typeof LIMITERS)[number]

const forEachLimiter = <T>(make: (name: LimiterName) => T) =>
  // fromEntries loses the key type; the keys are those of the list.
  Object.fromEntries(LIMITERS.map((name) => [name, make(name)])) as Record<LimiterName, T>

const ORDER_ID = 'order_01jd4k2v9rf0fv8z3x1m5q7w2e'

/** The gateway, with limiters that count and have the given quotas. */
async function limitedShop(quotas: Partial<Record<LimiterName, number>> = {}, users?: ReturnType<typeof usersRpc>) {
  const counted = forEachLimiter((): Record<string, number> => ({}))
  const limiter = (name: LimiterName): GatewayBindings[LimiterName] => ({
    limit: async ({ key }) => {
      const count = (counted[name][key] ?? 0) + 1
      counted[name][key] = count
      return { success: count <= (quotas[name] ?? Number.POSITIVE_INFINITY) }
    },
  })
  const key = await newKey()
  const { ask, arrived } = fakeShop({
    keys: [key.publicJwk],
    ...(users && { users }),
    overrides: forEachLimiter(limiter),
  })
  const as = (token: string, address = '10.0.0.1', method = 'GET') => ({
    method,
    headers: { authorization: `Bearer ${token}`, 'cf-connecting-ip': address },
  })
  return { ask, arrived, counted, key, as }
}

const policyOf = (response: Response) => response.headers.get('ratelimit-policy')

describe('the limit per user', () => {
  it('is not evaded by changing addresses', async () => {
    const { ask, key, as } = await limitedShop({ USER_LIMIT: 2 })
    const token = await newToken(key)
    const statuses = []
    for (const address of ['10.0.0.1', '10.0.0.2', '10.0.0.3']) {
      statuses.push((await ask('/api/orders', as(token, address))).status)
    }
    expect(statuses).toEqual([200, 200, 429])
  })

  it('counts for staff too, and sends Retry-After', async () => {
    const { ask, key, as, arrived } = await limitedShop({ USER_LIMIT: 0 })
    const response = await ask('/api/products', as(await newToken(key, { claims: { role: 'admin' } })))
    expect(response.headers.get('retry-after')).toBe('60')
    expect(response.headers.get('ratelimit')).toBe('"user";r=0')
    expect(policyOf(response)).toBe('"address";q=600;w=60, "user";q=600;w=60')
    expect(await problemOf(response)).toMatchObject({ status: 429, code: 'rate_limited', retry_after: 60 })
    expect(arrived).toEqual([])
  })

  it('cannot be used up with forged tokens', async () => {
    const { ask, counted, key, as } = await limitedShop()
    const forged = await newToken(await newKey(key.kid))
    const expired = await newToken(key, { claims: { exp: 1 } })
    for (const token of [forged, expired, 'nonsense']) expect((await ask('/api/orders', as(token))).status).toBe(401)
    expect(counted.USER_LIMIT).toEqual({})
    expect(counted.ADDRESS_LIMIT).toEqual({ '10.0.0.1': 3 })
  })

  it('does not apply where no caller is authenticated', async () => {
    const { ask, counted, key, as } = await limitedShop()
    await ask('/api/users/login', as(await newToken(key), '10.0.0.1', 'POST'))
    expect(counted.USER_LIMIT).toEqual({})
  })
})

describe('the limit of payments', () => {
  it.each(['/api/payments', '/api/payments/'])('counts payments at %s, per user', async (path) => {
    const { ask, counted, key, as } = await limitedShop({ PAYMENT_LIMIT: 1 })
    const token = await newToken(key)
    const first = await ask(path, as(token, '10.0.0.1', 'POST'))
    expect(first.status).toBe(200)
    expect(policyOf(first)).toBe(
      '"address";q=600;w=60, "user";q=600;w=60, "payment";q=120;w=60, "payment-address";q=300;w=60',
    )
    expect((await ask(path, as(token, '10.0.0.2', 'POST'))).status).toBe(429)
    expect(counted.PAYMENT_LIMIT).toEqual({ [USER_ID]: 2 })
  })

  const asGuest = (token: string, address: string, body: unknown = { order_id: ORDER_ID }) => ({
    method: 'POST',
    headers: { 'x-order-token': token, 'cf-connecting-ip': address, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

  it('counts a guest by the token of their order, wherever they are, and keeps no token', async () => {
    const { ask, counted } = await limitedShop({ PAYMENT_LIMIT: 1 })
    expect((await ask('/api/payments', asGuest('token', '10.0.0.1'))).status).toBe(200)
    expect((await ask('/api/payments', asGuest('token', '10.0.0.2'))).status).toBe(429)
    expect(Object.entries(counted.PAYMENT_LIMIT)).toEqual([[expect.stringMatching(/^guest:[0-9a-f]{64}$/), 2]])
  })

  it('counts the tries for one order from all callers and addresses', async () => {
    const { ask, counted, key, as, arrived } = await limitedShop({ PAYMENT_ORDER_LIMIT: 2 })
    const owner = as(await newToken(key), '10.0.0.3', 'POST')
    const body = JSON.stringify({ order_id: ORDER_ID })
    const statuses = [
      (await ask('/api/payments', asGuest('one', '10.0.0.1'))).status,
      (await ask('/api/payments', asGuest('two', '10.0.0.2'))).status,
      (await ask('/api/payments', { ...owner, body })).status,
    ]
    expect(statuses).toEqual([200, 200, 429])
    expect(counted.PAYMENT_ORDER_LIMIT).toEqual({ [ORDER_ID]: 3 })
    expect(arrived.map((request) => request.body)).toEqual([body, body])
  })

  it('counts the tries from one address for all orders, and sends Retry-After', async () => {
    const { ask } = await limitedShop({ PAYMENT_ADDRESS_LIMIT: 1 })
    expect((await ask('/api/payments', asGuest('one', '10.0.0.1', {}))).status).toBe(200)
    const refused = await ask('/api/payments', asGuest('two', '10.0.0.1', {}))
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60'])
    expect((await ask('/api/payments', asGuest('three', '10.0.0.2', {}))).status).toBe(200)
  })

  it('counts all networks of one IPv6 site together', async () => {
    const { ask } = await limitedShop({ PAYMENT_ADDRESS_LIMIT: 1, ORDER_ADDRESS_LIMIT: 1 })
    for (const path of ['/api/payments', '/api/orders']) {
      const from = async (address: string) => (await ask(path, asGuest(address, address, {}))).status
      expect([await from('2001:db8:1:1::1'), await from('2001:db8:1:2::1')]).toEqual([200, 429])
      expect(await from('2001:db8:2:1::1')).toBe(200)
    }
  })

  it.each(['', 'null', '[]', '{"order_id":7}', '{"order_id":"4242424242424242"}', 'not JSON'])(
    'passes on the body %j, which names no order',
    async (body) => {
      const { ask, counted, arrived } = await limitedShop()
      expect((await ask('/api/payments', asGuest('token', '10.0.0.1', body))).status).toBe(200)
      expect(counted.PAYMENT_ORDER_LIMIT).toEqual({})
      expect(arrived[0]?.body).toBe(body)
    },
  )

  it('does not count reading them', async () => {
    const { ask, counted, key, as } = await limitedShop()
    await ask('/api/payments/payment_1', as(await newToken(key)))
    for (const name of ['PAYMENT_LIMIT', 'PAYMENT_ORDER_LIMIT', 'PAYMENT_ADDRESS_LIMIT'] as const) {
      expect(counted[name]).toEqual({})
    }
  })
})

describe('the limits of placing orders', () => {
  it.each(['/api/orders', '/api/orders/'])('count orders at %s, per address and per user', async (path) => {
    const { ask, counted, key, as } = await limitedShop({ ORDER_LIMIT: 2 })
    const token = await newToken(key)
    const first = await ask(path, as(token, '10.0.0.1', 'POST'))
    expect(first.status).toBe(200)
    expect(policyOf(first)).toBe(
      '"address";q=600;w=60, "user";q=600;w=60, "order-address";q=120;w=60, "order";q=240;w=60',
    )
    expect((await ask(path, as(token, '10.0.0.2', 'POST'))).status).toBe(200)
    const refused = await ask(path, as(token, '10.0.0.3', 'POST'))
    expect([refused.status, refused.headers.get('ratelimit')]).toEqual([429, '"order";r=0'])
    expect(counted.ORDER_LIMIT).toEqual({ [USER_ID]: 3 })
    expect(counted.ORDER_ADDRESS_LIMIT).toEqual({ '10.0.0.1': 1, '10.0.0.2': 1, '10.0.0.3': 1 })
  })

  it('bind guests by their address alone', async () => {
    const { ask, counted, arrived } = await limitedShop({ ORDER_ADDRESS_LIMIT: 1 })
    const order = () => ask('/api/orders', { method: 'POST', headers: { 'cf-connecting-ip': '10.0.0.1' } })
    expect([(await order()).status, (await order()).status]).toEqual([200, 429])
    expect(counted.ORDER_LIMIT).toEqual({})
    expect(arrived).toHaveLength(1)
  })

  it('do not count reading or changing orders', async () => {
    const { ask, counted, key, as } = await limitedShop()
    await ask('/api/orders', as(await newToken(key)))
    await ask('/api/orders/order_1/status', as(await newToken(key), '10.0.0.1', 'PATCH'))
    expect([counted.ORDER_LIMIT, counted.ORDER_ADDRESS_LIMIT]).toEqual([{}, {}])
  })
})

describe('the limit of requests for tokens of orders', () => {
  it.each(['/api/orders/token', '/api/orders/token/'])('counts %s per address, and not as an order', async (path) => {
    const { ask, counted, arrived } = await limitedShop({ ORDER_TOKEN_ADDRESS_LIMIT: 1 })
    const request = () => ask(path, { method: 'POST', headers: { 'cf-connecting-ip': '10.0.0.1' } })
    expect((await request()).status).toBe(200)
    const refused = await request()
    expect([refused.status, refused.headers.get('ratelimit')]).toEqual([429, '"order-token-address";r=0'])
    expect([counted.ORDER_ADDRESS_LIMIT, arrived.length]).toEqual([{}, 1])
  })
})

describe('the limit of tickets for live updates', () => {
  it('counts them per address', async () => {
    const { ask, arrived } = await limitedShop({ LIVE_TICKET_ADDRESS_LIMIT: 1 })
    const request = () => ask('/api/live/tickets', { method: 'POST', headers: { 'cf-connecting-ip': '10.0.0.1' } })
    expect((await request()).status).toBe(200)
    const refused = await request()
    expect([refused.status, refused.headers.get('ratelimit')]).toEqual([429, '"live-ticket-address";r=0'])
    expect(arrived).toHaveLength(1)
  })
})

describe('the limits of carts', () => {
  const send = (method: string) => ({ method, headers: { 'cf-connecting-ip': '10.0.0.1' } })

  it('count what makes carts from one address, and apart from that every change', async () => {
    const { ask, counted } = await limitedShop({ CART_ADDRESS_LIMIT: 1, CART_WRITE_ADDRESS_LIMIT: 4 })
    expect((await ask('/api/carts', send('POST'))).status).toBe(200)
    const refused = await ask('/api/carts/', send('POST'))
    expect([refused.status, refused.headers.get('ratelimit')]).toEqual([429, '"cart-address";r=0'])
    expect((await ask('/api/carts/cart_1/items', send('POST'))).status).toBe(200)
    expect((await ask('/api/carts/cart_1', send('PATCH'))).status).toBe(200)
    const last = await ask('/api/carts/cart_1/items/item_1', send('DELETE'))
    expect([last.status, last.headers.get('ratelimit')]).toEqual([429, '"cart-write-address";r=0'])
    expect(counted.CART_ADDRESS_LIMIT).toEqual({ '10.0.0.1': 2 })
  })

  it('do not count reading', async () => {
    const { ask, counted } = await limitedShop()
    await ask('/api/carts/current', send('GET'))
    expect(counted.CART_WRITE_ADDRESS_LIMIT).toEqual({})
  })
})

describe('the limits of a publishable key', () => {
  const [one, other] = [1, 2].map((byte) => newApiKey('publishable', new Uint8Array(24).fill(byte)))
  const users = usersRpc({
    callerOfKey: async (hash) => {
      const storefrontKeyId = hash === (await sha256Hex(one ?? '')) ? 'key_1' : 'key_2'
      return ok({ kind: 'anonymous', storefrontKeyId } as const)
    },
  })
  const from = (address: string, key?: string, method = 'GET') => ({
    method,
    headers: { 'cf-connecting-ip': address, ...(key && { authorization: `Bearer ${key}` }) },
  })

  it('count each address at each key, and each key as a whole', async () => {
    const { ask, counted } = await limitedShop({}, users)
    for (const address of ['10.0.0.1', '10.0.0.1', '10.0.0.2']) await ask('/api/shop', from(address, one))
    const last = await ask('/api/shop', from('10.0.0.1', other))
    expect(counted.STOREFRONT_ADDRESS_LIMIT).toEqual({ 'key_1 10.0.0.1': 2, 'key_1 10.0.0.2': 1, 'key_2 10.0.0.1': 1 })
    expect(counted.STOREFRONT_LIMIT).toEqual({ key_1: 3, key_2: 1 })
    expect(policyOf(last)).toContain('"storefront-address";q=300;w=60, "storefront";q=30000;w=60')
  })

  it('do not let one address use up what the others have', async () => {
    const { ask, counted } = await limitedShop({ STOREFRONT_ADDRESS_LIMIT: 1 }, users)
    await ask('/api/shop', from('10.0.0.1', one))
    const refused = await ask('/api/shop', from('10.0.0.1', one))
    expect([refused.status, refused.headers.get('ratelimit')]).toEqual([429, '"storefront-address";r=0'])
    expect(counted.STOREFRONT_LIMIT).toEqual({ key_1: 1 })
    expect((await ask('/api/shop', from('10.0.0.2', one))).status).toBe(200)
  })

  it('count carts and orders apart from those of guests without a key, and of other keys', async () => {
    const { ask, counted } = await limitedShop({}, users)
    for (const key of [undefined, one, other]) {
      await ask('/api/carts', from('10.0.0.1', key, 'POST'))
      await ask('/api/orders', from('10.0.0.1', key, 'POST'))
    }
    const each = { '10.0.0.1': 1, 'key_1 10.0.0.1': 1, 'key_2 10.0.0.1': 1 }
    expect(counted.CART_ADDRESS_LIMIT).toEqual(each)
    expect(counted.CART_WRITE_ADDRESS_LIMIT).toEqual(each)
    expect(counted.ORDER_ADDRESS_LIMIT).toEqual(each)
  })

  it('do not count requests without a key', async () => {
    const { ask, counted } = await limitedShop({}, users)
    await ask('/api/shop', from('10.0.0.1'))
    expect([counted.STOREFRONT_ADDRESS_LIMIT, counted.STOREFRONT_LIMIT]).toEqual([{}, {}])
  })
})

describe('the limit per address', () => {
  const from = (address: string) => ({ headers: { 'cf-connecting-ip': address } })

  it('counts IPv6 by /64 and by /48, and passes the /48 to the worker, whose limits are exact', async () => {
    const { ask, arrived, counted } = await limitedShop()
    for (const address of ['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:3::1']) {
      const response = await ask('/api/products/1', { method: 'PUT', ...from(address) })
      expect(policyOf(response)).toBe('"address";q=600;w=60, "network";q=1200;w=60')
    }
    expect(counted.ADDRESS_LIMIT).toEqual({ '2001:db8:1:2::/64': 2, '2001:db8:1:3::/64': 1 })
    expect(counted.NETWORK_LIMIT).toEqual({ '2001:db8:1::/48': 3 })
    expect(arrived.map(({ headers }) => headers.get('x-shop-address'))).toEqual(Array(3).fill('2001:db8:1::/48'))
  })

  it('is not evaded by the 65,536 networks of a /48', async () => {
    const { ask, counted } = await limitedShop({ ADDRESS_LIMIT: 600, NETWORK_LIMIT: 3 })
    const statuses = []
    for (const network of ['1', '2', '3', '4']) {
      statuses.push((await ask('/nowhere', from(`2001:db8:1:${network}::1`))).status)
    }
    expect(statuses).toEqual([404, 404, 404, 429])
    expect((await ask('/nowhere', from('2001:db8:2:1::1'))).status).toBe(404)
    expect(counted.NETWORK_LIMIT).toEqual({ '2001:db8:1::/48': 4, '2001:db8:2::/48': 1 })
  })

  it('does not let one address of a /48 use up what its neighbours have', async () => {
    const { ask, counted } = await limitedShop({ ADDRESS_LIMIT: 1 })
    for (const _ of [1, 2, 3]) await ask('/nowhere', from('2001:db8:1:2::1'))
    expect(counted.NETWORK_LIMIT).toEqual({ '2001:db8:1::/48': 1 })
  })

  it('counts an IPv4 address that is written as IPv6 as that address', async () => {
    const { ask, counted, arrived } = await limitedShop()
    await ask('/api/orders', from('::ffff:10.0.0.1'))
    expect([counted.ADDRESS_LIMIT, counted.NETWORK_LIMIT]).toEqual([{ '10.0.0.1': 1 }, {}])
    expect(arrived[0]?.headers.get('x-shop-address')).toBe('10.0.0.1')
  })

  it.each([
    ['/health/ready', 'GET'],
    ['/api/products/%zz', 'GET'],
    [`/${'a'.repeat(9_000)}`, 'GET'],
    ['/nowhere', 'GET'],
    ['/health/ready', 'POST'],
    ['/api/webhooks/paypal', 'POST'],
    ['/api/webhooks/stripe/x', 'POST'],
    ['/api/webhooks/stripe', 'GET'],
    ['/api/webhooks/stripe', 'POST'],
    ['https://shop.example.com//api/webhooks/paypal', 'POST'],
  ])('counts %s with %s, whatever comes of it', async (path, method) => {
    const { ask, counted, arrived } = await limitedShop({ ADDRESS_LIMIT: 0 })
    const response = await ask(path, { method, headers: { 'cf-connecting-ip': '10.0.0.1' } })
    expect([response.status, counted.ADDRESS_LIMIT]).toEqual([429, { '10.0.0.1': 1 }])
    expect(arrived).toEqual([])
  })

  it('lets Stripe deliver under a limit of its own', async () => {
    const { ask, counted } = await limitedShop({ ADDRESS_LIMIT: 0, WEBHOOK_LIMIT: 2 })
    const headers = { 'cf-connecting-ip': '10.0.0.1', 'stripe-signature': `t=1764000000,v1=${'5f'.repeat(32)}` }
    const statuses = []
    for (const path of [
      '/api/webhooks/stripe',
      '/api/webhooks/stripe/',
      'https://shop.example.com//api/webhooks/stripe',
    ]) {
      const response = await ask(path, { method: 'POST', headers })
      expect(policyOf(response)).toBe('"webhook";q=30000;w=60')
      statuses.push(response.status)
    }
    expect([statuses, counted.WEBHOOK_LIMIT]).toEqual([[200, 200, 429], { '10.0.0.1': 3 }])
  })

  it('lets the mail provider deliver under the limit of webhooks, by the shape of its signature', async () => {
    const { ask, counted } = await limitedShop({ ADDRESS_LIMIT: 0, WEBHOOK_LIMIT: 1 })
    const path = '/api/webhooks/mail/resend'
    const statusWith = async (signature: string) => {
      const headers = { 'cf-connecting-ip': '10.0.0.1', 'svix-signature': signature }
      return (await ask(path, { method: 'POST', headers })).status
    }
    expect(await statusWith(`v1,${'a'.repeat(43)}=`)).toBe(200)
    expect(await statusWith('v1,short')).toBe(429)
    expect([counted.WEBHOOK_LIMIT, counted.ADDRESS_LIMIT]).toEqual([{ '10.0.0.1': 1 }, { '10.0.0.1': 1 }])
  })

  it('ignores an address that the client claims', async () => {
    const { ask, arrived } = await limitedShop()
    const headers = { 'x-shop-address': '10.9.9.9', 'x-forwarded-for': '10.9.9.9', 'cf-connecting-ip': '10.0.0.1' }
    await ask('/api/users/login', { method: 'POST', headers })
    expect(arrived[0]?.headers.get('x-shop-address')).toBe('10.0.0.1')
  })

  it.each(['/health', '/health/'])('does not apply to %s', async (path) => {
    const { ask, counted } = await limitedShop({ ADDRESS_LIMIT: 0 })
    const response = await ask(path)
    expect(response.status).toBe(200)
    expect(policyOf(response)).toBeNull()
    expect(counted.ADDRESS_LIMIT).toEqual({})
  })

  it('is named in every other answer, problems included, before the limits of the worker', async () => {
    const { ask } = await limitedShop()
    expect(policyOf(await ask('/nowhere'))).toBe('"address";q=600;w=60')
    const fetch = async () => new Response('{}', { headers: { 'ratelimit-policy': '"sign-in";q=30;w=60' } })
    const users = fakeShop({ overrides: { USERS: { fetch, sweep: async () => ({}) } } })
    const response = await users.ask('/api/users/login', { method: 'POST' })
    expect(policyOf(response)).toBe('"address";q=600;w=60, "sign-in";q=30;w=60')
  })
})

describe('the API description', () => {
  const { info, paths, components } = mergeDocuments([OWN_OPERATIONS])

  it('names every limit', () => {
    for (const { name, quota } of Object.values(LIMITS)) expect(info.description).toContain(`\`${name}\`: ${quota} `)
  })

  it('declares the headers of each refusal', () => {
    expect(paths['/openapi.json']?.get).toMatchObject({
      responses: { 429: { headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } } } },
    })
    expect(Object.keys(components.headers)).toEqual(['Retry-After', 'RateLimit-Policy', 'RateLimit'])
  })
})
