import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Supervised, supervise } from '@shop/emulator-kit/supervise'
import { BUILD } from '@shop/local-environment/bundles'
import { localEnvironment, UNCAPPED_BUYERS } from '@shop/local-environment/environment'
import { newSigningKeys } from '@shop/local-environment/signing-keys'
import { startDatabaseProcess } from '@shop/neon-emulator/postgres/start-database-process'
import { WORKERS } from '@shop/services'
import getPort from 'get-port'
import { Pool } from 'undici'
import { startStripeProcess } from '../scripts/dev/stripe.ts'
import { startRelay } from './delay.ts'
import { startUpstashProcess } from './upstash.ts'
import { workerdConfig } from './workerd-config.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const WORKERD = join(ROOT, 'node_modules/workerd/bin/workerd')

/** Added delay of each response, in milliseconds. */
export type Delays = { postgres: number; redis: number; stripe: number }

export type Services = {
  port: number
  /** The catalogue worker's own port, without the gateway. */
  catalogPort: number
  /** Milliseconds from the start of the workers' process to its first answer. */
  startMs: number
  adminUrl: string
  /** The keys that sign access tokens. */
  signingKeys: string
  /** Milliseconds of CPU the workers have used so far. */
  cpuMs(): Promise<number>
  delayBy(delays: Delays): void
  /** Requests to each so far; only where there are relays. */
  requests(): Delays
  /** Does what is due by time, as the platform's clock has it done every minute. */
  sweep(): Promise<void>
  /** Milliseconds that an empty query takes, sent as the workers send it. */
  roundTripMs(): Promise<number>
  stop(): Promise<void>
}

/**
 * The shop as deployed (minified bundles under `workerd serve`), with durable PostgreSQL 18, Redis and Stripe, each in its
 * own process.
 *
 * @param options.far adds relays that can delay responses, and count requests; they cost time themselves
 * @param options.mailUrl of the mail emulator. Without it, the shop sends no mail
 */
export async function startServices(options: { far: boolean; mailUrl?: string }): Promise<Services> {
  const directory = await mkdtemp(join(tmpdir(), 'shop-bench-'))
  // PostgreSQL does not run as root, and its user must be able to read its data.
  await chmod(directory, 0o755)
  const port = await getPort()
  const catalogPort = await getPort()
  const clockPort = await getPort()
  const database = await startDatabaseProcess({
    engine: 'embedded',
    dataDir: join(directory, 'postgres'),
    migrationsFolder: join(ROOT, 'packages/db/migrations'),
    port: 0,
  })
  const webhookUrl = `http://127.0.0.1:${port}/api/webhooks/stripe`
  const stripe = await startStripeProcess({ port: 0, stateDir: join(directory, 'stripe'), webhookUrl })
  const upstash = await startUpstashProcess()
  const targets = { postgres: database.url, redis: upstash.url, stripe: stripe.url }
  const relays = options.far ? await relaysTo(targets) : undefined
  const urls = relays?.urls ?? targets
  const signingKeys = await newSigningKeys()
  const environment = {
    ...localEnvironment({
      neonUrl: urls.postgres,
      stripeUrl: urls.stripe,
      upstash: { url: urls.redis, token: upstash.token },
      ...(options.mailUrl === undefined ? {} : { mailUrl: options.mailUrl }),
      signingKeys,
    }),
    ...UNCAPPED_BUYERS,
  }
  const storage = join(directory, 'objects')
  await mkdir(storage)
  const ports = { port, catalogPort, clockPort }
  const config = { root: ROOT, build: BUILD, directory, storage, workers: WORKERS, environment, ...ports }
  const file = join(directory, 'config.capnp')
  await writeFile(file, workerdConfig(config))
  // The log is discarded: on the platform another process writes it.
  const command = `exec "$0" serve --experimental "$1" > /dev/null`
  const started = performance.now()
  const workerd = await supervise('/bin/sh', ['-c', command, WORKERD, file], { output: 'inherit' })
  await answers(`http://127.0.0.1:${port}/health`, workerd)
  return {
    port,
    catalogPort,
    startMs: performance.now() - started,
    adminUrl: database.adminUrl ?? '',
    signingKeys,
    cpuMs: () => cpuMsOf(workerd.pid),
    delayBy: (delays) => relays?.delayBy(delays),
    requests: () => relays?.requests() ?? { postgres: 0, redis: 0, stripe: 0 },
    sweep: () => sweep(clockPort),
    roundTripMs: () => medianRoundTrip(urls.postgres, environment.ORDERS_DATABASE_URL ?? ''),
    stop: async () => {
      await workerd.stop()
      await relays?.close()
      await Promise.all([stripe.stop(), upstash.stop(), database.stop()])
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function sweep(clockPort: number): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${clockPort}/`)
  if (!response.ok) throw new Error(`The sweep ended with ${await response.text()}`)
}

const ROUND_TRIPS = 60

async function medianRoundTrip(url: string, connectionString: string): Promise<number> {
  const headers = {
    'neon-connection-string': connectionString,
    'neon-raw-text-output': 'true',
    'neon-array-mode': 'true',
  }
  const { origin, pathname } = new URL(url)
  const pool = new Pool(origin, { connections: 1 })
  const times: number[] = []
  for (let sent = 0; sent < ROUND_TRIPS; sent += 1) {
    const begun = performance.now()
    const body = '{"query":"select 1","params":[]}'
    const response = await pool.request({ method: 'POST', path: pathname, headers, body })
    await response.body.text()
    if (response.statusCode !== 200) throw new Error(`An empty query answered ${response.statusCode}`)
    times.push(performance.now() - begun)
  }
  await pool.close()
  return times.sort((a, b) => a - b)[ROUND_TRIPS / 2] ?? Number.NaN
}

async function relaysTo(targets: Record<keyof Delays, string>) {
  const start = async (name: keyof Delays) => {
    const url = new URL(targets[name])
    const relay = await startRelay(Number(url.port))
    url.port = String(relay.port)
    return { name, relay, url: url.href.replace(/\/$/, '') }
  }
  const [postgres, redis, stripe] = await Promise.all([start('postgres'), start('redis'), start('stripe')])
  const all = [postgres, redis, stripe]
  return {
    urls: { postgres: postgres.url, redis: redis.url, stripe: stripe.url },
    delayBy: (delays: Delays) => {
      for (const { name, relay } of all) relay.delayBy(delays[name])
    },
    requests: (): Delays => ({
      postgres: postgres.relay.requests(),
      redis: redis.relay.requests(),
      stripe: stripe.relay.requests(),
    }),
    close: () => Promise.all(all.map(({ relay }) => relay.close())),
  }
}

async function answers(url: string, workerd: Supervised): Promise<void> {
  let hasEnded = false
  void workerd.exited.then(() => {
    hasEnded = true
  })
  for (;;) {
    if (hasEnded) throw new Error('workerd did not start. See its error above.')
    const isUp = await fetch(url).then(
      (response) => response.ok,
      () => false,
    )
    if (isUp) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function cpuMsOf(pid: number): Promise<number> {
  const { readFile } = await import('node:fs/promises')
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (stat === undefined) return Number.NaN
  // Fields 14 and 15 in clock ticks, of which Linux gives programs 100 a second; the name before them may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
