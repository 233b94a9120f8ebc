import type { Fault as NeonFault } from '@shop/neon-emulator/faults'
import { afterEach, describe, expect, it } from 'vitest'
import { recover } from './support/recovery.ts'
import { useFreshCustomer, useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()
useFreshCustomer(stage)

const ALWAYS = { times: Number.POSITIVE_INFINITY }
/** Matches only the statement that writes an order. */
const WRITES_AN_ORDER = { role: 'orders_service', sql: 'insert into orders.orders' }

type Call = () => Promise<{ status: number; headers: Headers; body: { code?: string } }>

/** Reads and writes of every service, each with its own data. */
async function callsOfAllServices(): Promise<Call[]> {
  const { shop, admin, customer } = stage
  const { token } = customer
  const product = await shop.addProduct(admin)
  const { order } = (await shop.placeOrder(customer, [[product, 1]])).body
  const email = () => `${crypto.randomUUID()}@example.com`
  return [
    () => shop.request('POST', '/api/users/register', { body: { email: email(), password: customer.password } }),
    () => shop.request('GET', '/api/users/profile', { token }),
    () => shop.request('GET', `/api/products?search=${crypto.randomUUID()}`, { token: admin.token }),
    () => shop.request('GET', `/api/products/${product.id}`, { token: admin.token }),
    () => shop.request('PUT', `/api/products/${product.id}`, { token: admin.token, body: { name: 'Cup' } }),
    () => shop.request('GET', '/api/orders', { token }),
    () => shop.placeOrder(customer, [[product, 1]]),
    () => shop.placeOrder(customer, [[product, 1]], { headers: { 'idempotency-key': crypto.randomUUID() } }),
    () => shop.request('PATCH', `/api/orders/${order.id}/status`, { token, body: { status: 'cancelled' } }),
    () => shop.request('GET', `/api/payments/order/${order.id}`, { token }),
    () => shop.pay(customer, order),
  ]
}

afterEach(() => recover(stage))

describe('while every statement', () => {
  it.each<[string, NeonFault]>([
    ['is ended with its backend (57P01)', { kind: 'status', status: 400, code: '57P01' }],
    ['finds no free connection (53300)', { kind: 'status', status: 400, code: '53300' }],
    ['is refused the password (28P01)', { kind: 'status', status: 400, code: '28P01' }],
    ['fails to serialize (40001)', { kind: 'status', status: 400, code: '40001' }],
    ['finds no database of its name (3D000)', { kind: 'status', status: 400, code: '3D000' }],
    ['may not write since a failover (25006)', { kind: 'status', status: 400, code: '25006' }],
    ['meets an internal error (XX000)', { kind: 'status', status: 400, code: 'XX000' }],
    ['loses its connection behind the proxy', { kind: 'status', status: 400 }],
    ['is answered 302', { kind: 'status', status: 302 }],
    ['is answered 401', { kind: 'status', status: 401 }],
    ['is answered 429', { kind: 'status', status: 429, body: 'Too many requests' }],
    ['is answered 502', { kind: 'status', status: 502, body: '<html>' }],
    ['is answered with a page', { kind: 'status', status: 200, body: '<html>' }],
    ['is answered with nothing', { kind: 'status', status: 200, body: '' }],
  ])('%s, every call is a 503 with Retry-After', async (_, fault) => {
    const calls = await callsOfAllServices()
    stage.platform.database.faults.add({ ...fault, ...ALWAYS })
    // Two rounds: the second one meets open breakers.
    for (let round = 0; round < 2; round += 1) {
      const answers = await Promise.all(calls.map((call) => call()))
      for (const { status, headers, body } of answers) {
        expect([status, body.code]).toEqual([503, 'service_unavailable'])
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
      }
    }
  })
})

describe('a single read', () => {
  it.each<[string, NeonFault]>([
    ['57P01', { kind: 'status', status: 400, code: '57P01' }],
    ['53300', { kind: 'status', status: 400, code: '53300' }],
    ['40001', { kind: 'status', status: 400, code: '40001' }],
    ['40P01', { kind: 'status', status: 400, code: '40P01' }],
    ['429', { kind: 'status', status: 429 }],
    ['a page', { kind: 'status', status: 200, body: '<html>' }],
    ['half an answer', { kind: 'status', status: 200, body: '{"rows":[' }],
  ])('that is answered %s once is asked once more', async (_, fault) => {
    const { platform, shop, customer } = stage
    const hit = platform.database.faults.add({ ...fault, match: { role: 'users_service', kind: 'single' } })
    expect((await shop.request('GET', '/api/users/profile', { token: customer.token })).status).toBe(200)
    expect(hit.hits()).toBe(1)
  })
})

describe('an order whose write', () => {
  it.each<[string, NeonFault]>([
    ['57P01', { kind: 'status', status: 400, code: '57P01', at: 'after' }],
    ['XX000', { kind: 'status', status: 400, code: 'XX000', at: 'after' }],
    ['08006', { kind: 'status', status: 400, code: '08006', at: 'after' }],
    ['400 without a code', { kind: 'status', status: 400, at: 'after' }],
    ['a page', { kind: 'status', status: 200, body: '<html>', at: 'after' }],
    ['302', { kind: 'status', status: 302, at: 'after' }],
  ])('is answered %s after the commit is read back: one order, its stock held once', async (_, fault) => {
    const { platform, shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { stock_quantity: 10 })
    const hit = platform.database.faults.add({ ...fault, match: WRITES_AN_ORDER })
    const placed = await shop.placeOrder(customer, [[product, 2]])
    expect([hit.hits(), placed.status]).toEqual([1, 201])
    const { body } = await shop.request('GET', '/api/orders', { token: customer.token })
    expect(body.orders.map(({ id }) => id)).toEqual([placed.body.order.id])
    await shop.stockBecomes(product.id, 8)
  })

  it.each([
    ['53300', { kind: 'status', status: 400, code: '53300' }],
    ['28P01', { kind: 'status', status: 400, code: '28P01' }],
    ['40001', { kind: 'status', status: 400, code: '40001' }],
    ['401', { kind: 'status', status: 401 }],
    ['429', { kind: 'status', status: 429 }],
  ] satisfies [string, NeonFault][])('is turned away with %s gives its stock back at once', async (_, fault) => {
    const { platform, shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { stock_quantity: 2 })
    const hit = platform.database.faults.add({ ...fault, match: WRITES_AN_ORDER })
    const refused = await shop.placeOrder(customer, [[product, 2]])
    expect([hit.hits(), refused.status, refused.body.code]).toEqual([1, 503, 'service_unavailable'])
    expect((await shop.placeOrder(customer, [[product, 2]])).status).toBe(201)
  })

  it('violates a constraint is a conflict, not an outage', async () => {
    const { shop, customer } = stage
    const body = { email: customer.email, password: customer.password }
    const refused = await shop.request('POST', '/api/users/register', { body })
    expect([refused.status, refused.body.code]).toEqual([409, 'email_taken'])
  })
})
