import { setTimeout as sleep } from 'node:timers/promises'
import type { Reply } from '@shop/testing/client'
import { eventually } from '@shop/testing/eventually'
import type { ProductBody } from '@shop/testing/product-body'
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { usePlatform } from './support/use-platform.ts'

/**
 * A cart is completed with a code that can be used once. For every n, the n-th request to Postgres fails: either before the
 * work, or after it with the answer lost. Then everything settles: there is one order or none, the cart is completed or open,
 * and uses and stock are right.
 */
const stage = usePlatform({ holdSeconds: 3, holdGraceSeconds: 1, attemptSeconds: 1, paymentCheckSeconds: 1 })

const OPENING = 5
const MOST_BOUNDARIES = 40
const TRIES = 20
const PAUSE_MS = 100
const SETTLE_MS = 30_000

type Checkout = { cartId: string; token: string; product: ProductBody; promotionId: string }

async function aCart(): Promise<Checkout> {
  const { shop, admin } = stage
  const { token } = await shop.signUp()
  const product = await shop.addProduct(admin, { stock_quantity: OPENING })
  await shop.stockBecomes(product.id, OPENING)
  const code = crypto.randomUUID()
  const promotion = await shop.request('POST', '/api/promotions', {
    token: admin.token,
    body: { name: 'Once', code, type: 'percentage', value: 10, usage_limit: 1 },
  })
  const items = [{ product_id: product.id, quantity: 2 }]
  const made = await shop.request('POST', '/api/carts', { token, body: { items } })
  const { id } = made.body.cart
  const priced = await shop.request('PATCH', `/api/carts/${id}`, { token, body: { codes: [code] } })
  expect(priced.body.cart).toMatchObject({ total_amount: 22.5, messages: [] })
  return { cartId: id, token, product, promotionId: promotion.body.promotion.id }
}

/** Completes the cart, repeating the call until it is done; a client that leaves sends it once. */
async function complete({ cartId, token }: Checkout, client: 'tries again' | 'leaves'): Promise<Reply> {
  const headers = { 'idempotency-key': crypto.randomUUID() }
  for (let attempt = 1; ; attempt += 1) {
    const reply = await stage.shop.request('POST', `/api/carts/${cartId}/complete`, { token, headers, body: {} })
    if (reply.status === 201 || client === 'leaves') return reply
    if (attempt === TRIES) throw new Error(`${reply.status} after ${TRIES} tries: ${JSON.stringify(reply.body)}`)
    await sleep(PAUSE_MS)
  }
}

type State = { orders: string[]; usesLeft: number | null; cart: string; stock: number }

async function stateOf({ cartId, token, product, promotionId }: Checkout): Promise<State> {
  const db = stage.platform.database.as('orders')
  const { rows } = await db.execute<{ status: string }>(
    sql`select status from orders.orders where cart_id = ${cartId} order by created_at`,
  )
  const used = await db.execute<{ uses: number }>(
    sql`select uses from orders.promotion_counters where promotion_id = ${promotionId} and customer_key = ''`,
  )
  const cart = await stage.shop.request('GET', `/api/carts/${cartId}`, { token })
  return {
    orders: rows.map(({ status }) => status),
    usesLeft: 1 - (used.rows[0]?.uses ?? 0),
    cart: cart.body.cart?.status ?? `${cart.status}`,
    stock: (await stage.shop.getProduct(product.id)).stock_quantity,
  }
}

it.each([
  ['cut_before', 'tries again'],
  ['cut_after', 'tries again'],
  ['cut_after', 'leaves'],
] as const)('one cart makes one order or none: Postgres %s, and the client %s', async (kind, client) => {
  let boundaries = 0
  for (let skip = 0; skip < MOST_BOUNDARIES; skip += 1) {
    stage.admin = await stage.shop.signUpAdmin()
    const checkout = await aCart()
    const fault = stage.platform.database.faults.add({ kind, skip })
    const reply = await complete(checkout, client)
    fault.remove()
    boundaries = skip
    if (fault.hits() === 0) break
    // While the order stands, it has the only use and holds two units; at most one stands.
    const { orders, usesLeft, cart } = await stateOf(checkout)
    const standing = orders.filter((status) => status !== 'cancelled').length
    expect(standing, `after ${skip} requests`).toBeLessThanOrEqual(1)
    if (client === 'tries again') expect([reply.status, standing, usesLeft, cart]).toEqual([201, 1, 0, 'completed'])
    else if (standing === 1) expect(usesLeft).toBe(0)
    // Unpaid, it expires: use and stock are free again, and the cart is open.
    const look = async () => {
      await stage.platform.sweep()
      return stateOf(checkout)
    }
    const isSettled = (state: State) =>
      state.usesLeft === 1 && state.stock === OPENING && state.orders.every((status) => status === 'cancelled')
    const settled = await eventually(look, isSettled, SETTLE_MS)
    expect(['open', 'completing']).toContain(settled.cart)
  }
  expect(boundaries).toBeGreaterThan(1)
}, 300_000)
