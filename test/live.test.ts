import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import { type ProductBody, variantIdOf } from '@shop/testing/product-body'
import type { Account } from '@shop/testing/shop'
import { afterEach, describe, expect, it } from 'vitest'
import { type LiveClient, openEvents, openSocket } from './support/live-client.ts'
import { SHARED_ORIGIN, useFreshCustomer, useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()
useFreshCustomer(stage)

/** What a page waits at most for a change. */
const WITHIN_MS = 2_000

const open: LiveClient[] = []
afterEach(() => {
  for (const client of open.splice(0)) client.close()
})

const askTicket = (topics: string[], account?: Account, headers: Record<string, string> = {}) =>
  stage.shop.request('POST', '/api/live/tickets', { token: account?.token, headers, body: { topics } })
const newTicket = async (topics: string[], account?: Account) => (await askTicket(topics, account)).body.ticket.token

async function connect(topics: string[], account?: Account, lastEventId?: string): Promise<LiveClient> {
  const client = await openSocket(stage.platform.url, { ticket: await newTicket(topics, account), lastEventId })
  open.push(client)
  return client
}

/** Waits until a client has got a message like this one. */
const gets = async (client: LiveClient, message: object): Promise<void> => {
  await eventually(
    async () => client.received,
    (received) => received.some((one) => isLike(one.data, message)),
    WITHIN_MS,
  )
}
const isLike = (data: Record<string, unknown>, wanted: object) =>
  Object.entries(wanted).every(([name, value]) => data[name] === value)

async function newOrder(product?: ProductBody): Promise<OrderBody> {
  const { shop, admin, customer } = stage
  return (await shop.placeOrder(customer, [[product ?? (await shop.addProduct(admin)), 1]])).body.order
}
const move = (order: OrderBody, status: string) =>
  stage.shop.request('PATCH', `/api/orders/${order.id}/status`, { token: stage.admin.token, body: { status } })

describe('the page of an order', () => {
  it('sees that the order is paid and shipped, within two seconds', async () => {
    const order = await newOrder()
    const page = await connect([`order:${order.id}`], stage.customer)
    await stage.shop.pay(stage.customer, order, 'pm_card_visa')
    await stage.shop.orderBecomes(stage.customer, order.id, 'processing', 'paid')
    await gets(page, { order_id: order.id, status: 'processing', payment_status: 'paid' })
    await move(order, 'shipped')
    await gets(page, { order_id: order.id, status: 'shipped' })
    expect(page.received.map(({ type }) => type)).toEqual(['live.ready', 'order.paid', 'order.shipped'])
  })

  it('gets what it missed when it comes back with the id of its last message', async () => {
    const order = await newOrder()
    const topics = [`order:${order.id}`]
    const page = await connect(topics, stage.customer)
    const lastEventId = page.received.at(-1)?.id
    page.close()
    const other = await connect(topics, stage.customer)
    await move(order, 'cancelled')
    await gets(other, { status: 'cancelled' })
    const again = await connect(topics, stage.customer, lastEventId)
    expect(again.received.map(({ type }) => type)).toEqual(['order.cancelled', 'live.ready'])
    expect(again.received.at(-1)?.data).toMatchObject({ is_resumed: true })
  })

  it('sees the order of a guest with the token of the order', async () => {
    const product = await stage.shop.addProduct(stage.admin)
    const body = { items: [{ product_id: product.id, quantity: 1 }], email: `${crypto.randomUUID()}@example.com` }
    const placed = (await stage.shop.request('POST', '/api/orders', { body })).body
    const topics = [`order:${placed.order.id}`]
    expect((await askTicket(topics, undefined, { 'x-order-token': placed.order_token })).status).toBe(201)
    expect((await askTicket(topics, undefined, { 'x-order-token': 'wrong' })).status).toBe(404)
  })
})

describe('the page of a product', () => {
  it('sees the stock within two seconds, without signing in', async () => {
    const product = await stage.shop.addProduct(stage.admin, { stock_quantity: 5 })
    const page = await connect([`stock:${variantIdOf(product)}`])
    await newOrder(product)
    await gets(page, { variant_id: variantIdOf(product), available: 4 })
  })

  it('sees many variants over one connection', async () => {
    const products = await Promise.all([1, 2, 3].map(() => stage.shop.addProduct(stage.admin, { stock_quantity: 5 })))
    const page = await connect(products.map((product) => `stock:${variantIdOf(product)}`))
    for (const product of products) {
      await newOrder(product)
      await gets(page, { variant_id: variantIdOf(product), available: 4 })
    }
  })

  it('may use server-sent events instead', async () => {
    const product = await stage.shop.addProduct(stage.admin, { stock_quantity: 5 })
    const ticket = await newTicket([`stock:${variantIdOf(product)}`])
    const page = await openEvents(stage.platform.url, { ticket })
    open.push(page)
    await newOrder(product)
    await gets(page, { variant_id: variantIdOf(product), available: 4 })
    expect(page.received.map(({ type }) => type)).toEqual(['live.ready', 'stock.changed'])
  })
})

describe('a ticket', () => {
  it('is refused for the order of another customer, which reads as not found', async () => {
    const order = await newOrder()
    const stranger = await stage.shop.signUp()
    for (const account of [stranger, undefined]) {
      const { status, body } = await askTicket([`order:${order.id}`], account)
      expect([status, body.code]).toEqual([404, 'order_not_found'])
    }
    expect((await askTicket([`order:${order.id}`], stage.admin)).status).toBe(201)
  })

  it('opens one connection only', async () => {
    const product = await stage.shop.addProduct(stage.admin)
    const ticket = await newTicket([`stock:${variantIdOf(product)}`])
    open.push(await openSocket(stage.platform.url, { ticket }))
    const { status, body } = await stage.shop.request('GET', `/api/live/events?ticket=${ticket}`)
    expect([status, body.code]).toEqual([401, 'invalid_ticket'])
  })

  it.each([
    ['no topic', []],
    ['a topic that is none', ['cart:7']],
    ['21 topics', Array.from({ length: 21 }, (_, index) => `stock:${index + 1}`)],
    ['six orders', Array.from({ length: 6 }, (_, index) => `order:order_01jd4k2v9rf0fv8z3x1m5q7w2${index}`)],
  ])('is refused for %s', async (_, topics) => {
    expect((await askTicket(topics)).status).toBe(422)
  })

  it('is refused for a variant that does not exist', async () => {
    const { status, body } = await askTicket(['stock:2147483647'])
    expect([status, body.code]).toEqual([404, 'variant_not_found'])
  })
})

describe('a WebSocket', () => {
  it('is needed where only a WebSocket is answered', async () => {
    const { status, body } = await stage.shop.request('GET', '/api/live?ticket=unknown')
    expect([status, body.code]).toEqual([426, 'upgrade_required'])
  })

  it('is opened for pages of allowed origins, and not for others', async () => {
    const product = await stage.shop.addProduct(stage.admin)
    const connectFrom = async (origin: string) => {
      const ticket = await newTicket([`stock:${variantIdOf(product)}`])
      const client = await openSocket(stage.platform.url, { ticket, origin })
      open.push(client)
      return client.received.length
    }
    expect(await connectFrom(SHARED_ORIGIN)).toBe(1)
    await expect(connectFrom('https://evil.example')).rejects.toThrow()
  })
})

describe.runIf(process.env.LONG)('a long time', () => {
  it('later a connection is closed whose session ended meanwhile, though its order does not change', {
    timeout: 120_000,
  }, async () => {
    const order = await newOrder()
    const { email, password } = stage.customer
    const signedIn = await stage.shop.request('POST', '/api/users/login', { body: { email, password } })
    const { token } = signedIn.body
    const page = await connect([`order:${order.id}`], { ...stage.customer, token })
    const stays = await connect([`order:${order.id}`], stage.customer)
    const ended = await stage.shop.request('POST', '/api/users/logout', {
      token,
      body: { refresh_token: signedIn.body.refresh_token },
    })
    expect(ended.status).toBeLessThan(300)
    await eventually(
      async () => page.closedWith(),
      (code) => code === 4001,
      60_000,
    )
    expect(stays.closedWith()).toBeUndefined()
  })

  it('later a connection is closed whose API key was revoked meanwhile', { timeout: 120_000 }, async () => {
    const order = await newOrder()
    const made = await stage.shop.request('POST', '/api/api-keys', {
      token: stage.admin.token,
      body: { kind: 'secret', name: 'Screen', scopes: ['orders:read'] },
    })
    const page = await connect([`order:${order.id}`], { ...stage.admin, token: made.body.key })
    const revoked = await stage.shop.request('DELETE', `/api/api-keys/${made.body.api_key.id}`, {
      token: stage.admin.token,
    })
    expect(revoked.status).toBeLessThan(300)
    await eventually(
      async () => page.closedWith(),
      (code) => code === 4001,
      60_000,
    )
  })

  it('after 1,000 pages were opened, a change reaches all of them within two seconds', {
    timeout: 240_000,
  }, async () => {
    const product = await stage.shop.addProduct(stage.admin, { stock_quantity: 5 })
    const topic = `stock:${variantIdOf(product)}`
    const pages: LiveClient[] = []
    for (let opened = 0; opened < 1_000; opened += 20) {
      pages.push(...(await Promise.all(Array.from({ length: 20 }, () => connect([topic])))))
    }
    await newOrder(product)
    const isTold = ({ received }: LiveClient) => received.some(({ data }) => data.available === 4)
    await eventually(
      async () => pages.filter(isTold).length,
      (count) => count === 1_000,
      WITHIN_MS,
    )
  })
})
