import { eventually } from '@shop/testing/eventually'
import { afterAll, describe, expect, it } from 'vitest'
import { recover } from './support/recovery.ts'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()
afterAll(() => recover(stage))

type Line = Record<string, unknown>

/** The log lines of one request, by its id, once the gateway has logged its summary. */
async function linesOf(requestId: string): Promise<Line[]> {
  const read = () =>
    stage.platform
      .logs()
      .flatMap((text) => (text.startsWith('{') ? [JSON.parse(text) as Line] : []))
      .filter((line) => line.request_id === requestId)
  return eventually(
    async () => read(),
    (lines) => lines.some((line) => line.event === 'request'),
    2_000,
  )
}

const newRequestId = () => `observed-${crypto.randomUUID()}`

describe('the log', () => {
  it('has one summary per request, with the round trips of all workers behind it', async () => {
    const requestId = newRequestId()
    const traceId = crypto.randomUUID().replaceAll('-', '')
    const product = await stage.shop.addProduct(stage.admin)
    const placed = await stage.shop.request('POST', '/api/orders', {
      token: stage.customer.token,
      body: { items: [{ product_id: product.id, quantity: 1 }] },
      headers: { 'x-request-id': requestId, traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    })
    expect(placed.status).toBe(201)
    const summaries = (await linesOf(requestId)).filter((line) => line.event === 'request')
    expect(summaries).toEqual([
      expect.objectContaining({
        level: 'info',
        trace_id: traceId,
        caller: 'customer',
        method: 'POST',
        route: '/api/orders',
        status: 201,
        duration_ms: expect.any(Number),
        trips: { postgres: 3, revocations: 1 },
      }),
    ])
  })

  it('names the route pattern, not the ids in the path', async () => {
    const requestId = newRequestId()
    await stage.shop.request('GET', '/api/orders/order_01jd4k2v9rf0fv8z3x1m5q7w2e', {
      token: stage.customer.token,
      headers: { 'x-request-id': requestId },
    })
    const [summary] = (await linesOf(requestId)).filter((line) => line.event === 'request')
    expect(summary).toMatchObject({ route: '/api/orders/:id', status: 404 })
  })

  it('contains no password, token or key, whatever the request and its outcome', async () => {
    const password = `canary-${crypto.randomUUID()}`
    const email = `${crypto.randomUUID()}@example.com`
    const { request } = stage.shop
    const { body: session } = await request('POST', '/api/users/register', { body: { email, password } })
    await request('POST', '/api/users/login', { body: { email, password: `${password}!` } })
    await request('POST', '/api/users/refresh', { body: { refresh_token: session.refresh_token } })
    await request('GET', '/api/users/profile', { token: `${session.token}x` })
    const product = await stage.shop.addProduct(stage.admin)
    const placed = await request('POST', '/api/orders', {
      token: session.token,
      body: { items: [{ product_id: product.id, quantity: 1 }] },
    })
    const body = { order_id: placed.body.order.id }
    const { payment } = (await request('POST', '/api/payments', { token: session.token, body })).body
    stage.platform.databaseGate.shut('refuse')
    const requestId = newRequestId()
    const away = await request('POST', '/api/users/login', {
      body: { email, password },
      headers: { 'x-request-id': requestId },
    })
    stage.platform.databaseGate.open()
    expect(away.status).toBe(503)
    await linesOf(requestId)
    const logged = stage.platform.logs().join('\n')
    const secrets = [password, session.token, session.refresh_token, payment.client_secret ?? '', '_service:local']
    for (const secret of secrets) expect(logged.includes(secret), `the log has ${secret}`).toBe(false)
  })
})
