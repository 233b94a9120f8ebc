import { LIMITS } from '@shop/contracts/limits'
import type { Reply } from '@shop/testing/client'
import type { ProductBody } from '@shop/testing/product-body'
import { describe, expect, it } from 'vitest'
import { useFreshCustomer, usePlatform } from './support/use-platform.ts'

/** With the caps of production. */
const stage = usePlatform({ buyerCaps: 'strict' })
useFreshCustomer(stage)

let addresses = 0
function anAddress(): string {
  addresses += 1
  return `10.3.${addresses >> 8}.${addresses & 255}`
}
const anEmail = () => `${crypto.randomUUID()}@example.com`

const aProduct = (over: Record<string, unknown> = {}) =>
  stage.shop.addProduct(stage.admin, { stock_quantity: 5_000, ...over })

const orderAsGuest = (items: [ProductBody, number][], { email = anEmail(), address = anAddress() } = {}) =>
  stage.shop.request('POST', '/api/orders', {
    body: { email, items: items.map(([{ id }, quantity]) => ({ product_id: id, quantity })) },
    headers: { 'cf-connecting-ip': address },
  })

const heldOf = async ({ id }: ProductBody) =>
  (await stage.shop.request('GET', `/api/inventory/${id}`, { token: stage.admin.token })).body.inventory.held
const outcomeOf = ({ status, body }: Reply) => (status === 201 ? 'placed' : `${status} ${body.code}`)
const countOf = (replies: Reply[], outcome: string) => replies.filter((reply) => outcomeOf(reply) === outcome).length

describe('one anonymous request for a whole shop', () => {
  it('is refused, and nothing is held', async () => {
    const products = await Promise.all(Array.from({ length: 30 }, () => aProduct({ stock_quantity: 100 })))
    const refused = await orderAsGuest(products.map((product) => [product, 100]))
    expect([refused.status, refused.body]).toMatchObject([
      409,
      { code: 'too_many_units_held', maximum: 100, per: 'buyer' },
    ])
    expect(await Promise.all(products.map(heldOf))).toEqual(products.map(() => 0))
  })
})

describe('a guest', () => {
  it('gets three of twenty orders at once, wherever they come from, and the rest hold nothing', async () => {
    const product = await aProduct()
    const email = anEmail()
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        orderAsGuest([[product, 2]], { email: n % 2 === 0 ? email : email.toUpperCase() }),
      ),
    )
    expect([countOf(replies, 'placed'), countOf(replies, '409 too_many_open_orders')]).toEqual([3, 17])
    expect(await heldOf(product)).toBe(6)
  })

  it('may order again once an order is cancelled', async () => {
    const product = await aProduct()
    const email = anEmail()
    const placed = []
    for (let n = 0; n < 3; n += 1) placed.push(await orderAsGuest([[product, 1]], { email }))
    expect(outcomeOf(await orderAsGuest([[product, 1]], { email }))).toBe('409 too_many_open_orders')
    const { order, order_token: token } = placed[0]?.body ?? {}
    const cancelled = await stage.shop.request('PATCH', `/api/orders/${order?.id}/status`, {
      headers: { 'x-order-token': token ?? '' },
      body: { status: 'cancelled' },
    })
    expect(cancelled.status).toBe(200)
    expect(outcomeOf(await orderAsGuest([[product, 1]], { email }))).toBe('placed')
  })

  it('cannot take more by many e-mail addresses, from one address or from one IPv6 network', async () => {
    const product = await aProduct()
    const network = '2001:db8:4:7'
    for (const addressOf of [(_: number) => '10.4.0.1', (n: number) => `${network}::${n.toString(16)}`]) {
      const before = await heldOf(product)
      const replies = await Promise.all(
        Array.from({ length: 8 }, (_, n) => orderAsGuest([[product, 100]], { address: addressOf(n + 1) })),
      )
      expect([countOf(replies, 'placed'), countOf(replies, '409 too_many_units_held')]).toEqual([5, 3])
      expect(replies.find(({ status }) => status === 409)?.body).toMatchObject({ maximum: 500, per: 'address' })
      expect(((await heldOf(product)) ?? 0) - (before ?? 0)).toBe(500)
    }
  })

  it('has ten minutes to pay', async () => {
    const { order } = (await orderAsGuest([[await aProduct(), 1]])).body
    expect(Date.parse(order.expires_at) - Date.parse(order.created_at)).toBe(600_000)
  })
})

