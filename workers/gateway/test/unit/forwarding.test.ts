import { EVENT_SERVICES, ROUTED_SERVICES } from '@shop/services'
import { describe, expect, it, vi } from 'vitest'
import { fakeShop, problemOf } from './fake-shop.ts'

const JSON_POST = { method: 'POST', headers: { 'content-type': 'application/json' } }
const LIMIT = 256 * 1024

describe('a path', () => {
  it.each([
    ['/api/users/profile', 'users'],
    ['/.well-known/jwks.json', 'users'],
    ['/api/products', 'catalog'],
    ['/api/products/7', 'catalog'],
    ['/api/products/x/', 'catalog'],
    ['/api/inventory/7', 'catalog'],
    ['/api/orders/order_1/status', 'orders'],
    ['/api/payments', 'payments'],
    ['/api/webhooks/stripe/', 'payments'],
    ...ROUTED_SERVICES.flatMap(({ name, gateway }) => gateway.paths.map((path) => [path, name])),
    ...EVENT_SERVICES.flatMap(({ name }) => [
      [`/api/events/${name}`, name],
      [`/api/events/${name}/4711/retry`, name],
    ]),
  ])('%s is forwarded to %s', async (path, service) => {
    const { ask, arrived } = fakeShop()
    expect((await ask(path)).status).toBe(200)
    expect(arrived).toMatchObject([{ service, path }])
  })

  it.each([
    '/api',
    '/api/productsets',
    '/api/unknown',
    '/api/events',
    '/api/events/usersets',
    '/api/events/gateway',
    '/api/webhooks',
    '/api/webhooks/paypal',
    '/internal/ready',
    '/api/..%2finternal/ready',
    '/.well-known/x',
  ])('%s has no worker', async (path) => {
    const { ask, arrived } = fakeShop()
    const response = await ask(path)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await problemOf(response)).toMatchObject({ status: 404, code: 'route_not_found' })
    expect(arrived).toEqual([])
  })

  it.each(['/api/products/%00', '/api/products?search=a%00b', '/api/products/%E4', '/api/products?search=%', '/a%zz'])(
    '%s cannot be read',
    async (path) => {
      const { ask, arrived } = fakeShop()
      expect(await problemOf(await ask(path))).toMatchObject({ status: 400, code: 'malformed_request' })
      expect(arrived).toEqual([])
    },
  )

  it.each([
    ['//api/products', '/api/products'],
    ['/api//products', '/api/products'],
    ['/api/products//7//', '/api/products/7/'],
    ['////api///orders////order_1//status', '/api/orders/order_1/status'],
    ['/\\/api/products', '/api/products'],
  ])('%s is understood as %s', async (path, understood) => {
    const { ask, arrived } = fakeShop()
    const body = '{"a":1}'
    const response = await ask(`https://shop.example.com${path}?search=a//b`, { ...JSON_POST, body })
    expect([response.status, response.headers.get('location')]).toEqual([200, null])
    expect(arrived).toMatchObject([{ path: understood, search: '?search=a//b', method: 'POST', body }])
  })

  it.each(['//evil.example.com', '//evil.example.com/api/products', '///evil.example.com/%2e%2e/x'])(
    '%s leads to no other host',
    async (path) => {
      const { ask, arrived } = fakeShop()
      const response = await ask(`https://shop.example.com${path}`)
      expect([response.status, response.headers.get('location')]).toEqual([404, null])
      expect(arrived).toEqual([])
    },
  )

  it('of the gateway itself is understood with repeated slashes, too', async () => {
    const { ask } = fakeShop()
    for (const path of ['//health', '///docs', '//']) {
      expect((await ask(`https://shop.example.com${path}`)).status).toBe(200)
    }
  })

  it('is refused when it is too long', async () => {
    const response = await fakeShop().ask(`/api/products?search=${'a'.repeat(8_000)}`)
    expect(await problemOf(response)).toMatchObject({ status: 400, code: 'malformed_request' })
  })
})

