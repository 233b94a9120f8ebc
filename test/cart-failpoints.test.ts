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
 * and uses and stock are right. `LONG=1` runs every kind of failure, also with clients that give up.
 */
const stage = usePlatform({ holdSeconds: 3, holdGraceSeconds: 1, attemptSeconds: 1, paymentCheckSeconds: 1 })

const OPENING = 5
const MOST_BOUNDARIES = 40
const TRIES = 20
const PAUSE_MS = 100
const SETTLE_MS = 90_000

type Client = 'tries again' | 'leaves'
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
async function complete({ cartId, token }: Checkout, client: Client): Promise<Reply> {
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

const isSettled = ({ usesLeft, stock, orders, cart }: State) =>
  usesLeft === 1 && stock === OPENING && orders.every((status) => status === 'cancelled') && cart === 'open'

const KINDS: ['cut_before' | 'cut_after', Client][] = [['cut_after', 'tries again']]
const LONG: typeof KINDS = [
  ['cut_before', 'tries again'],
  ['cut_before', 'leaves'],
  ['cut_after', 'leaves'],
]

it.each(process.env.LONG ? [...KINDS, ...LONG] : KINDS)(
  'one cart makes one order or none: Postgres %s, and the client %s',
  async (kind, client) => {
    stage.admin = await stage.shop.signUpAdmin()
    let unsettled: Checkout[] = []
    for (let skip = 0; skip < MOST_BOUNDARIES; skip += 1) {
      const checkout = await aCart()
      const fault = stage.platform.database.faults.add({ kind, skip })
      const reply = await complete(checkout, client)
      fault.remove()
      // An order that stands has the only use of the code. At most one stands.
      const { orders, usesLeft, cart } = await stateOf(checkout)
      const standing = orders.filter((status) => status !== 'cancelled').length
      expect(standing, `after ${skip} requests`).toBeLessThanOrEqual(1)
      expect(usesLeft).toBe(1 - standing)
      if (client === 'tries again') expect([reply.status, standing, cart]).toEqual([201, 1, 'completed'])
      unsettled.push(checkout)
      if (fault.hits() === 0) break
    }
    expect(unsettled.length).toBeGreaterThan(2)
    // Unpaid orders expire: use and stock are free again, and their carts are open.
    const look = async () => {
      await stage.platform.sweep()
      const states = await Promise.all(unsettled.map(stateOf))
      unsettled = unsettled.filter((_, index) => states[index] !== undefined && !isSettled(states[index]))
      return unsettled.length
    }
    await eventually(look, (left) => left === 0, SETTLE_MS)
  },
  180_000,
)
