import type { Reply, RequestOptions } from '@shop/testing/client'
import type { ProductBody } from '@shop/testing/product-body'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useFreshCustomer, useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()
useFreshCustomer(stage)

const PARALLEL = 50

/** Sends the same order many times at once, under one key. */
function placeAtOnce(
  product: ProductBody,
  options: RequestOptions,
  over: Record<string, unknown> = {},
): Promise<Reply[]> {
  const headers = { 'idempotency-key': crypto.randomUUID() }
  const body = { items: [{ product_id: product.id, quantity: 1 }], ...over }
  const place = () => stage.shop.request('POST', '/api/orders', { ...options, body, headers })
  return Promise.all(Array.from({ length: PARALLEL }, place))
}

async function countOrders(where: ReturnType<typeof sql>): Promise<number> {
  const orders = stage.platform.database.as('orders')
  const { rows } = await orders.execute<{ count: number }>(
    sql`select count(*)::int as count from orders.orders where ${where}`,
  )
  return rows[0]?.count ?? 0
}

/** Checks that each answer is the one order, or that the order is being placed. Returns the order's id. */
function theOrderOf(replies: Reply[]): string {
  const placed = replies.filter(({ status }) => status === 201)
  const inFlight = replies.filter(({ status, body }) => status === 409 && body.code === 'idempotency_in_flight')
  expect(placed.length).toBeGreaterThan(0)
  expect(placed.length + inFlight.length).toBe(PARALLEL)
  const [id, ...others] = new Set(placed.map(({ body }) => body.order.id))
  expect(others).toEqual([])
  // The first answer, and the replays of it.
  expect(placed.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1)
  return id ?? ''
}

describe(`${PARALLEL} requests with one key at once`, () => {
  it('place one order of a customer, and hold its stock once', async () => {
    const product = await stage.shop.addProduct(stage.admin, { stock_quantity: 100 })
    const { token, user } = stage.customer
    const id = theOrderOf(await placeAtOnce(product, { token }))
    expect(await countOrders(sql`user_id = ${user.id}`)).toBe(1)
    expect((await stage.shop.getOrder(stage.customer, id)).id).toBe(id)
    await stage.shop.stockBecomes(product.id, 99)
  })

  it('place one order of a guest, and return its one token', async () => {
    const product = await stage.shop.addProduct(stage.admin, { stock_quantity: 100 })
    const email = `${crypto.randomUUID()}@example.com`
    const replies = await placeAtOnce(product, {}, { email })
    theOrderOf(replies)
    expect(await countOrders(sql`email = ${email}`)).toBe(1)
    const tokens = replies.flatMap(({ status, body }) => (status === 201 ? [body.order_token] : []))
    expect(new Set(tokens).size).toBe(1)
    await stage.shop.stockBecomes(product.id, 99)
  })

  it('for the last item place one order, and none gets “out of stock”', async () => {
    const product = await stage.shop.addProduct(stage.admin, { stock_quantity: 1 })
    theOrderOf(await placeAtOnce(product, { token: stage.customer.token }))
    await stage.shop.stockBecomes(product.id, 0)
  })
})
