import { eventually } from '@shop/testing/eventually'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectOutage } from '../support/problems.ts'
import { recover } from '../support/recovery.ts'
import { useSharedPlatform } from '../support/use-platform.ts'
import { JSON_TYPE, useStaffRequests } from '../support/use-staff-requests.ts'

const stage = useSharedPlatform()
const { send, sendJson } = useStaffRequests(stage)
afterAll(() => recover(stage))

describe('while Postgres is down', () => {
  const WITHIN_MS = 6_000
  let calls: (() => Promise<Response>)[]

  beforeAll(async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin)
    const { order } = (await shop.placeOrder(customer, [[product, 1]])).body
    const items = [{ product_id: product.id, quantity: 1 }]
    const { email, password } = customer
    calls = [
      () => sendJson('POST', '/api/users/register', { email: `${crypto.randomUUID()}@example.com`, password }),
      () => sendJson('POST', '/api/users/login', { email, password }),
      () => sendJson('POST', '/api/products', { name: 'Mug', price: 1, stock_quantity: 1 }),
      () => sendJson('PUT', `/api/products/${product.id}`, { name: 'Cup' }),
      () => sendJson('POST', '/api/orders', { items }),
      () =>
        send('POST', '/api/orders', {
          headers: { ...JSON_TYPE, 'idempotency-key': crypto.randomUUID() },
          body: JSON.stringify({ items }),
        }),
      () => sendJson('PATCH', `/api/orders/${order.id}/status`, { status: 'cancelled' }),
      () => sendJson('POST', '/api/payments', { order_id: order.id, payment_method: 'pm_card_visa' }),
    ]
  })

  it.each(['refuse', 'hang'] as const)(
    '(connections %s) writes fail in bounded time, and succeed when it is back',
    async (how) => {
      const { databaseGate } = stage.platform
      databaseGate.shut(how)
      try {
        const began = Date.now()
        const answers = await Promise.all(calls.map((call) => call()))
        expect(Date.now() - began).toBeLessThan(WITHIN_MS)
        for (const answer of answers) await expectOutage(answer)
        expect((await send('GET', '/health')).status).toBe(200)
        expect((await send('GET', '/health/ready')).status).toBe(503)
      } finally {
        databaseGate.open()
      }
      await eventually(
        async () => (await send('GET', '/health/ready')).status,
        (status) => status === 200,
        WITHIN_MS,
      )
      const { shop, admin, customer } = stage
      const product = await shop.addProduct(admin, { stock_quantity: 3 })
      const placed = await shop.placeOrder(customer, [[product, 1]])
      expect(placed.status).toBe(201)
      await shop.stockBecomes(product.id, 2)
    },
  )
})
