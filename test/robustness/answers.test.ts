import { describe, expect, it } from 'vitest'
import { OTHER_SHARED_ORIGIN, useSharedPlatform } from '../support/use-platform.ts'
import { useStaffRequests } from '../support/use-staff-requests.ts'

const stage = useSharedPlatform()
const { send } = useStaffRequests(stage)

describe('every answer', () => {
  const PATHS = ['/', '/health', '/api/products', '/api/products/0', '/nothing', '/docs', '/api/users/profile']

  it.each(PATHS)('of %s carries the request id: the client’s own when it is well-formed', async (path) => {
    const mine = `req-${crypto.randomUUID()}`
    expect((await send('GET', path, { headers: { 'x-request-id': mine } })).headers.get('x-request-id')).toBe(mine)
    for (const bad of ['short', 'with space in it', 'x'.repeat(129), '<script>alert(1)</script>']) {
      const given = (await send('GET', path, { headers: { 'x-request-id': bad } })).headers.get('x-request-id')
      expect(given).toMatch(/^[\w.-]{8,128}$/)
      expect(given).not.toBe(bad)
    }
  })

  it.each(PATHS)('of %s has the security headers', async (path) => {
    const { headers } = await send('GET', path)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('server') ?? '').not.toMatch(/hono|workerd/i)
  })

  it('that is private is stored in no cache', async () => {
    for (const path of ['/api/users/profile', '/api/orders', '/api/orders/order_1', '/api/payments/pay_1']) {
      expect((await send('GET', path)).headers.get('cache-control')).toContain('no-store')
    }
  })
})

describe('a browser', () => {
  const preflight = (origin: string) =>
    send('OPTIONS', '/api/orders', {
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,idempotency-key',
      },
    })

  it('of a listed origin may call, and may read the headers that a client needs', async () => {
    const response = await preflight(OTHER_SHARED_ORIGIN)
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe(OTHER_SHARED_ORIGIN)
    expect(response.headers.get('access-control-allow-methods')).toContain('POST')
    expect(response.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('idempotency-key')
    const answer = await send('GET', '/api/products', { headers: { origin: OTHER_SHARED_ORIGIN } })
    expect(answer.headers.get('access-control-allow-origin')).toBe(OTHER_SHARED_ORIGIN)
    expect(answer.headers.get('access-control-expose-headers')?.toLowerCase()).toContain('x-request-id')
    const refused = await send('GET', '/nothing', { headers: { origin: OTHER_SHARED_ORIGIN } })
    expect(refused.headers.get('access-control-allow-origin')).toBe(OTHER_SHARED_ORIGIN)
  })

  it('of this machine may call in development, and may read what is refused before anything else', async () => {
    const origin = 'http://localhost:3000'
    expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBe(origin)
    const refused = await send('GET', '/api/products/%zz', { headers: { origin } })
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([400, origin])
  })

  it.each(['https://evil.example.com', 'null', `${OTHER_SHARED_ORIGIN}.evil.com`, 'http://shop.example.com'])(
    'of origin %s is refused',
    async (origin) => {
      const response = await preflight(origin)
      expect(response.status).toBeLessThan(500)
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
    },
  )
})
