import { describe, expect, it } from 'vitest'
import type { GatewayBindings } from '../../src/env.ts'
import { limitedAddress, limitedNetwork, limitedSite } from '../../src/limits/domain/address.ts'
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

  const refusing = { limit: async () => ({ success: false }) }
  const away = {
    fetch: async () => {
      throw new Error('away')
    },
    sweep: async () => ({}),
  }
  const tooLarge = { method: 'POST', headers: { 'content-length': '1000000' }, body: '{}' }

  it.each<[number, string, RequestInit?, Partial<GatewayBindings>?]>([
    [400, '/api/products/%zz'],
    [400, `/api/products?search=${'a'.repeat(9_000)}`],
    [401, '/api/orders', { headers: { authorization: 'Basic eDp5' } }],
    [404, '/nowhere'],
    [405, '/health', { method: 'POST' }],
    [413, '/api/orders', tooLarge],
    [422, '/openapi.json?x=1'],
    [429, '/api/products', {}, { ADDRESS_LIMIT: refusing }],
    [503, '/api/orders', {}, { ORDERS: away }],
  ])('may read a %i', async (status, path, init = {}, overrides = {}) => {
    const headers = { ...init.headers, origin: 'https://admin.example.com' }
    const response = await fakeShop({ overrides }).ask(path, { ...init, headers })
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([
      status,
      'https://admin.example.com',
    ])
    expect(response.headers.get('access-control-expose-headers')).toContain('X-Request-Id')
  })

  it('send a preflight, which reaches no worker', async () => {
    const { ask, arrived } = fakeShop()
    const response = await ask('/api/orders', {
      method: 'OPTIONS',
      headers: { origin: 'https://store.example.com', 'access-control-request-method': 'POST' },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-methods')).toContain('POST')
    const allowed = response.headers.get('access-control-allow-headers')?.toLowerCase().split(',')
    const sent = ['idempotency-key', 'if-match', 'traceparent', 'tracestate', 'baggage', 'sentry-trace']
    expect(allowed).toEqual(expect.arrayContaining(sent))
    expect(arrived).toEqual([])
  })

  it.each(['https://Store.Example.com/', 'https://store.example.com:443', 'https://store.example.com/shop'])(
    'are recognized when the setting spells them %s',
    async (CORS_ORIGINS) => {
      const { ask } = fakeShop({ overrides: { CORS_ORIGINS } })
      const { headers } = await ask('/api/products', from('https://store.example.com'))
      expect(headers.get('access-control-allow-origin')).toBe('https://store.example.com')
    },
  )

  it('cannot be listed without a scheme: the shop does not start', () => {
    expect(() => fakeShop({ overrides: { CORS_ORIGINS: 'store.example.com' } })).toThrow('environment')
  })

  it.each([
    ['http://localhost:3000', true],
    ['http://localhost', true],
    ['http://shop.localhost:5173', true],
    ['http://evillocalhost:5173', false],
    ['http://shop.localhost.evil.example', false],
    ['https://localhost:5173', true],
    ['http://127.0.0.1:8000', true],
    ['http://[::1]:3000', true],
    ['http://localhost.evil.example', false],
    ['http://localhost:3000.evil.example', false],
    ['http://127.0.0.1.evil.example', false],
    ['http://evil.example/localhost', false],
    ['http://192.168.1.2:3000', false],
    ['null', false],
  ])('such as %s may read answers in development: %s', async (origin, isAllowed) => {
    for (const ENVIRONMENT of ['development', 'production']) {
      const { headers } = await fakeShop({ overrides: { ENVIRONMENT } }).ask('/api/products', from(origin))
      const allowed = isAllowed && ENVIRONMENT === 'development'
      expect([ENVIRONMENT, headers.get('access-control-allow-origin')]).toEqual([ENVIRONMENT, allowed ? origin : null])
    }
  })
})

describe('every answer', () => {
  it.each(['/', '/health', '/nowhere', '/api/products', '/docs'])(
    'of %s carries the security headers',
    async (path) => {
      const { headers } = await fakeShop().ask(path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'.*base-uri 'none'.*frame-ancestors 'none'/,
      )
      expect(headers.get('strict-transport-security')).toMatch(/^max-age=31536000/)
    },
  )

  it('that is a page for a browser carries them, too', async () => {
    const { headers } = await fakeShop().ask('/', { headers: { accept: 'text/html' } })
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'.*base-uri 'none'.*frame-ancestors 'none'/,
    )
  })

  it('sets no HSTS on localhost over plain HTTP', async () => {
    const { headers } = await fakeShop().ask('/health', {}, 'http://localhost:8080')
    expect(headers.has('strict-transport-security')).toBe(false)
  })
})

describe('a request over plain HTTP', () => {
  it.each(['/', '/health', '/api/products', '/api/orders', '/openapi.json'])(
    'to %s is refused and reaches no worker; it is not redirected',
    async (path) => {
      const { ask, arrived } = fakeShop()
      const refused = await ask(path, {}, 'http://shop.example.com')
      expect(await problemOf(refused)).toMatchObject({ status: 400, code: 'malformed_request' })
      expect(refused.headers.has('location')).toBe(false)
      expect(arrived).toEqual([])
    },
  )

  it.each([
    ['http://localhost:8080', 'production'],
    ['http://127.0.0.1:8080', 'production'],
    ['http://192.168.1.7:8080', 'development'],
  ])('is answered at %s in %s', async (origin, ENVIRONMENT) => {
    expect((await fakeShop({ overrides: { ENVIRONMENT } }).ask('/api/orders', {}, origin)).status).toBe(200)
  })
})

describe('the limit per address', () => {
  const full = { ADDRESS_LIMIT: { limit: async () => ({ success: false }) } }

  it('sends Retry-After', async () => {
    const response = await fakeShop({ overrides: full }).ask('/api/products')
    expect(response.headers.get('retry-after')).toBe('60')
    expect(await problemOf(response)).toMatchObject({ status: 429, code: 'rate_limited' })
  })

  it.each(['/health', '/health/'])('does not count %s', async (path) => {
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
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
    ['1:2:3', '1:2:3'],
    ['1::2::3', '1::2::3'],
    [undefined, 'unknown'],
  ])('counts %s as %s', (address, counted) => {
    expect(limitedAddress(address)).toBe(counted)
  })

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
    ['2001:DB8:0001:ffff::6', '2001:db8:1::/48'],
    ['::ffff:203.0.113.7', undefined],
    ['203.0.113.7', undefined],
    [undefined, undefined],
  ])('knows the network of %s as %s', (address, network) => {
    expect(limitedNetwork(address)).toBe(network)
    expect(limitedSite(address)).toBe(network ?? limitedAddress(address))
  })
})
