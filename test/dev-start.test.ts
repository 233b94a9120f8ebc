import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { acquireLock } from '@shop/emulator-kit/lock-file'
import { assertPortIsFree, listenOnLoopback } from '@shop/emulator-kit/loopback'
import { LOCAL_STRIPE } from '@shop/local-environment/environment'
import { STORED_SERVICES } from '@shop/services'
import { startStripeEmulator } from '@shop/stripe-emulator'
import { shopClient } from '@shop/testing/client'
import { startDatabase } from '@shop/testing/database'
import { eventually } from '@shop/testing/eventually'
import { startUpstashEmulator } from '@shop/upstash-emulator'
import getPort from 'get-port'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { DEMO_CUSTOMER } from '../scripts/seed/accounts.ts'
import { seed } from '../scripts/seed/seed.ts'
import { freePorts, runDev } from './support/dev-process.ts'

let directory: string
let ports: Awaited<ReturnType<typeof freePorts>>

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shop-dev-'))
  ports = await freePorts()
})
afterEach(() => rm(directory, { recursive: true, force: true }))

/** Starts the shop with a broken setup, and waits for it to exit. */
async function failing(env: Record<string, string>): Promise<string> {
  const { exited, output } = runDev({ LOCAL_DIR: directory, DEV_VARS: join(directory, '.dev.vars'), ...ports, ...env })
  expect(await exited).toBe(1)
  return output()
}

describe('a start that cannot work explains what to do, and leaves nothing running', () => {
  afterEach(async () => {
    for (const [name, port] of Object.entries(ports)) await assertPortIsFree(Number(port), name)
  })

  it('when a port is taken', async () => {
    const server = createServer()
    const port = await listenOnLoopback(server, 0, 'a test')
    const output = await failing({ STRIPE_PORT: String(port) })
    expect(output).toContain(
      `Port ${port} on 127.0.0.1, wanted for the Stripe emulator (STRIPE_PORT), is taken. Stop what`,
    )
    await new Promise((resolve) => server.close(resolve))
  })

  it('when the shop is already running', async () => {
    const lock = await acquireLock(join(directory, 'dev.lock'), { what: 'The test' })
    expect(await failing({})).toContain(`The local shop is in use by process ${process.pid}. Stop it first (Ctrl-C`)
    await lock.release()
  })

  it('when the stored database is broken', async () => {
    await mkdir(join(directory, 'postgres/pglite'), { recursive: true })
    await writeFile(join(directory, 'postgres/pglite/PG_VERSION'), '17')
    expect(await failing({})).toMatch(/The database in .* cannot be opened: .* npm run dev -- --reset/s)
  })

  it('when the stored signing keys are broken', async () => {
    await writeFile(join(directory, 'signing-keys.json'), '[{"kty":')
    expect(await failing({})).toContain('signing-keys.json is broken. Delete it: new keys are made')
  })

  it('when no Redis answers, without showing its password', async () => {
    const port = await getPort()
    const output = await failing({ REDIS_URL: `redis://:hidden@127.0.0.1:${port}` })
    expect(output).toContain(`No Redis answers at REDIS_URL=redis://:***@127.0.0.1:${port}`)
    expect(output).toContain('Start it, correct REDIS_URL, or leave it out')
    expect(output).not.toContain('hidden')
  })

  it('when no PostgreSQL answers, without showing its password', async () => {
    const port = await getPort()
    const output = await failing({ LOCAL_PG: `postgres://me:hidden@127.0.0.1:${port}/shop` })
    expect(output).toContain(`Cannot connect to postgres://me:***@127.0.0.1:${port}/shop: connect ECONNREFUSED`)
    expect(output).not.toContain('hidden')
  })

  it.each([
    [{ LOCAL_PG: 'mysql' }, 'LOCAL_PG must be pglite, embedded or a postgres:// URL, not "mysql"'],
    [{ REDIS_URL: 'localhost:6379' }, 'REDIS_URL must be redis://… or rediss://…'],
    [{ PORT: 'eighty' }, 'PORT must be a port from 1 to 65535, not "eighty"'],
  ])('when a setting is not understood: %j', async (env, message) => {
    const before = ports
    ports = { ...ports, ...('PORT' in env ? { PORT: '0' } : {}) }
    expect(await failing(env)).toContain(message)
    ports = before
  })

  it('when .dev.vars has only some of the keys that a service needs', async () => {
    await writeFile(join(directory, '.dev.vars'), 'UPSTASH_REDIS_REST_URL=https://eu1.upstash.io\n')
    expect(await failing({})).toContain('add UPSTASH_REDIS_REST_TOKEN')
  })
})

