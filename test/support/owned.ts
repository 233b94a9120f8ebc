import { eventually } from '@shop/testing/eventually'
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
  if (path.startsWith('/api/returns/')) return newReturn(stage, owner)
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

/** A return that the owner has asked for, of an order that was paid and has shipped. */
async function newReturn(stage: Stage, owner: Account | undefined): Promise<Owned> {
  const order = await newOrder(stage, owner)
  await startPayment(stage, owner, order, 'pm_card_visa')
  const { shop, admin } = stage
  const shipping = { token: admin.token, body: { status: 'shipped' } }
  const shipped = await eventually(
    () => shop.request('PATCH', `/api/orders/${order.id}/status`, shipping),
    ({ status }) => status === 200,
    20_000,
  )
  const items = [{ line_id: shipped.body.order.items[0]?.id, quantity: 1, reason: 'unwanted' }]
  const headers = { ...tokenHeader(order), 'idempotency-key': crypto.randomUUID() }
  const made = await shop.request('POST', `/api/orders/${order.id}/returns`, {
    ...{ token: owner?.token, body: { items }, headers },
  })
  return { ...order, id: made.body.return.id, missing: `ret_${MISSING}` }
}

const tokenHeader = ({ guestToken }: Owned) => (guestToken === undefined ? {} : { 'x-order-token': guestToken })

async function startPayment(
  { shop }: Stage,
  owner: Account | undefined,
  order: Owned,
  method?: string,
): Promise<string> {
  const body = { order_id: order.id, ...(method !== undefined && { payment_method: method }) }
  const request = { token: owner?.token, headers: tokenHeader(order), body }
  const started = await shop.request('POST', '/api/payments', request)
  return started.body.payment.id
}
