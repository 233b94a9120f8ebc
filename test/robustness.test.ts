import { request as openRequest } from 'node:http'
import { connect } from 'node:net'
import { EXAMPLE_IDEMPOTENCY_KEY } from '@shop/kernel/idempotency'
import { describedOperations } from '@shop/testing/api-contract'
import { eventually } from '@shop/testing/eventually'
import type { Account } from '@shop/testing/shop'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectOutage, expectRefusal } from './support/problems.ts'
import { usePlatform } from './support/use-platform.ts'

const ALLOWED_ORIGIN = 'https://shop.example.com'
const stage = usePlatform({ corsOrigins: `https://other.example.com, ${ALLOWED_ORIGIN}` })

let requests = 0
/** Several administrators, because these tests exceed the rate limit of one. */
let staff: Account[]

beforeAll(async () => {
  staff = await Promise.all(Array.from({ length: 4 }, () => stage.shop.signUpAdmin()))
})

/** Sends the request exactly as given, as staff, who pass every access check. */
function send(method: string, path: string, init: RequestInit = {}): Promise<Response> {
  requests += 1
  const headers = new Headers({
    authorization: `Bearer ${staff[requests % staff.length]?.token}`,
    'cf-connecting-ip': `10.1.${requests >> 8}.${requests & 255}`,
  })
  new Headers(init.headers).forEach((value, name) => {
    headers.set(name, value)
  })
  return fetch(`${stage.platform.url}${path}`, { redirect: 'manual', ...init, method, headers })
}

const JSON_TYPE = { 'content-type': 'application/json' }
const sendJson = (method: string, path: string, body: unknown) =>
  send(method, path, { headers: JSON_TYPE, body: typeof body === 'string' ? body : JSON.stringify(body) })

type Fields = Record<string, unknown>

/** Every operation with a body, and a valid body for it. */
const BODIES: [method: string, path: string, body: Fields][] = [
  ['POST', '/api/users/register', { email: 'a@example.com', password: 'a long enough passphrase', name: 'Ada' }],
  ['POST', '/api/users/login', { email: 'a@example.com', password: 'a long enough passphrase' }],
  ['POST', '/api/users/refresh', { refresh_token: 'a-refresh-token' }],
  ['POST', '/api/users/logout', { refresh_token: 'a-refresh-token' }],
  [
    'POST',
    '/api/products',
    { name: 'Mug', description: 'Blue', price: 1, currency: 'USD', category: 'c', image_url: 'https://x.example/a' },
  ],
  ['PUT', '/api/products/1', { name: 'Mug', description: 'Blue', category: 'c', image_url: 'https://x.example/a' }],
  ['PATCH', '/api/products/1', { brand: 'Ours', slug: 'mug', tax_category: 'a', shipping_class: 'b', status: 'draft' }],
  ['POST', '/api/products/1/variants', { sku: 'MUG-1', barcode: '4006381333931', price: 1 }],
  ['PATCH', '/api/products/1/variants/1', { sku: 'MUG-1', barcode: '4006381333931', inventory_policy: 'deny' }],
  ['POST', '/api/orders', { items: [{ product_id: 1, quantity: 1 }], shipping_address: '1 Main St' }],
  ['PATCH', '/api/orders/order_01jd4k2v9rf0fv8z3x1m5q7w2e/status', { status: 'cancelled' }],
  ['POST', '/api/payments', { order_id: 'order_01jd4k2v9rf0fv8z3x1m5q7w2e', payment_method: 'pm_card_visa' }],
]

const STRING_FIELDS = BODIES.flatMap(([method, path, body]) =>
  Object.entries(body).flatMap(([field, value]) =>
    typeof value === 'string' ? [[method, path, field, body] as const] : [],
  ),
)

/** Text fields in bodies, by operation. */
const READS = [
  (text: string) => `/api/products?search=${text}`,
  (text: string) => `/api/products?category=${text}`,
  (text: string) => `/api/products?cursor=${text}`,
  (text: string) => `/api/products?limit=${text}`,
  (text: string) => `/api/products?status=${text}`,
  (text: string) => `/api/products/by-slug/${text}`,
  (text: string) => `/api/variants?sku=${text}`,
  (text: string) => `/api/orders?cursor=${text}`,
  (text: string) => `/api/products/${text}`,
  (text: string) => `/api/orders/${text}`,
  (text: string) => `/api/payments/${text}`,
  (text: string) => `/api/payments/order/${text}`,
]

