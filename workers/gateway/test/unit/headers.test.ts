import { describe, expect, it } from 'vitest'
import { limitedAddress } from '../../src/limits/domain/address.ts'
import { fakeShop, problemOf } from './fake-shop.ts'

describe('browsers of other origins', () => {
  const from = (origin: string) => ({ headers: { origin } })

  it('may read answers when they are on the list', async () => {
    const { headers } = await fakeShop().ask('/api/products', from('https://store.example.com'))
    expect(headers.get('access-control-allow-origin')).toBe('https://store.example.com')
    expect(headers.get('access-control-expose-headers')).toMatch(/X-Request-Id,Retry-After,Idempotency-Replayed/)
    expect(headers.get('vary')).toContain('Origin')
  })

  it('may not when they are not on the list, and Vary informs caches', async () => {
    const { headers } = await fakeShop().ask('/api/products', from('https://evil.example.com'))
    expect(headers.has('access-control-allow-origin')).toBe(false)
    expect(headers.get('vary')).toContain('Origin')
  })

  it('may read problems too', async () => {
    const { headers } = await fakeShop().ask('/nowhere', from('https://admin.example.com'))
    expect(headers.get('access-control-allow-origin')).toBe('https://admin.example.com')
  })

  it('send a preflight, which reaches no worker', async () => {
    const { ask, arrived } = fakeShop()
    const response = await ask('/api/orders', {
      method: 'OPTIONS',
      headers: { origin: 'https://store.example.com', 'access-control-request-method': 'POST' },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-methods')).toContain('POST')
    expect(response.headers.get('access-control-allow-headers')).toContain('Idempotency-Key')
    expect(arrived).toEqual([])
  })
})

describe('every answer', () => {
  it.each(['/', '/health', '/nowhere', '/api/products', '/docs'])(
    'of %s carries the security headers',
    async (path) => {
      const { headers } = await fakeShop().ask(path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
      expect(headers.get('strict-transport-security')).toMatch(/^max-age=31536000/)
    },
  )

  it('sets no HSTS on localhost over plain HTTP', async () => {
    const { headers } = await fakeShop().ask('/health', {}, 'http://localhost:8080')
    expect(headers.has('strict-transport-security')).toBe(false)
  })
})

describe('the limit per address', () => {
  const full = { ADDRESS_LIMIT: { limit: async () => ({ success: false }) } }

  it('sends Retry-After', async () => {
    const response = await fakeShop({ overrides: full }).ask('/api/products')
    expect(response.headers.get('retry-after')).toBe('60')
    expect(await problemOf(response)).toMatchObject({ status: 429, code: 'rate_limited' })
  })

  it.each(['/health', '/health/', '/health/ready'])('does not count %s', async (path) => {
    expect((await fakeShop({ overrides: full }).ask(path)).status).toBe(200)
  })

  it('lets requests pass when the limiter fails', async () => {
    const limit = async () => {
      throw new Error('limiter down')
    }
    expect((await fakeShop({ overrides: { ADDRESS_LIMIT: { limit } } }).ask('/api/products')).status).toBe(200)
  })

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:0001::6', '2001:db8:1:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('counts %s as %s', (address, counted) => {
    expect(limitedAddress(address)).toBe(counted)
  })
})