/** Emulators that the test owns. The shop is configured with them as if they were the real services. */
async function startServices() {
  const database = await startDatabase()
  const stripe = await startStripeEmulator({ secretKey: 'sk_test_theirs', publishableKey: 'pk_test_theirs' })
  const upstash = await startUpstashEmulator({ token: 'theirs' })
  onTestFinished(async () => {
    await Promise.all([database.stop(), stripe.close(), upstash.close()])
  })
  const urlOf = (role: string) => database.connectionString(role)
  const devVars = {
    ...Object.fromEntries(
      STORED_SERVICES.map(({ database: { role, urlVariable } }) => [urlVariable, urlOf(role)] as const),
    ),
    NEON_FETCH_ENDPOINT: database.neonEndpoint,
    UPSTASH_REDIS_REST_URL: upstash.url,
    UPSTASH_REDIS_REST_TOKEN: upstash.token,
    STRIPE_API_BASE: stripe.url,
    STRIPE_SECRET_KEY: 'sk_test_theirs',
    STRIPE_WEBHOOK_SECRET: LOCAL_STRIPE.webhookSecret,
  }
  await seed({
    environment: 'development',
    neonEndpoint: database.neonEndpoint,
    usersUrl: urlOf('users_service'),
    catalogUrl: urlOf('catalog_service'),
    ordersUrl: urlOf('orders_service'),
  })
  return { database, stripe, upstash, devVars }
}

it('sells through the services configured in .dev.vars, and starts no emulators of its own', async () => {
  const { database, stripe, upstash, devVars } = await startServices()
  const file = Object.entries(devVars).map(([name, value]) => `${name}="${value}"\n`)
  await writeFile(join(directory, '.dev.vars'), file.join(''))
  const shop = runDev({ LOCAL_DIR: directory, DEV_VARS: join(directory, '.dev.vars'), ...ports })
  onTestFinished(() => void shop.stop())
  await shop.opened
  for (const service of ['Neon', 'Stripe', 'Upstash'])
    expect(shop.output()).toContain(`the real ${service}, with the keys`)
  for (const name of ['NEON_PORT', 'STRIPE_PORT', 'UPSTASH_PORT'] as const)
    await assertPortIsFree(Number(ports[name]), name)

  const base = `http://127.0.0.1:${ports.PORT}`
  const { request } = shopClient(base)
  const { token } = (await request('POST', '/api/users/login', { body: DEMO_CUSTOMER })).body
  const body = { items: [{ product_id: 1, quantity: 1 }] }
  const placed = await eventually(
    async () => {
      await fetch(`${base}/cdn-cgi/handler/scheduled`)
      return request('POST', '/api/orders', { token, body })
    },
    ({ status }) => status === 201,
    30_000,
  )
  const payment = { order_id: placed.body.order.id, payment_method: 'pm_card_visa' }
  expect(await request('POST', '/api/payments', { token, body: payment })).toMatchObject({ status: 201 })
  expect(stripe.paymentIntents()).toMatchObject([{ status: 'succeeded', metadata: { order_id: placed.body.order.id } }])
  expect(database.counts().roundTrips).toBeGreaterThan(0)
  expect(upstash.counts().requests).toBeGreaterThan(0)
  expect(await shop.stop()).toBe(0)
}, 120_000)