describe('a body', () => {
  describe.each(BODIES)('of %s %s', (method, path, body) => {
    it.each(['{', '{"a":', '', 'null}', '{"a":1}{', "{'a':1}", '{"a":NaN}', '\u0000'])(
      'that is %j is refused',
      async (text) => {
        const refused = await expectRefusal(await sendJson(method, path, text))
        expect([400, 422]).toContain(refused.status)
      },
    )

    it.each(['null', '[]', '"text"', '1', 'true'])('that is %s, and not an object, is refused', async (text) => {
      const refused = await expectRefusal(await sendJson(method, path, text))
      expect([refused.status, refused.body.code]).toEqual([422, 'validation_failed'])
    })

    it('that is missing is refused', async () => {
      const refused = await expectRefusal(await send(method, path))
      expect([400, 415, 422]).toContain(refused.status)
    })

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
      'of type %s is refused',
      async (type) => {
        const refused = await expectRefusal(
          await send(method, path, { headers: { 'content-type': type }, body: JSON.stringify(body) }),
        )
        expect([refused.status, refused.body.code]).toEqual([415, 'unsupported_media_type'])
      },
    )

    it('with an unknown field is refused, naming it', async () => {
      const refused = await expectRefusal(await sendJson(method, path, { ...body, is_admin: true }))
      expect(refused.body.errors).toEqual([{ field: 'is_admin', message: expect.any(String) }])
    })

    it.each(['constructor', 'toString', 'prototype'])('with a field named %s is refused', async (field) => {
      const text = JSON.stringify({ ...body, [field]: { role: 'admin' } })
      expect((await expectRefusal(await sendJson(method, path, text))).status).toBe(422)
    })

    it('nested very deeply is refused', async () => {
      const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
      const text = JSON.stringify({ ...body, deep: 0 }).replace('"deep":0', `"deep":${deep}`)
      await expectRefusal(await sendJson(method, path, text))
    })

    it('above 256 KiB is refused, with or without a Content-Length', async () => {
      const text = JSON.stringify({ ...body, padding: 'x'.repeat(300 * 1024) })
      const said = await expectRefusal(await sendJson(method, path, text))
      expect([said.status, said.body.code]).toEqual([413, 'body_too_large'])
      const unsaid = await expectRefusal(await send(method, path, { headers: JSON_TYPE, ...streamed(text) }))
      expect([unsaid.status, unsaid.body.code]).toEqual([413, 'body_too_large'])
    })
  })

  it.each(STRING_FIELDS)('%s %s with NUL or a lone surrogate in %s is refused', async (method, path, field, body) => {
    for (const unstorable of ['\u0000', 'a\u0000b', '\ud800', '\udc00x']) {
      await expectRefusal(await sendJson(method, path, { ...body, [field]: `${unstorable}${String(body[field])}` }))
    }
  })

  it('with address parts that cannot be stored is refused', async () => {
    const items = [{ product_id: 1, quantity: 1 }]
    const addresses = [
      { 'li\u0000ne': 'x' },
      { line1: 'x\u0000' },
      { line1: '\ud800' },
      {},
      { line1: { deep: 1 } },
      5,
      '',
    ]
    for (const shipping_address of addresses) {
      const response = await sendJson('POST', '/api/orders', { items, shipping_address })
      await expectRefusal(response)
    }
  })

  it.each([2 ** 31, 2 ** 53, 1e15, 1e300, -(2 ** 31)])(
    'with the whole number %d out of range is refused',
    async (number) => {
      const bodies = [
        ['/api/orders', { items: [{ product_id: 1, quantity: number }] }],
        ['/api/orders', { items: [{ product_id: number, quantity: 1 }] }],
        ['/api/products', { name: 'Mug', price: 1, stock_quantity: number }],
      ] as const
      for (const [path, body] of bodies) await expectRefusal(await sendJson('POST', path, body))
    },
  )

  it('cannot reach a prototype', async () => {
    const text = '{"email":"p@example.com","password":"a long enough passphrase","__proto__":{"role":"admin"}}'
    const response = await sendJson('POST', '/api/users/register', text)
    if (response.status === 201) {
      const { user } = (await response.json()) as { user: { role: string } }
      expect(user.role).toBe('customer')
    } else await expectRefusal(response)
  })

  it.each(['/api/inventory/rebuild', '/api/inventory/reconcile', '/api/payments/reconcile'])(
    'whose fields are all optional may be left out, as at %s',
    async (path) => {
      expect((await send('POST', path)).status).toBe(200)
      expect((await send('POST', path, { headers: JSON_TYPE })).status).toBe(200)
      expect((await send('POST', path, { body: '{}', headers: JSON_TYPE })).status).toBe(200)
      expect((await send('POST', path, streamed(''))).status).toBe(200)
      await expectRefusal(await send('POST', path, { body: 'null', headers: JSON_TYPE }))
      await expectRefusal(await send('POST', path, { body: '{}', headers: { 'content-type': 'text/plain' } }))
    },
  )

  it('that does not arrive within 10 seconds is refused, and the connection closed', async () => {
    const slow = [
      sendSlowly('/api/users/login', IN_CHUNKS, 60),
      sendSlowly('/api/users/login', 'content-length: 1000', 60),
      sendSlowly('/api/orders', IN_CHUNKS, 60),
      sendSlowly('/api/webhooks/stripe', IN_CHUNKS, 60),
    ]
    for (const { answer, ms } of await Promise.all(slow)) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 /)
      expect(answer).toContain('"code":"request_timeout"')
      expect(answer).toMatch(/^access-control-allow-origin: https:\/\/shop\.example\.com\r$/im)
      expect(ms).toBeGreaterThan(9_500)
      expect(ms).toBeLessThan(15_000)
    }
  })

  it.each([{ 'content-length': 2 }, { 'transfer-encoding': 'chunked' }])(
    'of a GET is ignored, with %j',
    async (length) => {
      const statusOf = (path: string) =>
        new Promise<number | undefined>((resolve, reject) => {
          const headers = { ...JSON_TYPE, ...length, authorization: `Bearer ${staff[0]?.token}` }
          openRequest(`${stage.platform.url}${path}`, { method: 'GET', headers }, (response) => {
            response.resume()
            resolve(response.statusCode)
          })
            .on('error', reject)
            .end('{}')
        })
      for (const path of ['/api/orders', '/api/products', '/openapi.json']) {
        expect([path, await statusOf(path)]).toEqual([path, 200])
      }
    },
  )

  it('that takes 7 seconds to arrive is answered, and not as an outage', async () => {
    const { answer } = await sendSlowly('/api/users/login', IN_CHUNKS, 7)
    expect(answer).toMatch(/^HTTP\/1\.1 422 /)
    expect(answer).toContain('"code":"validation_failed"')
  })

  it('that is not read, because the caller is refused before, leaves the answer whole', async () => {
    const body = JSON.stringify({ name: 'Mug', description: 'x'.repeat(3_000_000) })
    const statuses: number[] = []
    for (const authorization of Array.from({ length: 30 }, () => 'Bearer forged')) {
      const answer = await send('POST', '/api/products', { headers: { ...JSON_TYPE, authorization }, body })
      statuses.push(answer.status, (await answer.json<{ status: number }>()).status)
    }
    expect(new Set(statuses)).toEqual(new Set([401]))
  })

  it('of exactly 256 KiB is accepted', async () => {
    const text = JSON.stringify({ name: 'Mug', price: 1 })
    const response = await sendJson('POST', '/api/products', text.padEnd(256 * 1024, ' '))
    expect(response.status).toBe(201)
  })
})

