import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { Account } from '@shop/testing/shop'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { mailedToken, mailedTokens } from './support/mailed-tokens.ts'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

const WITHIN_MS = 20_000
/** Each sweep is one of all workers. */
const TWENTY_SWEEPS_MS = 240_000
const request = (method: string, path: string, options = {}) => stage.shop.request(method, path, options)
/** Another spelling of the same address. */
const inCapitals = ({ email }: { email: string }) => email.toUpperCase()

type GuestOrder = { order: OrderBody; orderToken: string; headers: { 'x-order-token': string } }

async function guestOrder(email: string, { isPaid = true } = {}): Promise<GuestOrder> {
  const product = await stage.shop.addProduct(stage.admin)
  const body = { items: [{ product_id: product.id, quantity: 1 }], email }
  const { order, order_token: orderToken } = (await request('POST', '/api/orders', { body })).body
  const headers = { 'x-order-token': orderToken }
  if (isPaid) {
    const paid = await request('POST', '/api/payments', {
      headers,
      body: { order_id: order.id, payment_method: 'pm_card_visa' },
    })
    expect(paid.status).toBe(201)
  }
  return { order, orderToken, headers }
}

async function verify({ email }: Account): Promise<void> {
  const token = await mailedToken(stage.platform, { email, kind: 'verification' })
  expect((await request('POST', '/api/users/verification/confirm', { body: { token } })).status).toBe(200)
}

const ordersOf = async ({ token }: Account): Promise<OrderBody[]> =>
  (await request('GET', '/api/orders', { token })).body.orders
const ordersBecome = (account: Account, ids: string[]) =>
  eventually(
    () => ordersOf(account),
    (orders) => ids.every((id) => orders.some((order) => order.id === id)),
    WITHIN_MS,
  )
const ordersDb = () => stage.platform.database.as('orders')

describe('a customer who verifies their address', () => {
  it('gets what they have paid for as a guest, in whatever spelling, and nothing before', async () => {
    const customer = await stage.shop.signUp()
    const guest = await guestOrder(inCapitals(customer))
    const unpaid = await guestOrder(customer.email, { isPaid: false })
    // Whoever registers the address without reading its mails gets nothing.
    await stage.platform.sweep()
    expect(await ordersOf(customer)).toEqual([])
    await verify(customer)
    const claimed = await ordersBecome(customer, [guest.order.id])
    expect(claimed).toMatchObject([{ id: guest.order.id, user_id: customer.user.id, payment_status: 'paid' }])
    expect((await request('GET', `/api/orders/${unpaid.order.id}`, { token: customer.token })).status).toBe(404)
  })

  it('may read it and its payment, and others find neither', async () => {
    const [customer, stranger] = [await stage.shop.signUp(), await stage.shop.signUp()]
    const { order } = await guestOrder(customer.email)
    await verify(customer)
    await ordersBecome(customer, [order.id])
    for (const path of [`/api/orders/${order.id}`, `/api/payments/order/${order.id}`]) {
      expect((await request('GET', path, { token: customer.token })).status).toBe(200)
      expect((await request('GET', path, { token: stranger.token })).status).toBe(404)
    }
  })

  it('shows nothing of the account to the holder of an order token', async () => {
    const customer = await stage.shop.signUp()
    const { order, headers } = await guestOrder(customer.email)
    const before = await request('GET', `/api/orders/${order.id}`, { headers })
    await verify(customer)
    await ordersBecome(customer, [order.id])
    const after = await request('GET', `/api/orders/${order.id}`, { headers })
    expect(after.status).toBe(200)
    expect({ ...after.body.order, updated_at: '', version: 0 }).toEqual({
      ...before.body.order,
      updated_at: '',
      version: 0,
    })
    const events = await request('GET', `/api/orders/${order.id}/events`, { headers })
    expect(JSON.stringify(events.body)).not.toContain(customer.user.id)
  })

  it(
    'gets it once, when the event is delivered twenty times',
    async () => {
      const customer = await stage.shop.signUp()
      const { order } = await guestOrder(customer.email)
      await verify(customer)
      await ordersBecome(customer, [order.id])
      for (let times = 0; times < 20; times += 1) {
        await stage.platform.database.as('users').execute(sql`
        update users.event_deliveries set status = 'pending', confirmed_at = null, next_attempt_at = now()
        where key = ${customer.user.id} and consumer = 'orders'`)
        await stage.platform.sweep()
      }
      const { rows } = await ordersDb().execute<{ count: number }>(sql`
      select count(*)::int as count from orders.events where key = ${order.id} and type = 'order.claimed'`)
      expect([rows[0]?.count, (await ordersOf(customer)).length]).toEqual([1, 1])
    },
    TWENTY_SWEEPS_MS,
  )

  it('gets what they pay for as a guest later, too', async () => {
    const customer = await stage.shop.signUp()
    await verify(customer)
    const known = await guestOrder(customer.email)
    await eventually(
      async () => {
        await stage.platform.sweep()
        return ordersOf(customer)
      },
      (orders) => orders.some(({ id }) => id === known.order.id),
      WITHIN_MS,
    )
  })

  it('finds the cart that they have left as a guest', async () => {
    const customer = await stage.shop.signUp()
    const product = await stage.shop.addProduct(stage.admin)
    const body = { items: [{ product_id: product.id, quantity: 2 }] }
    const { cart, cart_token: cartToken } = (await request('POST', '/api/carts', { body })).body
    const headers = { 'x-cart-token': cartToken ?? '' }
    const entered = { email: inCapitals(customer), note: 'Ring twice' }
    expect((await request('PATCH', `/api/carts/${cart.id}`, { headers, body: entered })).status).toBe(200)
    await verify(customer)
    const current = await eventually(
      () => request('GET', '/api/carts/current', { token: customer.token }),
      ({ status }) => status === 200,
      WITHIN_MS,
    )
    expect(current.body.cart).toMatchObject({ id: cart.id, note: null, items: [{ quantity: 2 }] })
    expect((await request('GET', `/api/carts/${cart.id}`, { headers })).status).toBe(404)
  })
})

