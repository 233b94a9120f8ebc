import type { Fault as NeonFault } from '@shop/neon-emulator/faults'
import { afterAll, describe, expect, it } from 'vitest'
import { recover } from './support/recovery.ts'
import { useFreshCustomer, useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()
useFreshCustomer(stage)
afterAll(() => recover(stage))

/** Matches only the statement that writes an order. */
const WRITES_AN_ORDER = { role: 'orders_service', sql: 'insert into orders.orders' }

const ordersOf = async (token: string) =>
  (await stage.shop.request('GET', '/api/orders', { token })).body.orders as { id: string }[]

describe('an order whose database answer', () => {
  it.each<[string, NeonFault]>([
    ['is lost with the connection', { kind: 'cut_after', match: WRITES_AN_ORDER }],
    ['is replaced by an error', { kind: 'status', status: 500, at: 'after', match: WRITES_AN_ORDER }],
    ['comes too late', { kind: 'delay', ms: 20_000, at: 'after', match: WRITES_AN_ORDER }],
    ['never comes whole', { kind: 'drip', ms: 60_000, match: WRITES_AN_ORDER }],
  ])('%s after the commit is read back: one order, its stock held once', async (_, effect) => {
    const { platform, shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { stock_quantity: 10 })
    const fault = platform.database.faults.add(effect)
    const placed = await shop.placeOrder(customer, [[product, 2]], {
      headers: { 'idempotency-key': crypto.randomUUID() },
    })
    expect(fault.hits()).toBe(1)
    expect(placed.status).toBe(201)
    expect((await ordersOf(customer.token)).map(({ id }) => id)).toEqual([placed.body.order.id])
    await shop.stockBecomes(product.id, 8)
  })

  it('is an error because nothing was written leaves no order, and its retry places one', async () => {
    const { platform, shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { stock_quantity: 10 })
    const fault = platform.database.faults.add({ kind: 'cut_before', match: WRITES_AN_ORDER })
    const refused = await shop.placeOrder(customer, [[product, 2]])
    expect(fault.hits()).toBe(1)
    expect(refused).toMatchObject({ status: 503, body: { code: 'service_unavailable' } })
    expect(await ordersOf(customer.token)).toEqual([])
    expect((await shop.placeOrder(customer, [[product, 2]])).status).toBe(201)
    expect(await ordersOf(customer.token)).toHaveLength(1)
  })
})

describe('an idempotency key', () => {
  it.each<[string, NeonFault]>([
    [
      'its claim',
      { kind: 'cut_after', match: { role: 'orders_service', sql: 'insert into "orders"."idempotency_keys"' } },
    ],
    ['the order', { kind: 'cut_before', match: WRITES_AN_ORDER }],
  ])('is free for the retry at once when the answer to %s was lost', async (_, effect) => {
    const { platform, shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { stock_quantity: 10 })
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const fault = platform.database.faults.add(effect)
    const lost = await shop.placeOrder(customer, [[product, 2]], { headers })
    expect([fault.hits(), lost.status]).toEqual([1, 503])
    const placed = await shop.placeOrder(customer, [[product, 2]], { headers })
    expect([placed.status, placed.headers.get('idempotency-replayed')]).toEqual([201, null])
    expect((await ordersOf(customer.token)).map(({ id }) => id)).toEqual([placed.body.order.id])
  })
})

describe('a Redis that', () => {
  it.each([
    ['cuts every connection', { kind: 'cut_before' as const }],
    ['does the work and says nothing', { kind: 'cut_after' as const }],
    ['lets every answer drip', { kind: 'drip' as const, ms: 30_000 }],
    ['answers nonsense', { kind: 'status' as const, status: 200, body: '<html>' }],
  ])('%s makes a product slower to see, and nothing wrong', async (_, effect) => {
    const { platform, shop, admin } = stage
    const product = await shop.addProduct(admin, { name: 'Seen through a fault' })
    const fault = platform.upstash.faults.add({ ...effect, times: Number.POSITIVE_INFINITY })
    const seen = await shop.getProduct(product.id)
    expect(fault.hits()).toBeGreaterThan(0)
    fault.remove()
    expect(seen).toMatchObject({ id: product.id, name: 'Seen through a fault' })
  })
})
