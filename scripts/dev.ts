import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isEngineName } from '@shop/local-cloud/postgres/engine'
import { type DataProcess, startDataProcess } from '@shop/local-cloud/postgres/start-data-process'
import { assertPortIsFree } from '@shop/local-cloud/process/free-port'
import { acquireLock } from '@shop/local-cloud/process/lock-file'
import { LOCAL_UPSTASH_TOKEN, localEnvironment, withToken } from '@shop/local-cloud/shop/environment'
import { keptSigningKeys } from '@shop/local-cloud/shop/signing-keys'
import { startUpstash, type UpstashStandIn } from '@shop/local-cloud/upstash/index'
import { copyDocsAssets } from './copy-docs-assets.ts'
import { banner } from './dev/banner.ts'
import { openShop } from './dev/open-shop.ts'
import { type DevOptions, readOptions } from './dev/options.ts'
import { startStripeProcess } from './dev/stripe.ts'
import { fireCron, startWorkers } from './dev/workers.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** Where everything local is kept. */
const LOCAL = resolve(ROOT, process.env.LOCAL_DIR ?? '.local')
const CRON_SECONDS = 10

/** Things to undo at the end, latest first: the workers stop before what they talk to. */
const running: { name: string; exited: Promise<unknown>; stop: () => Promise<unknown> }[] = []
let ending: Promise<void> | undefined

function end(exitCode: number): Promise<void> {
  ending ??= (async () => {
    for (const part of running.reverse()) await part.stop()
    process.exit(exitCode)
  })()
  return ending
}

function keepRunning(name: string, part: { exited: Promise<unknown>; stop: () => Promise<unknown> }): void {
  running.push({ name, ...part })
  void part.exited.then(() => {
    if (ending !== undefined) return
    console.error(`\n${name} ended unexpectedly; stopping the rest. \`npm run dev\` goes on where it was.`)
    void end(1)
  })
}

async function start(options: DevOptions): Promise<void> {
  const { ports } = options
  const lock = await acquireLock(join(LOCAL, 'dev.lock'), { what: 'The local shop', waitMilliseconds: 3_000 })
  running.push({ name: 'lock', exited: new Promise(() => {}), stop: () => lock.release() })
  if (options.reset) await Promise.all(['postgres', 'stripe', 'workers', 'signing-keys.json'].map(removeLocal))
  await assertPortIsFree(ports.gateway, 'the API (PORT)')
  await copyDocsAssets()
  say('Starting the database')
  const [database, stripe, upstash, signingKeys] = await Promise.all([
    startDatabase(options),
    startStripe(options),
    startRedis(options),
    keptSigningKeys(join(LOCAL, 'signing-keys.json')),
  ])
  const local = localEnvironment({ neonUrl: database.url, stripeUrl: stripe.url, upstash, signingKeys })
  // A key in .dev.vars means the real service: its endpoint is then the driver's own.
  const real = options.devVars
  const environment = {
    ...local,
    ...settingsOf(process.env),
    ...('STRIPE_SECRET_KEY' in real ? { STRIPE_API_BASE: '' } : {}),
    ...('USERS_DATABASE_URL' in real ? { NEON_FETCH_ENDPOINT: '' } : {}),
    ...real,
    ...redisOf(real),
  }
  say('Starting the workers')
  const [seeded] = await Promise.all([
    openShop(environment),
    startWorkers({ root: ROOT, port: ports.gateway, stateDir: join(LOCAL, 'workers'), environment }).then((workers) =>
      keepRunning('wrangler', workers),
    ),
  ])
  await seeded?.stockIsOpen(() => fireCron(ports.gateway))
  console.log(
    banner({
      port: ports.gateway,
      neonUrl: database.url,
      stripeUrl: stripe.url,
      upstashUrl: upstash.url,
      seeded: seeded !== undefined,
    }),
  )
  await beat(ports.gateway)
}

async function startDatabase({ engine, ports }: DevOptions): Promise<DataProcess> {
  if (!isEngineName(engine)) throw new Error(`LOCAL_PG must be pglite, embedded or a postgres:// URL, not "${engine}"`)
  await assertPortIsFree(ports.neon, 'the local database (NEON_PORT)')
  const name = engine.includes(':') ? 'external' : engine
  const database = await startDataProcess({
    engine,
    dataDir: join(LOCAL, 'postgres', name),
    migrationsFolder: join(ROOT, 'packages/db/migrations'),
    port: ports.neon,
  })
  keepRunning('The database', database)
  return database
}

async function startStripe({ ports }: DevOptions) {
  await assertPortIsFree(ports.stripe, 'the local Stripe (STRIPE_PORT)')
  const webhookUrl = `http://127.0.0.1:${ports.gateway}/api/webhooks/stripe`
  const stripe = await startStripeProcess({ port: ports.stripe, stateDir: join(LOCAL, 'stripe'), webhookUrl })
  keepRunning('The local Stripe', stripe)
  return stripe
}

async function startRedis({ ports }: DevOptions): Promise<UpstashStandIn> {
  await assertPortIsFree(ports.upstash, 'the local Redis (UPSTASH_PORT)')
  const upstash = await startUpstash({
    port: ports.upstash,
    token: LOCAL_UPSTASH_TOKEN,
    redisUrl: process.env.REDIS_URL || undefined,
  })
  running.push({ name: 'The local Redis', exited: new Promise(() => {}), stop: () => upstash.close() })
  return upstash
}

/** The real Upstash, when .dev.vars has both of its settings. */
function redisOf({ UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token }: Record<string, string>) {
  return url && token ? { UPSTASH_REDIS_REST_URL: withToken({ url, token }) } : {}
}

function settingsOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = ['HOLD_SECONDS', 'HOLD_GRACE_SECONDS', 'ATTEMPT_SECONDS', 'CORS_ORIGINS']
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
}

const removeLocal = (name: string) => rm(join(LOCAL, name), { recursive: true, force: true })

/** The heartbeat of everything that is due by time; the loop ends with the process. */
async function beat(port: number): Promise<never> {
  for (;;) {
    await sleep(CRON_SECONDS * 1_000)
    if (ending === undefined) await fireCron(port)
  }
}

function say(what: string): void {
  console.log(`${what} …`)
}

/** npm may be killed without a word to what it runs; then this ends as well, and the port is free again. */
function endWithParent(): void {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) void end(0)
  }, 1_000).unref()
}

endWithParent()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0))

try {
  await start(readOptions(ROOT, process.argv.slice(2), process.env))
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`)
  await end(1)
}