describe('a request id', () => {
  it('is the client’s when it is well-formed, for the worker and in the answer', async () => {
    const { ask, arrived } = fakeShop()
    const response = await ask('/api/products', { headers: { 'x-request-id': 'client-id-1' } })
    expect(response.headers.get('x-request-id')).toBe('client-id-1')
    expect(arrived[0]?.headers.get('x-request-id')).toBe('client-id-1')
  })

  it.each(['short', 'not well formed', '<script>alert(1)</script>'])(
    'is generated when the client sends %s',
    async (id) => {
      const { ask, arrived } = fakeShop()
      const given = (await ask('/api/products', { headers: { 'x-request-id': id } })).headers.get('x-request-id')
      expect(given).toMatch(/^[\da-f-]{36}$/)
      expect(arrived[0]?.headers.get('x-request-id')).toBe(given)
    },
  )

  it('is in every problem, in header and body', async () => {
    const response = await fakeShop().ask('/nowhere')
    expect(await response.clone().json()).toMatchObject({ request_id: response.headers.get('x-request-id') })
  })
})

describe('a traceparent', () => {
  const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'
  const GOOD = `00-${TRACE_ID}-00f067aa0ba902b7-01`
  const forwarded = async (traceparent: string) => {
    const { ask, arrived } = fakeShop()
    await ask('/api/products', { headers: { traceparent, tracestate: 'vendor=1' } })
    return arrived[0]?.headers ?? new Headers()
  }

  it('that is well-formed is continued with our own span', async () => {
    const headers = await forwarded(GOOD)
    expect(headers.get('traceparent')).toMatch(new RegExp(`^00-${TRACE_ID}-(?!00f067aa0ba902b7)[\\da-f]{16}-01$`))
    expect(headers.get('tracestate')).toBe('vendor=1')
  })

  it.each([`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, 'abc'])(
    'such as %s is replaced, and its state dropped',
    async (sent) => {
      const headers = await forwarded(sent)
      expect(headers.get('traceparent')).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-01$/)
      expect(headers.has('tracestate')).toBe(false)
    },
  )
})

describe('an internal header', () => {
  it('is neither accepted from a client nor sent to one', async () => {
    const { ask, arrived } = fakeShop()
    const response = await ask('/api/products', { headers: { 'x-shop-deadline': '1', 'x-shop-trips': 'postgres=9' } })
    expect(Number(arrived[0]?.headers.get('x-shop-deadline'))).toBeGreaterThan(Date.now())
    expect([...response.headers.keys()].filter((name) => name.startsWith('x-shop-'))).toEqual([])
  })
})

describe('a WebSocket', () => {
  const upgradeFrom = (origin?: string) => ({
    headers: { upgrade: 'websocket', ...(origin === undefined ? {} : { origin }) },
  })

  it.each([undefined, 'https://store.example.com'])('is forwarded for the origin %s', async (origin) => {
    const { ask, arrived } = fakeShop()
    expect((await ask('/api/live', upgradeFrom(origin))).status).toBe(200)
    expect(arrived).toMatchObject([{ service: 'notifications', path: '/api/live' }])
  })

  it.each(['https://evil.example', 'null'])('is refused for a page of %s, before any worker', async (origin) => {
    const { ask, arrived } = fakeShop()
    expect(await problemOf(await ask('/api/live', upgradeFrom(origin)))).toMatchObject({
      status: 403,
      code: 'forbidden',
    })
    expect(arrived).toEqual([])
  })
})

describe('a body', () => {
  it('is forwarded unchanged', async () => {
    const { ask, arrived } = fakeShop()
    const body = 'x'.repeat(LIMIT)
    await ask('/api/orders', { ...JSON_POST, body })
    expect(arrived[0]?.body).toBe(body)
  })

  it.each([
    ['declared', { 'content-length': String(LIMIT + 1) }],
    ['not declared', {}],
  ])('above 256 KiB is refused when its length is %s', async (_, headers) => {
    const { ask, arrived } = fakeShop()
    const response = await ask('/api/orders', { method: 'POST', headers, body: 'x'.repeat(LIMIT + 1) })
    expect(await problemOf(response)).toMatchObject({ status: 413, code: 'body_too_large', maximum_bytes: LIMIT })
    expect(arrived).toEqual([])
  })

  it('of many products may have 4 MiB, and its work 30 s', async () => {
    const { ask, arrived } = fakeShop()
    const send = (bytes: number) => ask('/api/products/bulk', { ...JSON_POST, body: 'x'.repeat(bytes) })
    expect((await send(16 * LIMIT)).status).toBe(200)
    const deadline = Number(arrived[0]?.headers.get('x-shop-deadline'))
    expect(deadline - Date.now()).toBeGreaterThan(29_000)
    expect(await problemOf(await send(16 * LIMIT + 1))).toMatchObject({ status: 413, maximum_bytes: 16 * LIMIT })
  })

  it.each([
    ['declared', 5 * LIMIT],
    ['not declared', undefined],
  ])('that is too large is read to its end first, so that its sender gets the answer: %s', async (_, length) => {
    let left = 5
    const pull = (controller: ReadableStreamDefaultController) => {
      left -= 1
      controller.enqueue(new Uint8Array(LIMIT))
      if (left === 0) controller.close()
    }
    const headers = length === undefined ? {} : { 'content-length': String(length) }
    const body = new ReadableStream({ pull }, { highWaterMark: 0 })
    const { ask } = fakeShop()
    const response = await ask('/api/orders', { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
    expect([response.status, response.headers.get('connection'), left]).toEqual([413, 'close', 0])
  })

  it('that has no end, or is declared to be huge, is refused nevertheless', async () => {
    for (const headers of [{}, { 'content-length': String(10 ** 12) }]) {
      const cancelled = vi.fn()
      const pull = (controller: ReadableStreamDefaultController) => controller.enqueue(new Uint8Array(LIMIT))
      const body = new ReadableStream({ pull, cancel: cancelled })
      const { ask, arrived } = fakeShop()
      const response = await ask('/api/orders', { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
      expect([response.status, cancelled.mock.calls.length, arrived]).toEqual([413, 1, []])
    }
  })

  it('that is empty is forwarded as none, without a media type', async () => {
    const { ask, arrived } = fakeShop()
    await ask('/api/inventory/rebuild', { ...JSON_POST, body: '' })
    await ask('/api/inventory/rebuild', { ...JSON_POST, body: new Blob([]).stream(), duplex: 'half' } as RequestInit)
    expect(arrived.map(({ body, headers }) => [body, headers.get('content-type')])).toEqual([
      ['', null],
      ['', null],
    ])
  })

  it('that does not arrive in time is refused, ends the connection, and reaches no worker', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const { ask, arrived } = fakeShop()
      const cancelled = vi.fn()
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('{"it')),
        cancel: cancelled,
      })
      const asked = ask('/api/orders', { ...JSON_POST, body, duplex: 'half' } as RequestInit)
      await vi.advanceTimersByTimeAsync(10_000)
      const response = await asked
      expect(response.headers.get('connection')).toBe('close')
      expect(await problemOf(response)).toMatchObject({ status: 408, code: 'request_timeout', seconds: 10 })
      expect(cancelled).toHaveBeenCalled()
      expect(arrived).toEqual([])
    } finally {
      vi.useRealTimers()
    }
  })

  it('that arrives slowly leaves its worker the whole time of a request', async () => {
    const { ask, arrived } = fakeShop()
    const now = vi.spyOn(Date, 'now')
    const began = 1_800_000_000_000
    now.mockReturnValue(began)
    const pull = (controller: ReadableStreamDefaultController) => {
      now.mockReturnValue(began + 8_000)
      controller.enqueue(new TextEncoder().encode('{}'))
      controller.close()
    }
    // Nothing arrives before it is read.
    const body = new ReadableStream({ pull }, { highWaterMark: 0 })
    await ask('/api/orders', { ...JSON_POST, body, duplex: 'half' } as RequestInit)
    now.mockRestore()
    expect(Number(arrived[0]?.headers.get('x-shop-deadline'))).toBe(began + 8_000 + 5_500)
  })

  it('that breaks off is logged as a client that left, and reaches no worker', async () => {
    const lines: string[] = []
    const log = vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)))
    const errors = vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(String(line)))
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('connection reset')) })
    const { ask, arrived } = fakeShop()
    const response = await ask('/api/orders', { ...JSON_POST, body, duplex: 'half' } as RequestInit)
    log.mockRestore()
    errors.mockRestore()
    expect(response.status).toBe(499)
    expect(arrived).toEqual([])
    expect(lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 'error')).toEqual([])
    expect(lines.join()).toContain('"event":"client_closed_request"')
  })
})

describe('a worker', () => {
  it('that throws makes a 503', async () => {
    const fetch = async () => {
      throw new Error('worker not found: postgres://secret')
    }
    const { ask } = fakeShop({ overrides: { CATALOG: { fetch, sweep: async () => ({}) } } })
    const response = await ask('/api/products')
    expect(response.headers.get('retry-after')).toBe('5')
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ status: 503, code: 'service_unavailable' })
    expect(text).not.toContain('secret')
  })
})
