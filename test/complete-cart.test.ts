import type { Reply, RequestOptions } from '@shop/testing/client'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import { confirmInBrowser, moneyKept } from '@shop/testing/stripe-js'
import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

const key = () => ({ 'idempotency-key': crypto.randomUUID() })
const TEN = Array.from({ length: 10 }, (_, n) => n)

/** A cart of a guest with two units of a product of 12.50, of which there are ten. */
async function guestCart() {
  const { shop, admin } = stage
  const product = await shop.addProduct(admin)
  const body = { items: [{ product_id: product.id, quantity: 2 }] }
  const { cart, cart_token: token } = (await shop.request('POST', '/api/carts', { body })).body
  const send = (method: string, rest = '', options: RequestOptions = {}) =>
    shop.request(method, `/api/carts/${cart.id}${rest}`, {
      ...options,
      headers: { 'x-cart-token': token, ...options.headers },
    })
  await send('PATCH', '', { body: { email: `${crypto.randomUUID()}@example.com` } })
  const complete = (options: RequestOptions = {}) => send('POST', '/complete', { body: {}, ...options })
  return { cart, product, send, complete }
}

const idsOf = (replies: Reply[]) =>
  new Set(replies.flatMap(({ status, body }) => (status === 201 ? [body.order.id] : [])))
const codesOf = (replies: Reply[]) =>
  new Set(replies.filter(({ status }) => status !== 201).map(({ body }) => body.code))

describe('a cart that is completed', () => {
  it('is an order, whose token its guest gets', async () => {
    const { send, complete, product } = await guestCart()
    const { status, body } = await complete()
    expect([status, body.order.total_amount, body.order.items.length]).toEqual([201, 25, 1])
    const { id } = body.order
    const read = await stage.shop.request('GET', `/api/orders/${id}`, {
      headers: { 'x-order-token': body.order_token },
    })
    expect(read.status).toBe(200)
    expect((await send('GET')).body.cart.status).toBe('completed')
    await stage.shop.stockBecomes(product.id, 8)
  })

  it('makes one order when many calls complete it at the same time (shopware/shopware#19943)', async () => {
    const { complete, product } = await guestCart()
    const replies = await Promise.all(TEN.map((n) => complete(n % 2 === 0 ? {} : { headers: key() })))
    expect([idsOf(replies).size, codesOf(replies)]).toEqual([1, new Set()])
    expect(replies.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1)
    await stage.shop.stockBecomes(product.id, 8)
  })

  it('makes an order of the items that it had when it was completed, while others add more', async () => {
    const { send, complete, product } = await guestCart()
    const adding = TEN.map(() => send('POST', '/items', { body: { product_id: product.id, quantity: 1 } }))
    const replies = await Promise.all([...adding, ...TEN.map(() => complete())])
    const added = replies.slice(0, 10).filter(({ status }) => status === 200).length
    const completions = replies.slice(10)
    expect(idsOf(completions).size).toBeLessThanOrEqual(1)
    for (const code of codesOf(completions)) expect(['total_changed', 'out_of_stock']).toContain(code)
    const { body } = await complete()
    const { cart } = (await send('GET')).body
    expect(body.order.items[0]?.quantity).toBe(cart.items[0]?.quantity)
    expect(body.order.items[0]?.quantity).toBe(Math.min(10, 2 + added))
  })

  it('is deleted or an order, whichever comes first', async () => {
    const { send, complete } = await guestCart()
    const [deleted, ...replies] = await Promise.all([send('DELETE'), ...TEN.map(() => complete())])
    expect(idsOf(replies).size).toBeLessThanOrEqual(1)
    if (idsOf(replies).size === 0)
      expect([deleted.status, codesOf(replies)]).toEqual([200, new Set(['cart_not_found'])])
    else expect([200, 409]).toContain(deleted.status)
  })

  it('needs what an order needs, and is open after a refusal', async () => {
    const { send, complete } = await guestCart()
    await send('PATCH', '', { body: { email: null } })
    expect((await complete({ headers: key() })).body.code).toBe('authentication_required')
    expect((await send('GET')).body.cart.status).toBe('open')
    expect((await complete({ token: stage.customer.token })).body.order.user_id).toBe(stage.customer.user.id)
  })
})

