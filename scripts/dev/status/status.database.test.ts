import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request as httpRequest, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LOOPBACK, listenOnLoopback } from '@shop/emulator-kit/loopback'
import { type NeonEmulator, startNeonEmulator } from '@shop/neon-emulator'
import { openPGlite } from '@shop/neon-emulator/postgres/pglite'
import { type StripeEmulator, startStripeEmulator } from '@shop/stripe-emulator'
import { startUpstashEmulator, type UpstashEmulator } from '@shop/upstash-emulator'
import getPort from 'get-port'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type StatusServer, startStatusServer } from './server.ts'
import type { Status } from './status.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })

const HOSTILE = '<img src=x onerror=alert(1)>"\'&'
const SECRET_KEY = 'sk_test_status'

let folder: string
let backend: Awaited<ReturnType<typeof openPGlite>>
let neon: NeonEmulator
let redis: UpstashEmulator
let stripe: StripeEmulator
let server: StatusServer
let shop: Server
/** What the shop answers. */
const readiness = {
  checks: {
    users: { status: 'ok', events: { pending: 0, parked: 0, lag_seconds: 0 } },
    orders: { status: 'ok', events: { pending: 3, parked: 1, lag_seconds: 42 } },
    other: { status: 'ok' },
  },
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shop-status-'))
  backend = await openPGlite(join(folder, 'data'))
  neon = await startNeonEmulator({ backend, control: { adminRole: 'postgres' } })
  const sql = (text: string) => backend.single('postgres', { text, params: [] })
  await sql('CREATE SCHEMA shop')
  await sql('CREATE TABLE shop."odd ""name" AS SELECT * FROM generate_series(1, 3)')
  await sql('CREATE TABLE shop.many AS SELECT * FROM generate_series(1, 100002)')
  redis = await startUpstashEmulator({ token: 'token' })
  stripe = await startStripeEmulator({ secretKey: SECRET_KEY, publishableKey: 'pk_test_status', control: true })
  shop = createServer((_, response) => response.end(JSON.stringify(readiness)))
  const shopUrl = `http://${LOOPBACK}:${await listenOnLoopback(shop, 0, 'a test')}`
  const sources = { neonUrl: neon.url, redis, stripe: { url: stripe.url, secretKey: SECRET_KEY }, shopUrl }
  server = await startStatusServer({ sources, port: 0 })
})
afterAll(async () => {
  shop.close()
  await Promise.all([server.close(), neon.close(), redis.close(), stripe.close()])
  await backend.close()
  await rm(folder, { recursive: true })
})

const status = async () => (await (await fetch(`${server.url}/status.json`)).json()) as Status
const redisCommand = (...command: (string | number)[]) =>
  fetch(redis.url, { method: 'POST', headers: { authorization: 'Bearer token' }, body: JSON.stringify(command) })
const pay = (metadata: string) =>
  fetch(`${stripe.url}/v1/payment_intents`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRET_KEY}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ amount: '1250', currency: 'usd', 'metadata[order_id]': metadata }),
  })

