import type { Account } from '@shop/testing/shop'
import type { Stage } from './use-platform.ts'

/** Something of a customer, as the path of an operation names it, and what is missing in the same place. */
export type Owned = { id: string; missing: string; guestToken?: string }

const MISSING = '01jd4k2v9rf0fv8z3x1m5q7w2e'

/**
 * Makes what an operation of an owner is about, by its path or its body: fresh, since the operation may end it.
 *
 * @throws Error for a path of which nothing is made here yet: add it
 */
export async function newOwned(stage: Stage, path: string, owner: Account | undefined): Promise<Owned> {
  if (path.startsWith('/api/carts/')) return newCart(stage, owner)
  if (path.startsWith('/api/orders/')) return newOrder(stage, owner)
  if (path === '/api/payments' || path.startsWith('/api/payments/order/')) {
    const order = await newOrder(stage, owner)
    if (path !== '/api/payments') await startPayment(stage, owner, order)
    return order
  }
  if (path.startsWith('/api/payments/')) {
    const order = await newOrder(stage, owner)
    const id = await startPayment(stage, owner, order)
    return { ...order, id, missing: `pay_${MISSING}` }
  }
  throw new Error(`Nothing is owned at ${path} yet`)
}

async function newCart({ shop }: Stage, owner: Account | undefined): Promise<Owned> {
  const { body } = await shop.request('POST', '/api/carts', { token: owner?.token, body: {} })
  return { id: body.cart.id, missing: `cart_${MISSING}`, guestToken: body.cart_token }
}

async function newOrder({ shop, admin }: Stage, owner: Account | undefined): Promise<Owned> {
  const product = await shop.addProduct(admin)
  const email = owner === undefined ? { email: `${crypto.randomUUID()}@example.com` } : {}
  const body = { items: [{ product_id: product.id, quantity: 1 }], ...email }
  const placed = await shop.request('POST', '/api/orders', { token: owner?.token, body })
  return { id: placed.body.order.id, missing: `order_${MISSING}`, guestToken: placed.body.order_token }
}

async function startPayment({ shop }: Stage, owner: Account | undefined, order: Owned): Promise<string> {
  const headers = order.guestToken === undefined ? {} : { 'x-order-token': order.guestToken }
  const body = { order_id: order.id }
  const started = await shop.request('POST', '/api/payments', { token: owner?.token, headers, body })
  return started.body.payment.id
}
