import { setTimeout as sleep } from 'node:timers/promises'
import type { RequestOptions } from '@shop/testing/client'
import { eventually } from '@shop/testing/eventually'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { usePlatform } from './support/use-platform.ts'

const stage = usePlatform()
afterEach(() => {
  stage.platform.upstash.faults.clear()
  stage.platform.databaseGate.open()
})

/** Product changes whose cache invalidation is still pending, due or not. */
async function countPending(): Promise<number> {
  const { rows } = await stage.platform.database
    .as('catalog')
    .execute(sql`select 1 from catalog.event_deliveries where consumer = 'catalog_cache' and status = 'pending'`)
  return rows.length
}

/** A read, the round trips it caused as the emulators counted them, and where the gateway took the answer from. */
async function read(path: string, options: RequestOptions = {}) {
  const traceId = crypto.randomUUID().replaceAll('-', '')
  const headers = { ...options.headers, traceparent: `00-${traceId}-00f067aa0ba902b7-01` }
  const startedAt = performance.now()
  const { status, headers: answered, body } = await stage.shop.request('GET', path, { ...options, headers })
  return {
    status,
    headers: answered,
    body,
    ms: performance.now() - startedAt,
    cache: /cache;desc="([\w-]+)"/.exec(answered.get('server-timing') ?? '')?.[1],
    postgres: stage.platform.database.traces.of(traceId),
    redis: stage.platform.upstash.traces.of(traceId),
  }
}
const freshProduct = (over = {}) => stage.shop.addProduct(stage.admin, { name: `Mug ${crypto.randomUUID()}`, ...over })
const change = (id: number, body: object) =>
  stage.shop.request('PUT', `/api/products/${id}`, { token: stage.admin.token, body })

/** Reads until the gateway answers from memory, which may take several tries on a slow machine. */
const readKept = (path: string, options?: RequestOptions) =>
  eventually(
    () => read(path, options),
    ({ cache }) => cache === 'memory',
    3_000,
  )

/** Reads repeatedly, so that every cache stays warm. Returns when the last read began that still saw the old state. */
async function lastSeen(path: string, isOld: (body: Awaited<ReturnType<typeof read>>['body']) => boolean, ms: number) {
  const startedAt = performance.now()
  let last = 0
  while (performance.now() - startedAt < ms) {
    const askedAt = performance.now() - startedAt
    const { body } = await read(path)
    if (isOld(body)) last = askedAt
    await sleep(15)
  }
  return last
}