/** A body without a Content-Length. */
function streamed(text: string): RequestInit {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text))
      controller.close()
    },
  })
  // Node's fetch wants `duplex` with a stream; the DOM's type does not know it.
  return { body, duplex: 'half' } as RequestInit
}

const IN_CHUNKS = 'transfer-encoding: chunked'

/**
 * Sends `{`, a space every second, and `}` after `seconds`. Resolves once the connection is closed: by the server, unless
 * it has answered a whole body.
 */
function sendSlowly(path: string, length: string, seconds: number): Promise<{ answer: string; ms: number }> {
  const { hostname, port } = new URL(stage.platform.url)
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: ${hostname}`,
    `origin: ${ALLOWED_ORIGIN}`,
    'content-type: application/json',
    length,
  ]
  const part = (text: string) => (length === IN_CHUNKS ? `1\r\n${text}\r\n` : text)
  const began = Date.now()
  return new Promise((resolve) => {
    let answer = ''
    let sent = 0
    const socket = connect(Number(port), hostname, () => socket.write(`${head.join('\r\n')}\r\n\r\n${part('{')}`))
    const drip = setInterval(() => {
      sent += 1
      if (sent < seconds) socket.write(part(' '))
      if (sent === seconds) socket.write(`${part('}')}0\r\n\r\n`)
    }, 1_000)
    socket.on('data', (data) => {
      answer += data
      if (sent >= seconds) socket.end()
    })
    // A reset is a closed connection, too.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearInterval(drip)
      resolve({ answer, ms: Date.now() - began })
    })
  })
}

describe('an e-mail address', () => {
  const password = 'a long enough passphrase'
  const register = (email: string) => sendJson('POST', '/api/users/register', { email, password })
  const signIn = (email: string) => sendJson('POST', '/api/users/login', { email, password })

  it('is one account in every spelling, and all of them sign in', async () => {
    const name = `jose\u0301-${crypto.randomUUID()}`
    const email = `${name}@example.com`
    const registered = await register(` ${email}\n`)
    const { user } = (await registered.json()) as { user: { email: string } }
    expect([registered.status, user.email]).toEqual([201, email.normalize('NFC')])
    const spellings = [email, email.normalize('NFC'), email.toUpperCase(), `\t${email} `]
    for (const spelling of spellings) {
      expect([spelling, (await register(spelling)).status, (await signIn(spelling)).status]).toEqual([
        spelling,
        409,
        200,
      ])
    }
  })

  it.each(['\u200b', '\u202e', '\u0007', '\ufeff', '\u00ad', '\u2028'])(
    'with the invisible %j is refused',
    async (character) => {
      const email = `ada${character}@example.com`
      const order = { items: [{ product_id: 1, quantity: 1 }], email }
      for (const answer of [await register(email), await signIn(email), await sendJson('POST', '/api/orders', order)]) {
        const { status, body } = await expectRefusal(answer)
        expect([status, body.errors]).toEqual([
          422,
          [{ field: 'email', message: 'must not contain invisible characters' }],
        ])
      }
    },
  )
})

describe('a query', () => {
  const OPEN = ['/', '/health', '/health/ready']

  it('with an unknown parameter is refused by every operation, naming it', async () => {
    for (const { operationId, method, path } of describedOperations()) {
      const known = path.replace('{service}', 'orders').replaceAll(/\{\w+\}/g, '1')
      const body = method === 'GET' || method === 'DELETE' ? {} : { body: '{}', headers: JSON_TYPE }
      const response = await send(method, `${known}?utm_source=x`, body)
      if (OPEN.includes(path)) {
        expect([operationId, response.status]).toEqual([operationId, 200])
      } else {
        const { status, body } = await expectRefusal(response)
        const errors = body.errors as { field: string }[]
        expect([operationId, status]).toEqual([operationId, 422])
        expect(errors.map(({ field }) => field)).toContain('utm_source')
      }
    }
  })

  it('with an unknown parameter is refused when the answer without it is cached', async () => {
    expect((await fetch(`${stage.platform.url}/api/products?limit=1`)).status).toBe(200)
    const refused = await expectRefusal(await fetch(`${stage.platform.url}/api/products?limit=1&utm_source=x`))
    expect([refused.status, refused.body.errors]).toMatchObject([422, [{ field: 'utm_source' }]])
  })

  it('with an empty search or category lists everything', async () => {
    const all = await (await send('GET', '/api/products?limit=3')).json()
    for (const query of ['search=&limit=3', 'category=&limit=3', 'limit=3&search&category=']) {
      const response = await send('GET', `/api/products?${query}`)
      expect([query, response.status, await response.json()]).toEqual([query, 200, all])
    }
  })
})

describe('a URL', () => {
  it.each(['//api/products?limit=1', '/api//products?limit=1', '///api/products//?limit=1', '//health'])(
    '%s is understood as if it had single slashes',
    async (path) => {
      const response = await send('GET', path)
      expect([response.status, response.headers.get('location')]).toEqual([200, null])
    },
  )

  it('with a host in its path leads nowhere', async () => {
    const refused = await expectRefusal(await send('GET', '//evil.example.com/api/products'))
    expect([refused.status, refused.headers.get('location')]).toEqual([404, null])
  })

  it.each(['%00', 'a%00b', '%zz', '%', '%ED%A0%80', '%FF', '%C3'])('with %s in it is refused', async (text) => {
    for (const urlOf of READS) {
      const refused = await expectRefusal(await send('GET', urlOf(text)))
      expect(refused.status, urlOf(text)).toBe(400)
    }
  })

  it.each(["'", '%27%20or%201=1--', '%2e%2e%2f', '%F0%9F%98%80', '%0d%0a', '-1', '1e9', '9'.repeat(30)])(
    'with %s in it never causes a server error',
    async (text) => {
      for (const urlOf of READS) {
        const response = await send('GET', urlOf(text))
        if (response.status !== 200) await expectRefusal(response)
      }
    },
  )

  it.each([9_000, 60_000])('of %d characters is refused', async (length) => {
    const response = await send('GET', `/api/products?search=${'x'.repeat(length)}`)
    expect([400, 414, 431]).toContain(response.status)
  })

  it.each(['/nothing', '/api', '/api/nothing', '/api/usersets', '/api/orders/x/y/z', '/api/webhooks/paypal', '/admin'])(
    '%s leads nowhere',
    async (path) => {
      const refused = await expectRefusal(await send('GET', path))
      expect([refused.status, refused.body.code]).toEqual([404, 'route_not_found'])
    },
  )

  it.each([
    ['DELETE', '/api/products', 'GET, POST'],
    ['POST', '/api/products/1', 'DELETE, GET, PATCH, PUT'],
    ['GET', '/api/products/1/variants/1', 'DELETE, PATCH'],
    ['PUT', '/api/products/1/variants', 'POST'],
    ['POST', '/api/variants', 'GET'],
    ['DELETE', '/api/products/by-slug/mug', 'GET'],
    ['PUT', '/api/orders', 'GET, POST'],
    ['DELETE', '/api/orders/order_1', 'GET, PATCH'],
    ['GET', '/api/users/password-reset/confirm', 'POST'],
    ['GET', '/api/payments', 'POST'],
    ['GET', '/api/webhooks/stripe', 'POST'],
    ['POST', '/health', 'GET, HEAD'],
    ['DELETE', '/docs', 'GET, HEAD'],
  ])('does not take %s %s, and says what it takes', async (method, path, allowed) => {
    const refused = await expectRefusal(await send(method, path))
    expect([refused.status, refused.body.code]).toEqual([405, 'method_not_allowed'])
    expect(refused.headers.get('allow')).toBe(allowed)
  })
})

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
    const response = await preflight(ALLOWED_ORIGIN)
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe(ALLOWED_ORIGIN)
    expect(response.headers.get('access-control-allow-methods')).toContain('POST')
    expect(response.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('idempotency-key')
    const answer = await send('GET', '/api/products', { headers: { origin: ALLOWED_ORIGIN } })
    expect(answer.headers.get('access-control-allow-origin')).toBe(ALLOWED_ORIGIN)
    expect(answer.headers.get('access-control-expose-headers')?.toLowerCase()).toContain('x-request-id')
    const refused = await send('GET', '/nothing', { headers: { origin: ALLOWED_ORIGIN } })
    expect(refused.headers.get('access-control-allow-origin')).toBe(ALLOWED_ORIGIN)
  })

  it('of this machine may call in development, and may read what is refused before anything else', async () => {
    const origin = 'http://localhost:3000'
    expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBe(origin)
    const refused = await send('GET', '/api/products/%zz', { headers: { origin } })
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([400, origin])
  })

  it.each(['https://evil.example.com', 'null', `${ALLOWED_ORIGIN}.evil.com`, 'http://shop.example.com'])(
    'of origin %s is refused',
    async (origin) => {
      const response = await preflight(origin)
      expect(response.status).toBeLessThan(500)
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
    },
  )
})

describe('one IP address', () => {
  it('may send 600 requests a minute, and is then told to wait', async () => {
    const headers = { 'cf-connecting-ip': '203.0.113.7' }
    const ask = () => fetch(`${stage.platform.url}/api/nothing`, { headers })
    const first = await Promise.all(Array.from({ length: 100 }, ask))
    expect(first.map(({ status }) => status)).toEqual(Array(100).fill(404))
    const others = await Promise.all(Array.from({ length: 1_150 }, ask))
    const limited = others.find(({ status }) => status === 429)
    if (limited === undefined) throw new Error('1250 requests were all let through')
    const refused = await expectRefusal(limited)
    expect(refused.body.code).toBe('rate_limited')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('the published example of an idempotency key', () => {
  it('is refused as a key', async () => {
    const headers = { ...JSON_TYPE, 'idempotency-key': EXAMPLE_IDEMPOTENCY_KEY }
    const calls: [string, Fields][] = [
      ['/api/orders', { items: [{ product_id: 1, quantity: 1 }], email: 'ada@example.com' }],
      ['/api/payments', { order_id: 'order_1' }],
      ['/api/payments/pay_1/refund', {}],
      ['/api/payments/pay_1/capture', {}],
      ['/api/inventory/1/adjust', { delta: 1, reason: 'receive' }],
    ]
    for (const [path, body] of calls) {
      const refused = await expectRefusal(await send('POST', path, { headers, body: JSON.stringify(body) }))
      expect([path, refused.status, refused.body.errors]).toMatchObject([path, 422, [{ field: 'idempotency-key' }]])
    }
  })
})

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
