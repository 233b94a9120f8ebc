import { LIMITS } from '@shop/contracts/limits'
import type { Reply } from '@shop/testing/client'
import type { ProductBody } from '@shop/testing/product-body'
import { describe, expect, it } from 'vitest'
import { anAddress } from '../support/attacks.ts'
import { usePlatform } from '../support/use-platform.ts'

/** OWASP API Security Top 10 (2023): what a buyer may do too often. */
const stage = usePlatform({ buyerCaps: 'strict' })

const post = (path: string, body?: unknown, token?: string, headers = {}) =>
  stage.shop.request('POST', path, { body, token, headers: { 'cf-connecting-ip': anAddress(), ...headers } })
const codeOf = ({ status, body }: Reply) => [status, body.code]

describe('API6:2023 Unrestricted access to sensitive business flows', () => {
  const order = (items: object[], over: object = {}, token?: string) =>
    post(
      '/api/orders',
      { items, ...(token === undefined ? { email: `${crypto.randomUUID()}@example.com` } : {}), ...over },
      token,
    )
  const heldOf = async ({ id }: ProductBody) =>
    (await stage.shop.request('GET', `/api/inventory/${id}`, { token: stage.admin.token })).body.inventory.held

  it('thirty carts with all of the stock hold none of it: another buyer orders', async () => {
    const product = await stage.shop.addProduct(stage.admin, { stock_quantity: 5 })
    for (let n = 0; n < 30; n += 1) await post('/api/carts', { items: [{ product_id: product.id, quantity: 5 }] })
    expect(await heldOf(product)).toBe(0)
    expect((await order([{ product_id: product.id, quantity: 5 }])).status).toBe(201)
  })

  it('more than max_per_order is not bought by several lines, nor by a cart that was merged', async () => {
    const product = await stage.shop.addProduct(stage.admin, { max_per_order: 2, stock_quantity: 50 })
    const [variant] = product.variants
    const one = { product_id: product.id, quantity: 1 }
    const lines = [one, one, { variant_id: variant?.id, quantity: 1 }]
    expect(codeOf(await order(lines))).toEqual([422, 'max_per_order_exceeded'])
    const buyer = await stage.shop.signUp()
    const own = (await post('/api/carts', { items: [one, one] }, buyer.token)).body.cart
    const guest = (await post('/api/carts', { items: [one, one, one] })).body
    await post(`/api/carts/${guest.cart.id}/merge`, undefined, buyer.token, { 'x-cart-token': guest.cart_token })
    const completed = await post(`/api/carts/${own.id}/complete`, {}, buyer.token)
    expect(completed.body.order.items.map(({ quantity }) => quantity)).toEqual([2])
    expect(await heldOf(product)).toBe(2)
  })

  it('a guest who cancels and orders again in a loop holds no more than three orders at any time', async () => {
    const product = await stage.shop.addProduct(stage.admin, { stock_quantity: 500 })
    const email = `${crypto.randomUUID()}@example.com`
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => order([{ product_id: product.id, quantity: 30 }], { email })),
    )
    expect(answers.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(3)
    expect(await heldOf(product)).toBeLessThanOrEqual(100)
  })

  it('guessing codes in a cart is limited, and no guess says more than that there is no such code', async () => {
    const product = await stage.shop.addProduct(stage.admin)
    const { cart, cart_token: token } = (await post('/api/carts', { items: [{ product_id: product.id, quantity: 1 }] }))
      .body
    const changeCart = (codes: unknown) =>
      stage.shop.request('PATCH', `/api/carts/${cart.id}`, {
        body: { codes },
        headers: { 'x-cart-token': token, 'cf-connecting-ip': '10.67.0.1' },
      })
    const first = await changeCart(['SAVE10', 'GIFT10'])
    expect(first.body.cart.messages.map(({ reason }) => reason)).toEqual(['unknown', 'unknown'])
    // Counted before they are read.
    const more = Array.from({ length: 620 }, () => changeCart(10))
    expect((await Promise.all(more)).filter(({ status }) => status === 429).length).toBeGreaterThan(0)
    const tooMany = { codes: Array.from({ length: 1_000 }, (_, n) => `SAVE${n}`) }
    const many = await stage.shop.request('PATCH', `/api/carts/${cart.id}`, {
      body: tooMany,
      headers: { 'x-cart-token': token },
    })
    expect(many.status).toBe(422)
  })

  it('making carts and orders from one address is limited', async () => {
    const headers = { 'cf-connecting-ip': '10.68.0.1' }
    for (const [path, quota] of [
      ['/api/carts', LIMITS.cartAddress.quota],
      ['/api/orders', LIMITS.orderAddress.quota],
    ] as const) {
      // What is wrong with them is found after they were counted. A window may end in between.
      const asked = Array.from({ length: 2 * quota + 10 }, () => post(path, { items: 0 }, undefined, headers))
      expect((await Promise.all(asked)).filter(({ status }) => status === 429).length).toBeGreaterThan(0)
    }
  })

  it.each([0, -1, 0.5, 1e9, '1', null])('a quantity of %j is not bought', async (quantity) => {
    const product = await stage.shop.addProduct(stage.admin)
    expect((await order([{ product_id: product.id, quantity }])).status).toBe(422)
    expect(await heldOf(product)).toBe(0)
  })

  it('no step is skipped: an order that is cancelled is not paid, and an unpaid one not shipped', async () => {
    const product = await stage.shop.addProduct(stage.admin)
    const buyer = await stage.shop.signUp()
    const placed = (await order([{ product_id: product.id, quantity: 1 }], {}, buyer.token)).body.order
    const asOwner = (status: string) =>
      stage.shop.request('PATCH', `/api/orders/${placed.id}/status`, { token: buyer.token, body: { status } })
    const asAdmin = await stage.shop.request('PATCH', `/api/orders/${placed.id}/status`, {
      token: stage.admin.token,
      body: { status: 'shipped' },
    })
    expect(codeOf(asAdmin)).toEqual([409, 'order_status_conflict'])
    expect((await asOwner('cancelled')).status).toBe(200)
    expect(codeOf(await stage.shop.pay(buyer, placed, 'pm_card_visa'))).toEqual([409, 'order_not_payable'])
  })
})