describe('a guest who lost the token of their order', () => {
  const ask = (order_id: string, email: string) => request('POST', '/api/orders/token', { body: { order_id, email } })
  const tokensTo = (email: string) => mailedTokens(stage.platform, { email, kind: 'order_access' })
  const tokenTo = (email: string) => mailedToken(stage.platform, { email, kind: 'order_access' })

  it('gets it mailed to the address of the order, and opens the order with it', async () => {
    const email = `${crypto.randomUUID()}@example.com`
    const guest = await guestOrder(email)
    const answer = await ask(guest.order.id, email.toUpperCase())
    expect(answer.status).toBe(202)
    const token = await tokenTo(email)
    expect(token).toBe(guest.orderToken)
    const opened = await request('GET', `/api/orders/${guest.order.id}`, { headers: { 'x-order-token': token } })
    expect(opened.status).toBe(200)
  })

  it(
    'gets one mail, when the request is delivered twenty times',
    async () => {
      const email = `${crypto.randomUUID()}@example.com`
      const guest = await guestOrder(email)
      await ask(guest.order.id, email)
      await tokenTo(email)
      for (let times = 0; times < 20; times += 1) {
        await ordersDb().execute(sql`
        update orders.event_deliveries d set status = 'pending', confirmed_at = null, next_attempt_at = now()
        from orders.events e where e.id = d.event_id and e.key = ${guest.order.id} and e.type = 'order.token_requested'`)
        await stage.platform.sweep()
      }
      expect(tokensTo(email)).toHaveLength(1)
    },
    TWENTY_SWEEPS_MS,
  )

  it('is answered in the same words with a wrong address or order, and nothing is mailed', async () => {
    const [email, wrong] = [`${crypto.randomUUID()}@example.com`, `${crypto.randomUUID()}@example.com`]
    const customer = await stage.shop.signUp()
    const guest = await guestOrder(email)
    const product = await stage.shop.addProduct(stage.admin)
    const own = (await stage.shop.placeOrder(customer, [[product, 1]])).body.order
    const right = await ask(guest.order.id, email)
    await tokenTo(email)
    const others = [await ask(guest.order.id, wrong), await ask(own.id, customer.email), await ask('nonsense', email)]
    expect(others.map(({ status, body }) => [status, body])).toEqual(others.map(() => [202, right.body]))
    await stage.platform.sweep()
    const { mail } = stage.platform
    expect(mail.mails({ to: wrong })).toEqual([])
    expect(mail.mails({ to: customer.email }).filter(({ text }) => text?.includes('order_token'))).toEqual([])
    expect(tokensTo(email)).toHaveLength(1)
  })
})
