import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { acquireLock } from '@shop/emulator-kit/lock-file'
import { assertPortIsFree } from '@shop/emulator-kit/loopback'
import { withoutPassword } from '@shop/emulator-kit/without-password'
import { LOCAL_UPSTASH_TOKEN, localEnvironment } from '@shop/local-environment/environment'
import { keptSigningKeys } from '@shop/local-environment/signing-keys'
import { copyDocsAssets } from '../copy-docs-assets.ts'
import { banner } from './banner.ts'
import { type Places, startDatabase, startMail, startRedis, startStripe } from './emulators.ts'
import { type DevOptions, readOptions } from './options.ts'
import { Parts } from './parts.ts'
import { Progress } from './progress.ts'
import { type RealParts, realParts } from './real-parts.ts'
import { showStatus } from './show-status.ts'
import { fireCron, startWorkers } from './workers.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CRON_SECONDS = 10
const LOCK_WAIT_MILLISECONDS = 3_000

/** Runs the shop on this machine until a signal ends this process. */
export async function dev({ cacheDir }: { cacheDir: string }): Promise<void> {
  const parts = new Parts()
  endWithParent(parts)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void parts.end(0))
  const progress = new Progress(process.stdout)
  try {
    const options = readOptions(ROOT, process.argv.slice(2), process.env)
    await start(options, { root: ROOT, local: resolve(ROOT, options.localDir), cacheDir }, parts, progress)
    await beat(options.ports.gateway, parts)
  } catch (error) {
    progress.end()
    if (!parts.isEnding) console.error(`\n${error instanceof Error ? error.message : error}`)
    await parts.end(1)
  }
}

async function start(options: DevOptions, places: Places, parts: Parts, progress: Progress): Promise<void> {
  const real = realParts(options.devVars)
  await takePlace(options, places, real, parts)
  const { ports } = options
  const environment = { ...(await localVariables(options, places)), ...options.settings, ...real.environment }
  // All at once: the workers use the others only when they get a request.
  const isLocal = <T>(isReal: boolean, work: () => Promise<T>) => (isReal ? undefined : work())
  const workers = progress.step('workers', open(options, places, parts, environment), () => 'wrangler dev')
  const database = isLocal(real.database, () => startDatabase(parts, places, options))
  const stripe = isLocal(real.stripe, () => startStripe(parts, places, options))
  const redis = isLocal(real.redis, () => startRedis(parts, options))
  const mail = isLocal(real.mail, () => startMail(parts, places, options))
  const [, , localStripe, localRedis] = await Promise.all([
    database &&
      progress
        .step('database', database, ({ adminUrl }) => engineName(adminUrl))
        .then(() => progress.step('demo shop', seed(environment))),
    workers,
    stripe && progress.step('Stripe', stripe),
    redis && progress.step('Redis', redis, ({ engine }) => engine),
    mail && progress.step('mails', mail),
  ])
  const statusUrl = await showStatus(parts, options, { real, redis: localRedis, stripe: localStripe })
  progress.end()
  console.log(banner({ ports, statusUrl, real, seeded: database !== undefined }))
}

/** @param adminUrl null for PGlite */
function engineName(adminUrl: string | null): string {
  return adminUrl === null ? 'PGlite' : withoutPassword(adminUrl)
}

/** Checks, before anything starts, that nothing else runs here. */
async function takePlace({ reset, ports }: DevOptions, { local }: Places, real: RealParts, parts: Parts) {
  const lock = await acquireLock(join(local, 'dev.lock'), {
    what: 'The local shop',
    waitMilliseconds: LOCK_WAIT_MILLISECONDS,
  })
  parts.keep('lock', 'The lock', { exited: new Promise(() => {}), stop: () => lock.release() })
  const kept = ['postgres', 'stripe', 'mail', 'workers', 'signing-keys.json']
  if (reset) await Promise.all(kept.map((name) => rm(join(local, name), { recursive: true, force: true })))
  await assertPortIsFree(ports.gateway, 'the API (PORT)')
  if (!real.database) await assertPortIsFree(ports.neon, 'the Neon emulator (NEON_PORT)')
  if (!real.stripe) await assertPortIsFree(ports.stripe, 'the Stripe emulator (STRIPE_PORT)')
  if (!real.redis) await assertPortIsFree(ports.upstash, 'the Upstash emulator (UPSTASH_PORT)')
  if (!real.mail) await assertPortIsFree(ports.mail, 'the mail emulator (MAIL_PORT)')
  if (ports.status) await assertPortIsFree(ports.status, 'the status page (STATUS_PORT)')
}

async function localVariables({ ports }: DevOptions, { local }: Places): Promise<Record<string, string>> {
  return localEnvironment({
    neonUrl: `http://127.0.0.1:${ports.neon}/sql`,
    stripeUrl: `http://127.0.0.1:${ports.stripe}`,
    mailUrl: `http://127.0.0.1:${ports.mail}`,
    upstash: { url: `http://127.0.0.1:${ports.upstash}`, token: LOCAL_UPSTASH_TOKEN },
    signingKeys: await keptSigningKeys(join(local, 'signing-keys.json')),
  })
}

async function open({ ports }: DevOptions, { root, local }: Places, parts: Parts, environment: Record<string, string>) {
  const { writeShop } = await import('../write-shop.ts')
  writeShop()
  await copyDocsAssets()
  const stateDir = join(local, 'workers')
  parts.keep('workers', 'wrangler', await startWorkers({ root, port: ports.gateway, stateDir, environment }))
}

/** Imported late: the tables and password hashing take longer to load than everything else. */
async function seed(environment: Record<string, string>) {
  const { openShop } = await import('./open-shop.ts')
  return openShop(environment)
}

/** Fires the cron at an interval; the loop ends with the process. */
async function beat(port: number, parts: Parts): Promise<never> {
  for (;;) {
    await sleep(CRON_SECONDS * 1_000)
    if (!parts.isEnding) await fireCron(port)
  }
}

/** npm can be killed without a signal to its child. Then this process ends too, and frees the port. */
function endWithParent(parts: Parts): void {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) void parts.end(0)
  }, 1_000).unref()
}