describe('another total', () => {
  it('than the cart answered last is refused, with the new one', async () => {
    const { product, send, complete } = await guestCart()
    const { shop, admin } = stage
    await shop.request('PUT', `/api/products/${product.id}`, { token: admin.token, body: { price: 15 } })
    const refused = await complete()
    expect([refused.status, refused.body]).toMatchObject([409, { code: 'total_changed', total_amount: 30 }])
    // Its next answer may be a second old.
    const { cart } = (await send('GET')).body
    expect([cart.status, [25, 30].includes(cart.total_amount)]).toEqual(['open', true])
    await expect.poll(async () => (await send('GET')).body.cart.total_amount, { timeout: 5_000 }).toBe(30)
    expect((await complete()).body.order.total_amount).toBe(30)
  })

  it('than the buyer expects is refused', async () => {
    const { complete } = await guestCart()
    expect((await complete({ body: { expected_total: 24.99 } })).body.code).toBe('total_changed')
    expect((await complete({ body: { expected_total: 25 } })).status).toBe(201)
  })
})

describe('an order that is cancelled unpaid', () => {
  it('opens its cart, and another one is made of it under a new key', async () => {
    const { send, complete } = await guestCart()
    const first = await complete({ headers: key() })
    const { order, order_token: token } = first.body
    const path = `/api/orders/${order.id}/status`
    const cancelled = { body: { status: 'cancelled' }, headers: { 'x-order-token': token } }
    expect((await stage.shop.request('PATCH', path, cancelled)).status).toBe(200)
    const again = await Promise.all(TEN.map(() => complete({ headers: key() })))
    const ids = [...idsOf(again)]
    expect([ids.length, ids[0] === order.id, codesOf(again)]).toEqual([1, false, new Set()])
    expect((await send('GET')).body.cart.status).toBe('completed')
  })

  it('stays cancelled when it is paid late, and the money goes back, whatever the cart has led to since', async () => {
    const { complete } = await guestCart()
    const { order, order_token: token } = (await complete()).body
    const as = { headers: { 'x-order-token': token } }
    const payment = { order_id: order.id, payment_method: 'pm_card_authenticationRequired' }
    const { body } = await stage.shop.request('POST', '/api/payments', { ...as, body: payment })
    const cancel = { ...as, body: { status: 'cancelled' } }
    expect((await stage.shop.request('PATCH', `/api/orders/${order.id}/status`, cancel)).status).toBe(200)
    const second = (await complete({ headers: key() })).body.order
    expect(second.id).not.toBe(order.id)
    const secret = body.payment.client_secret ?? ''
    // Refused where the shop has voided the payment by then.
    await confirmInBrowser(stage.platform.stripe, secret, 'pm_card_visa')
    const read = async () => {
      await stage.platform.sweep()
      return (await stage.shop.request('GET', `/api/orders/${order.id}`, as)).body.order
    }
    const isSettled = ({ captured_amount: captured, refunded_amount: refunded }: OrderBody) => captured === refunded
    expect(await eventually(read, isSettled, 20_000)).toMatchObject({ status: 'cancelled' })
    expect(moneyKept(stage.platform.stripe, order)).toBe(0)
    expect((await complete({ headers: key() })).body.order.id).toBe(second.id)
  })

  it('lets its cart be changed again', async () => {
    const { send, complete, product } = await guestCart()
    const { order, order_token: token } = (await complete()).body
    await stage.shop.request('PATCH', `/api/orders/${order.id}/status`, {
      body: { status: 'cancelled' },
      headers: { 'x-order-token': token },
    })
    const added = await send('POST', '/items', { body: { product_id: product.id, quantity: 1 } })
    expect(added.body.cart).toMatchObject({ status: 'open', items: [{ quantity: 3 }] })
    expect((await complete()).body.order.id).not.toBe(order.id)
  })
})