describe('a public read', () => {
  it.each([
    ['product', (id: number) => `/api/products/${id}`],
    ['list', (id: number) => `/api/products?limit=${(id % 90) + 2}`],
    ['category', (id: number) => `/api/products?category=c${id}`],
    ['search', (id: number) => `/api/products?search=mug&limit=3&category=s${id}`],
    ['search with facets', (id: number) => `/api/products?search=mug&facets=true&sort=price&category=f${id}`],
    ['suggestion', (id: number) => `/api/search/suggest?q=mug%20${id}`],
    ['tree of categories', (id: number) => `/api/categories?limit=${(id % 900) + 2}`],
    ['list of collections', (id: number) => `/api/collections?limit=${(id % 90) + 2}`],
    ['list of attributes', (id: number) => `/api/attributes?limit=${(id % 90) + 2}`],
  ])('of a %s takes one trip to Postgres, and none to anything while it is kept at the edge', async (_, pathOf) => {
    const product = await freshProduct()
    const first = await read(pathOf(product.id))
    expect(first).toMatchObject({ status: 200, postgres: 1, cache: 'postgres' })
    const again = await readKept(pathOf(product.id))
    expect(again).toMatchObject({ status: 200, postgres: 0, redis: 0, body: first.body })
    const signedIn = await readKept(pathOf(product.id), { token: stage.customer.token })
    expect(signedIn).toMatchObject({ postgres: 0, redis: 0, body: first.body })
  })

  it('has one cache entry for every spelling of its URL, and for HEAD', async () => {
    const { id } = await freshProduct()
    await read(`/api/products?category=c${id}&limit=7`)
    for (const path of [`/api/products/?limit=7&category=c${id}`, `/api/products?search=&limit=7&category=c${id}`]) {
      expect((await read(path)).cache).toMatch(/memory|stale/)
    }
    const head = await fetch(`${stage.platform.url}/api/products?limit=7&category=c${id}`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect(head.headers.get('server-timing')).toMatch(/memory|stale/)
  })

  it('asked for by many at once reaches the catalog once', async () => {
    const { id } = await freshProduct()
    stage.platform.database.resetCounts()
    const answers = await Promise.all(Array.from({ length: 25 }, () => read(`/api/products/${id}`)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    // The confirmation of the product's creation may still be running.
    expect(answers.reduce((sum, { postgres }) => sum + postgres, 0)).toBe(1)
    expect(answers.filter(({ cache }) => cache === 'postgres')).toHaveLength(1)
  })

  it('is answered even if the first client to ask has disconnected', async () => {
    const { id } = await freshProduct()
    stage.platform.databaseGate.shut('hang')
    const leaving = new AbortController()
    const left = fetch(`${stage.platform.url}/api/products/${id}`, { signal: leaving.signal }).catch(() => 'left')
    await sleep(150)
    const waiting = read(`/api/products/${id}`)
    await sleep(50)
    leaving.abort()
    expect(await left).toBe('left')
    stage.platform.databaseGate.open()
    expect(await waiting).toMatchObject({ status: 200 })
  })

  it('has an ETag, and answers 304 to a client that has it, staff included', async () => {
    const { id } = await freshProduct()
    for (const token of [undefined, stage.customer.token, stage.admin.token]) {
      for (const path of [`/api/products/${id}`, `/api/products?category=e${id}`]) {
        const full = await read(path, { token })
        const etag = full.headers.get('etag') ?? ''
        expect(etag).toMatch(/^"(1-)?[\da-f]{40}"$/)
        const { status, headers, body } = await read(path, { token, headers: { 'if-none-match': `"x", W/${etag}` } })
        expect({ status, body, etag: headers.get('etag') }).toEqual({ status: 304, body: '', etag })
        expect(headers.get('cache-control')).toBe(full.headers.get('cache-control'))
        expect(headers.get('x-request-id')).not.toBe(full.headers.get('x-request-id'))
        expect((await read(path, { token, headers: { 'if-none-match': '"x"' } })).status).toBe(200)
      }
    }
  })

  it('has the version of the product in its ETag, from whatever cache it is answered', async () => {
    const product = await freshProduct()
    const path = `/api/products/${product.id}`
    const kept = await readKept(path)
    const staff = await read(path, { token: stage.admin.token })
    for (const { headers } of [kept, staff]) expect(headers.get('etag')).toMatch(/^"1-[\da-f]{40}"$/)
    // Staff see more of a product, so their digest is another one.
    expect(kept.headers.get('etag')).not.toBe(staff.headers.get('etag'))
    const put = {
      token: stage.admin.token,
      body: { name: 'Cup' },
      headers: { 'if-match': kept.headers.get('etag') ?? '' },
    }
    const written = await stage.shop.request('PUT', path, put)
    expect([written.status, written.headers.get('etag')]).toEqual([200, expect.stringMatching(/^"2-/)])
    await eventually(
      () => read(path, { headers: { 'if-none-match': kept.headers.get('etag') ?? '' } }),
      ({ status, headers }) => status === 200 && headers.get('etag')?.startsWith('"2-') === true,
      2_000,
    )
    expect((await stage.shop.request('PUT', path, put)).body.code).toBe('version_conflict')
  })

  it('may be cached if revalidated each time, and varies by origin', async () => {
    const { id } = await freshProduct()
    const { headers } = await read(`/api/products/${id}`)
    expect(headers.get('cache-control')).toBe('public, max-age=0, must-revalidate')
    expect(headers.get('vary')).toMatch(/\borigin\b/i)
    const staff = await read(`/api/products/${id}`, { token: stage.admin.token })
    expect(staff.headers.get('cache-control')).toBe('private, no-cache')
    expect([...headers.keys()].filter((name) => name.startsWith('x-shop-'))).toEqual([])
  })

  it.each(['/api/products?limit=0', '/api/products?cursor=nonsense'])(
    'that is refused is not cached: %s',
    async (path) => {
      for (const _ of ['first', 'again']) {
        const { status, headers, cache } = await read(path)
        expect([status, headers.get('cache-control')]).toEqual([422, 'no-store'])
        expect(cache).not.toBe('memory')
      }
    },
  )
})

describe('a change of a product', () => {
  it('is in its writer’s next read, and in every read within a second', async () => {
    const product = await freshProduct({ price: 10 })
    const path = `/api/products/${product.id}`
    await lastSeen(path, () => false, 700)
    await change(product.id, { price: 20 })
    const next = read(path, { token: stage.admin.token })
    const [own, last] = await Promise.all([next, lastSeen(path, ({ product: { price } }) => price === 10, 1_600)])
    expect(own).toMatchObject({ cache: 'bypass', postgres: 1, body: { product: { price: 20 } } })
    expect(last).toBeLessThan(1_000)
  })

  it('is visible within a second although Redis was down, and Redis is invalidated later', async () => {
    const { platform } = stage
    const product = await freshProduct({ price: 10 })
    const path = `/api/products/${product.id}`
    await read(path)
    const catalog = platform.database.as('catalog')
    await catalog.execute(
      sql`update catalog.event_deliveries set status = 'done', confirmed_at = now() where status = 'pending'`,
    )
    const fault = platform.upstash.faults.add({ kind: 'cut_before', match: { command: 'INCR' } })
    await change(product.id, { price: 20 })
    expect(fault.hits()).toBe(1)
    expect(await lastSeen(path, ({ product: { price } }) => price === 10, 1_500)).toBeLessThan(1_000)
    expect(await countPending()).toBe(1)
    await catalog.execute(
      sql`update catalog.event_deliveries set next_attempt_at = now() - interval '1 second' where status = 'pending'`,
    )
    await platform.sweep()
    expect(await countPending()).toBe(0)
  })

  it('ends the caching of “not found” and of the product’s old state', async () => {
    const { id } = await freshProduct()
    const path = `/api/products/${id + 1}`
    const [first, again] = [await read(path), await readKept(path)]
    expect(first).toMatchObject({ status: 404, postgres: 1 })
    expect(again).toMatchObject({ status: 404, postgres: 0, redis: 0 })
    for (const { body, headers } of [first, again]) expect(body.request_id).toBe(headers.get('x-request-id'))
    expect(again.body.request_id).not.toBe(first.body.request_id)
    expect((await freshProduct()).id).toBe(id + 1)
    expect((await read(path, { token: stage.admin.token })).status).toBe(200)
    expect(await lastSeen(path, ({ code }) => code === 'product_not_found', 1_300)).toBeLessThan(1_000)
    await stage.shop.request('DELETE', path, { token: stage.admin.token })
    expect(await lastSeen(path, ({ code }) => code === undefined, 1_300)).toBeLessThan(1_000)
  })
})

describe('the displayed stock', () => {
  it('follows a hold within two seconds, however often it is read', async () => {
    const product = await freshProduct({ stock_quantity: 10 })
    const path = `/api/products/${product.id}`
    await lastSeen(path, () => false, 700)
    await stage.shop.placeOrder(stage.customer, [[product, 3]])
    expect(await lastSeen(path, ({ product: shown }) => shown.stock_quantity === 10, 2_500)).toBeLessThan(2_000)
    expect((await read(path)).body.product.stock_quantity).toBe(7)
  })
})

describe('an answer cached in Redis', () => {
  const ask = async (id: number) => {
    const { status, headers, body, ms } = await stage.platform.askCatalog(`/api/products/${id}`)
    return { status, from: headers.get('x-shop-cache'), product: JSON.parse(body).product, ms }
  }

  it('saves the round trip to Postgres for half a second, and is invalid after a change', async () => {
    const { id } = await freshProduct({ price: 10 })
    expect(await ask(id)).toMatchObject({ from: 'postgres' })
    await eventually(
      () => ask(id),
      ({ from }) => from === 'redis',
      400,
    )
    await change(id, { price: 20 })
    expect(await ask(id)).toMatchObject({ from: 'postgres', product: { price: 20 } })
    await eventually(
      () => ask(id),
      ({ from }) => from === 'redis',
      400,
    )
    await sleep(500)
    expect(await ask(id)).toMatchObject({ from: 'postgres' })
  })

  it.each([
    ['cuts connections', { kind: 'cut_before' }],
    ['takes five seconds', { kind: 'delay', ms: 5_000 }],
    ['fails', { kind: 'status', status: 500 }],
    ['answers nonsense', { kind: 'status', status: 200, body: '<html>' }],
    [
      'answers of another shape',
      { kind: 'status', status: 200, body: '[{"result":"7"},{"result":"{\\"answer\\":1}"}]' },
    ],
    ['has lost the version', { kind: 'status', status: 200, body: '[{"result":null},{"result":"{}"}]' }],
  ] as const)('is done without when Redis %s', async (_, effect) => {
    const { id } = await freshProduct({ price: 10 })
    await eventually(
      () => ask(id),
      ({ from }) => from === 'redis',
      400,
    )
    stage.platform.upstash.faults.add({ ...effect, times: Number.POSITIVE_INFINITY })
    for (let n = 0; n < 8; n += 1) expect(await ask(id)).toMatchObject({ status: 200, from: 'postgres' })
    const startedAt = performance.now()
    expect((await change(id, { price: 20 })).status).toBe(200)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    const { product, ms } = await ask(id)
    expect(product.price).toBe(20)
    expect(ms).toBeLessThan(1_000)
    stage.platform.upstash.faults.clear()
    await eventually(
      () => ask(id),
      ({ from }) => from === 'redis',
      4_000,
    )
  })

  it('leaves the shop ready but degraded when Redis is away', async () => {
    stage.platform.upstash.faults.add({ kind: 'cut_before', times: Number.POSITIVE_INFINITY })
    const { status, body } = await stage.shop.request('GET', '/health/ready')
    expect([status, body]).toMatchObject([200, { status: 'degraded', checks: { catalog: { status: 'degraded' } } }])
  })
})

describe('while Postgres is down', () => {
  it.each(['refuse', 'hang'] as const)(
    '(connections %s) cached reads still answer, and the rest is 503',
    async (how) => {
      const [known, unknown] = [await freshProduct(), await freshProduct()]
      const path = `/api/products/${known.id}`
      await read(path)
      stage.platform.databaseGate.shut(how)
      expect(await read(path)).toMatchObject({ status: 200, postgres: 0 })
      await sleep(1_100)
      expect(await read(path)).toMatchObject({ status: 200, cache: 'outage', body: { product: { id: known.id } } })
      const other = await read(`/api/products/${unknown.id}`)
      expect(other.status).toBe(503)
      expect(Number(other.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(other.ms).toBeLessThan(6_000)
      const written = await change(known.id, { price: 99 })
      expect([written.status, Number(written.headers.get('retry-after')) > 0]).toEqual([503, true])
      stage.platform.databaseGate.open()
      await eventually(
        () => read(`/api/products/${unknown.id}`),
        ({ status }) => status === 200,
        6_000,
      )
    },
  )
})

describe('a private answer', () => {
  it('is stored in no cache, and its ETag still shows whether it has changed', async () => {
    const { shop, customer } = stage
    const { order } = (await shop.placeOrder(customer, [[await freshProduct(), 1]])).body
    const { token } = customer
    expect((await shop.pay(customer, order)).status).toBe(201)
    for (const path of [
      '/api/users/profile',
      '/api/orders',
      `/api/orders/${order.id}`,
      `/api/payments/order/${order.id}`,
    ]) {
      const { headers, cache } = await read(path, { token })
      expect([headers.get('cache-control'), cache]).toEqual(['no-store', undefined])
      const etag = headers.get('etag') ?? ''
      expect((await read(path, { token, headers: { 'if-none-match': etag } })).status).toBe(304)
      expect((await read(path)).status).toBe(401)
    }
  })
})