describe('the status page', () => {
  it('counts the rows of every table, up to a limit', async () => {
    expect((await status()).database).toEqual({
      state: 'read',
      value: {
        version: expect.stringMatching(/^\d+/),
        tables: [
          { schema: 'shop', table: 'many', rows: 100_000, isMore: true },
          { schema: 'shop', table: 'odd "name', rows: 3, isMore: false },
        ],
      },
    })
  })

  it('shows the event backlog of each service that has an event log', async () => {
    expect((await status()).events).toEqual({
      state: 'read',
      value: [
        { service: 'users', pending: 0, parked: 0, lagSeconds: 0 },
        { service: 'orders', pending: 3, parked: 1, lagSeconds: 42 },
      ],
    })
    expect(await (await fetch(server.url)).text()).toMatch(
      /<td>orders<\/td><td[^>]*>3<\/td><td[^>]*>1<\/td><td[^>]*>42 s<\/td>/,
    )
  })

  it('shows the keys of Redis with type, time to live and the start of the value', async () => {
    await redisCommand('SET', 'plain', 'é'.repeat(300))
    await redisCommand('SET', 'short', 'lived', 'EX', 100)
    const { redis: found } = await status()
    if (found.state !== 'read') throw new Error('Redis was not read')
    const [plain, short] = found.value.keys
    expect(plain).toEqual({ key: 'plain', type: 'string', expiresInMs: null, value: `${'é'.repeat(200)}…` })
    expect(short).toMatchObject({ key: 'short', value: 'lived' })
    expect(short?.expiresInMs).toBeGreaterThan(90_000)
  })

  it('shows payments and their webhooks, without client secrets', async () => {
    await pay('order_1')
    const page = await (await fetch(server.url)).text()
    const { stripe: found } = await status()
    if (found.state !== 'read') throw new Error('Stripe was not read')
    expect(found.value.objects?.payment_intents).toMatchObject([
      { amount: 1250, metadata: { order_id: 'order_1' }, client_secret: '***' },
    ])
    expect(found.value.events).toMatchObject([{ type: 'payment_intent.created' }])
    expect(page).toContain('payment_intent.created')
    expect(page).not.toContain('_secret_')
  })

  it('shows the active faults, and triggers none of them', async () => {
    neon.faults.add({ kind: 'cut_before' })
    redis.faults.add({ kind: 'delay', ms: 60_000, times: Number.POSITIVE_INFINITY })
    stripe.faults.add({ kind: 'status', status: 500 })
    const page = await (await fetch(server.url)).text()
    for (const [name, kind, left] of [
      ['Neon', 'cut_before', '1'],
      ['Redis', 'delay', 'until removed'],
      ['Stripe', 'status', '1'],
    ]) {
      expect(page).toMatch(new RegExp(`<td>${name}</td>.*${kind}.*<td[^>]*>${left}</td><td[^>]*>0</td>`))
    }
    expect((await status()).stripe).toMatchObject({ state: 'read', value: { objects: null } })
    expect((await status()).events).toEqual({ state: 'read', value: null })
    for (const { faults } of [neon, redis, stripe]) {
      expect(faults.list()).toMatchObject([{ hits: 0 }])
      faults.clear()
    }
  })

  it('is not counted as a request of the shop', async () => {
    neon.resetCounts()
    redis.resetCounts()
    await status()
    expect([neon.counts(), redis.counts()]).toEqual([{ roundTrips: 0 }, { requests: 0, commands: 0 }])
  })

  it('escapes all values of the shop', async () => {
    await redisCommand('SET', HOSTILE, HOSTILE)
    await pay(HOSTILE)
    const page = await (await fetch(server.url)).text()
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;')
    expect(page).not.toContain('<img')
  })

  it('lets the browser run and load nothing', async () => {
    const { headers } = await fetch(server.url)
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'/,
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })

  it('refreshes automatically only on request', async () => {
    expect(await (await fetch(server.url)).text()).not.toContain('http-equiv="refresh"')
    expect(await (await fetch(`${server.url}/?refresh=5`)).text()).toContain('<meta http-equiv="refresh" content="5">')
    expect(await (await fetch(`${server.url}/?refresh=0;url=//evil`)).text()).not.toContain('http-equiv="refresh"')
  })

  it.each([
    ['evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['localhost.evil.example:8081', 403],
    ['localhost:8081', 200],
    ['[::1]:8081', 200],
  ])('answers a request for the host %s with %i', async (host, expected) => {
    const answered = await new Promise((resolve) => {
      httpRequest(`${server.url}/status.json`, { headers: { host } }, (answer) =>
        resolve(answer.resume().statusCode),
      ).end()
    })
    expect(answered).toBe(expected)
  })

  it('serves nothing else, and changes nothing', async () => {
    expect((await fetch(`${server.url}/other`)).status).toBe(404)
    expect((await fetch(server.url, { method: 'POST' })).status).toBe(405)
  })

  it('shows the other parts when one is down, and does not read a real service', async () => {
    const neonUrl = `http://${LOOPBACK}:${await getPort()}/sql`
    const shopUrl = `http://${LOOPBACK}:${await getPort()}`
    const other = await startStatusServer({ sources: { neonUrl, redis, shopUrl }, port: 0 })
    const page = await (await fetch(other.url)).text()
    expect(page).toMatch(/<h2>Database<\/h2><p class="bad">Cannot be read: /)
    expect(page).toMatch(/<h2>Events<\/h2><p class="bad">Cannot be read: /)
    expect(page).toContain('Engine: in-process.')
    expect(page).toMatch(/<h2>Stripe<\/h2><p class="none">The real service/)
    await other.close()
  })
})
