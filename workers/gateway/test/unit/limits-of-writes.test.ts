import { describe, expect, it } from 'vitest'
import { newToken, USER_ID } from './fake-shop.ts'
import { limitedShop, policyOf } from './limited-shop.ts'

const ORDER_ID = 'order_01jd4k2v9rf0fv8z3x1m5q7w2e'

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