describe('a customer', () => {
  it('gets ten of thirty orders at once, and as many more as they pay for', async () => {
    const { shop, customer } = stage
    const product = await aProduct()
    const replies = await Promise.all(Array.from({ length: 30 }, () => shop.placeOrder(customer, [[product, 1]])))
    expect([countOf(replies, 'placed'), countOf(replies, '409 too_many_open_orders')]).toEqual([10, 20])
    expect(await heldOf(product)).toBe(10)
    const [open] = replies.filter(({ status }) => status === 201)
    expect(
      (await shop.pay(customer, open?.body.order ?? (await shop.getOrder(customer, '')), 'pm_card_visa')).status,
    ).toBe(201)
    const again = await Promise.all(Array.from({ length: 3 }, () => shop.placeOrder(customer, [[product, 1]])))
    expect(countOf(again, 'placed')).toBe(1)
  })

  it('holds a thousand units, or what the address has left until their first payment', async () => {
    const { shop, customer } = stage
    const product = await aProduct({ price: 1 })
    const headers = { 'cf-connecting-ip': anAddress() }
    const order = (quantity: number) =>
      shop.placeOrder(customer, [[product, quantity]], {
        token: customer.token,
        headers,
        body: { items: [{ product_id: product.id, quantity }] },
      })
    expect((await order(501)).body).toMatchObject({ code: 'too_many_units_held', maximum: 500, per: 'address' })
    const first = await order(1)
    expect((await shop.pay(customer, first.body.order, 'pm_card_visa')).status).toBe(201)
    expect(outcomeOf(await order(1_000))).toBe('placed')
    expect((await order(1)).body).toMatchObject({ code: 'too_many_units_held', maximum: 1_000, per: 'buyer' })
  })

  it('gets the same answer again for a key, though there is room for no further order', async () => {
    const { shop, customer } = stage
    const product = await aProduct()
    const keyed = () => ({ token: customer.token, headers: { 'idempotency-key': 'key-1' } })
    const first = await shop.placeOrder(customer, [[product, 1]], keyed())
    for (let n = 0; n < 9; n += 1) await shop.placeOrder(customer, [[product, 1]])
    expect(outcomeOf(await shop.placeOrder(customer, [[product, 1]]))).toBe('409 too_many_open_orders')
    const replay = await shop.placeOrder(customer, [[product, 1]], keyed())
    expect([replay.status, replay.body]).toEqual([201, first.body])
  })
})

describe('staff', () => {
  it('have no caps', async () => {
    const { shop, admin } = stage
    const product = await aProduct()
    const replies = await Promise.all(Array.from({ length: 12 }, () => shop.placeOrder(admin, [[product, 200]])))
    expect(countOf(replies, 'placed')).toBe(12)
  })
})

describe('max_per_order', () => {
  it('limits the units of a product in one order, and staff set and lift it', async () => {
    const { shop, admin, customer } = stage
    const product = await aProduct({ max_per_order: 4 })
    expect(product.max_per_order).toBe(4)
    const refused = await shop.placeOrder(customer, [
      [product, 3],
      [product, 2],
    ])
    expect([refused.status, refused.body]).toMatchObject([
      422,
      { code: 'max_per_order_exceeded', product_id: product.id, requested: 5, maximum: 4 },
    ])
    expect(outcomeOf(await shop.placeOrder(customer, [[product, 4]]))).toBe('placed')
    const change = (max_per_order: unknown) =>
      shop.request('PUT', `/api/products/${product.id}`, { token: admin.token, body: { max_per_order } })
    expect((await change(0)).status).toBe(422)
    expect((await change(null)).body.product.max_per_order).toBeNull()
    expect(outcomeOf(await shop.placeOrder(customer, [[product, 5]]))).toBe('placed')
  })
})

describe('placing orders', () => {
  it('is limited by address', async () => {
    const product = await aProduct()
    const address = anAddress()
    const replies: Reply[] = []
    // Twice the quota, since the minute may end in between.
    while (replies.length <= 2 * LIMITS.orderAddress.quota && replies.at(-1)?.status !== 429) {
      const some = Array.from({ length: 20 }, () => orderAsGuest([[product, 101]], { address }))
      replies.push(...(await Promise.all(some)))
    }
    const refused = replies.find(({ status }) => status === 429)
    expect(refused?.body.code).toBe('rate_limited')
    expect(refused?.headers.get('ratelimit')).toBe('"order-address";r=0')
    expect(replies.filter(({ status }) => status === 409).length).toBeGreaterThanOrEqual(LIMITS.orderAddress.quota)
  })
})
