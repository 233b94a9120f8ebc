import { LOCAL_ORDER_TOKEN_SECRET } from '@shop/local-environment/environment'
import type { RequestOptions } from '@shop/testing/client'
import type { OrderBody } from '@shop/testing/order-body'
import type { ProductBody } from '@shop/testing/product-body'
import { beforeEach, describe, expect, it } from 'vitest'
import { guestTokens } from '../workers/orders/src/access/guest-tokens.ts'
import { SHARED_ORIGIN, useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

let product: ProductBody
let email: string
beforeEach(async () => {
  product = await stage.shop.addProduct(stage.admin, { stock_quantity: 10 })
  email = `${crypto.randomUUID()}@example.com`
})

const place = (over: Record<string, unknown> = {}, options: RequestOptions = {}) =>
  stage.shop.request('POST', '/api/orders', {
    body: { items: [{ product_id: product.id, quantity: 1 }], email, ...over },
    ...options,
  })
const withToken = (token: string) => ({ headers: { 'x-order-token': token } })
const keyed = (key: string) => ({ headers: { 'idempotency-key': key } })

type Placed = { order: OrderBody; token: string }
async function placed(): Promise<Placed> {
  const { status, body } = await place()
  expect(status).toBe(201)
  return { order: body.order, token: body.order_token }
}

/** Every operation that a guest may call on an order, with the status of its success. */
const OPERATIONS: [string, (order: OrderBody) => { method: string; path: string; body?: unknown }, number][] = [
  ['read', ({ id }) => ({ method: 'GET', path: `/api/orders/${id}` }), 200],
  ['see the events of', ({ id }) => ({ method: 'GET', path: `/api/orders/${id}/events` }), 200],
  ['pay', ({ id }) => ({ method: 'POST', path: '/api/payments', body: { order_id: id } }), 201],
  ['see the payments of', ({ id }) => ({ method: 'GET', path: `/api/payments/order/${id}` }), 200],
  ['cancel', ({ id }) => ({ method: 'PATCH', path: `/api/orders/${id}/status`, body: { status: 'cancelled' } }), 200],
]

describe('a guest', () => {
  it('orders with an e-mail address, and receives a token', async () => {
    const { status, body } = await place()
    expect(status).toBe(201)
    expect(body.order).toMatchObject({ user_id: null, email, status: 'pending', payment_status: 'unpaid' })
    expect(body.order_token).toMatch(/^v1\.[A-Za-z0-9_-]{43}$/)
    await stage.shop.stockBecomes(product.id, 9)
  })

  it('may read, pay and cancel with the token, see the events, and the stock goes back on sale', async () => {
    const { order, token } = await placed()
    for (const [, operation, answer] of OPERATIONS) {
      const { method, path, body } = operation(order)
      const reply = await stage.shop.request(method, path, { body, ...withToken(token) })
      expect([path, reply.status]).toEqual([path, answer])
    }
    const { events } = (await stage.shop.request('GET', `/api/orders/${order.id}/events`, withToken(token))).body
    const guest = { kind: 'guest', user_id: null }
    expect(events.map(({ type, actor }) => [type, actor])).toEqual([
      ['placed', guest],
      ['cancelled', guest],
    ])
    await stage.shop.stockBecomes(product.id, 10)
  })

  it('pays with a card', async () => {
    const { order, token } = await placed()
    const body = { order_id: order.id, payment_method: 'pm_card_visa' }
    const paid = await stage.shop.request('POST', '/api/payments', { body, ...withToken(token) })
    expect([paid.status, paid.body.payment?.status]).toEqual([201, 'succeeded'])
    const read = await stage.shop.request('GET', `/api/orders/${order.id}`, withToken(token))
    expect(read.body.order).toMatchObject({ status: 'processing', payment_status: 'paid', captured_amount: 12.5 })
  })

  it('cannot ship, nor cancel a paid order', async () => {
    const { order, token } = await placed()
    const move = (status: string) =>
      stage.shop.request('PATCH', `/api/orders/${order.id}/status`, { body: { status }, ...withToken(token) })
    expect((await move('shipped')).status).toBe(403)
    const body = { order_id: order.id, payment_method: 'pm_card_visa' }
    await stage.shop.request('POST', '/api/payments', { body, ...withToken(token) })
    expect((await move('cancelled')).body.code).toBe('order_status_conflict')
  })

  it('must sign in or give an e-mail address, and an invalid address is reported by field', async () => {
    const nobody = await place({ email: undefined })
    expect([nobody.status, nobody.body.code]).toEqual([401, 'authentication_required'])
    const wrong = await place({ email: 'nowhere' })
    expect([wrong.status, wrong.body.errors?.[0]?.field]).toEqual([422, 'email'])
  })

  it('who has signed in may leave an address for the order, and gets no token', async () => {
    const { body } = await place({}, { token: stage.customer.token })
    expect(body.order).toMatchObject({ user_id: stage.customer.user.id, email })
    expect(body.order_token).toBeUndefined()
  })
})

describe('the order of a guest', () => {
  it.each(OPERATIONS)('is not reachable by its id alone: to %s it needs its token', async (_, operation) => {
    const { order } = await placed()
    const other = await placed()
    const stranger = await stage.shop.signUp()
    const { method, path, body } = operation(order)
    const replies = await Promise.all([
      stage.shop.request(method, path, { body }),
      stage.shop.request(method, path, { body, ...withToken(other.token) }),
      stage.shop.request(method, path, { body, ...withToken('v1.nonsense') }),
      stage.shop.request(method, path, { body, token: stranger.token }),
    ])
    expect(replies.map(({ status }) => status)).toEqual([401, 404, 404, 404])
    const read = await stage.shop.request('GET', `/api/orders/${order.id}`, { token: stage.admin.token })
    expect(read.body.order.status).toBe('pending')
  })

  it('stays open to a guest who has signed in since, by the token alone', async () => {
    const { order, token } = await placed()
    const account = { token: (await stage.shop.signUp()).token }
    const path = `/api/orders/${order.id}`
    expect((await stage.shop.request('GET', path, { ...account, ...withToken(token) })).status).toBe(200)
    expect((await stage.shop.request('GET', path, account)).status).toBe(404)
  })

  it('is visible to staff', async () => {
    const { order } = await placed()
    for (const path of [`/api/orders/${order.id}`, `/api/orders/${order.id}/events`]) {
      expect((await stage.shop.request('GET', path, { token: stage.admin.token })).status).toBe(200)
    }
  })
})

describe('the order of an account', () => {
  it('is opened by no token, not even a well-formed one', async () => {
    const { order } = (await place({}, { token: stage.customer.token })).body
    const forged = await guestTokens('order', [LOCAL_ORDER_TOKEN_SECRET]).of(`order_${order.id.slice('order_'.length)}`)
    expect((await stage.shop.request('GET', `/api/orders/${order.id}`, withToken(forged))).status).toBe(404)
    const guest = await placed()
    expect(await guestTokens('order', [LOCAL_ORDER_TOKEN_SECRET]).of(`order_${guest.order.id.slice(6)}`)).toBe(
      guest.token,
    )
  })
})

describe('the idempotency key of a guest', () => {
  it('returns the same order and token again, however the address is spelled', async () => {
    const key = keyed(crypto.randomUUID())
    const first = await place({}, key)
    const again = await place({ email: email.toUpperCase() }, key)
    expect([first.status, again.status]).toEqual([201, 201])
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    await stage.shop.stockBecomes(product.id, 9)
  })

  it('belongs to the address: with another address it is another key', async () => {
    const key = keyed(crypto.randomUUID())
    const mine = await place({}, key)
    const theirs = await place({ email: `${crypto.randomUUID()}@example.com` }, key)
    expect([mine.status, theirs.status]).toEqual([201, 201])
    expect(theirs.body.order.id).not.toBe(mine.body.order.id)
    expect(theirs.body.order_token).not.toBe(mine.body.order_token)
  })

  it('with another body is refused', async () => {
    const key = keyed(crypto.randomUUID())
    await place({}, key)
    const other = await place({ shipping_address: '1 Main St' }, key)
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused'])
  })

  it.each(['order-1', '0123456789abcdef', 'monday'])(
    '%s is no secret, so it is refused, and nothing held',
    async (key) => {
      const refused = await place({}, keyed(key))
      expect([refused.status, refused.body.code]).toEqual([422, 'idempotency_key_too_weak'])
      expect((await stage.shop.getProduct(product.id)).stock_quantity).toBe(10)
      expect((await place({}, { ...keyed(key), token: stage.customer.token })).status).toBe(201)
    },
  )
})

describe('the token of an order', () => {
  it('may be sent by browsers from the listed origins', async () => {
    const preflight = await fetch(`${stage.platform.url}/api/orders/order_1`, {
      method: 'OPTIONS',
      headers: {
        origin: SHARED_ORIGIN,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'x-order-token,x-cart-token',
      },
    })
    const allowed = preflight.headers.get('access-control-allow-headers')?.toLowerCase()
    expect(allowed).toContain('x-order-token')
    expect(allowed).toContain('x-cart-token')
  })

  it('appears in no log, nor does the e-mail address', async () => {
    const { order, token } = await placed()
    for (const [, operation] of OPERATIONS) {
      const { method, path, body } = operation(order)
      await stage.shop.request(method, path, { body, ...withToken(token) })
    }
    const logs = stage.platform.logs().join('\n')
    expect(logs).toContain('/api/orders/:id')
    for (const secret of [token, token.slice(3), email]) expect(logs).not.toContain(secret)
  })
})
