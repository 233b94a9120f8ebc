import { join } from 'node:path'
import { LOCAL_UPSTASH_TOKEN } from '@shop/local-environment/environment'
import { isEngineName } from '@shop/neon-emulator/postgres/engine'
import { type DatabaseProcess, startDatabaseProcess } from '@shop/neon-emulator/postgres/start-database-process'
import type { UpstashEmulator } from '@shop/upstash-emulator'
import type { DevOptions } from './options.ts'
import type { Parts } from './parts.ts'
import { type StripeProcess, startStripeProcess } from './stripe.ts'

/** Where everything of a run is. */
export type Places = { root: string; local: string; cacheDir: string }

/** @throws Error that says what to mend when LOCAL_PG is not understood, or the database does not start */
export async function startDatabase(
  parts: Parts,
  places: Places,
  { engine, ports }: DevOptions,
): Promise<DatabaseProcess> {
  if (!isEngineName(engine)) throw new Error(`LOCAL_PG must be pglite, embedded or a postgres:// URL, not "${engine}"`)
  const name = engine.includes(':') ? 'external' : engine
  const database = await startDatabaseProcess({
    engine,
    dataDir: join(places.local, 'postgres', name),
    migrationsFolder: join(places.root, 'packages/db/migrations'),
    cacheDir: places.cacheDir,
    repairHint: 'To start again without it: npm run dev -- --reset',
    port: ports.neon,
  })
  parts.keep('emulators', 'The database', database)
  return database
}

export async function startStripe(parts: Parts, places: Places, { ports }: DevOptions): Promise<StripeProcess> {
  const webhookUrl = `http://127.0.0.1:${ports.gateway}/api/webhooks/stripe`
  const stateDir = join(places.local, 'stripe')
  const stripe = await startStripeProcess({ port: ports.stripe, stateDir, webhookUrl })
  parts.keep('emulators', 'The Stripe emulator', stripe)
  return stripe
}

export async function startRedis(parts: Parts, { ports, redisUrl }: DevOptions): Promise<UpstashEmulator> {
  // Its Lua takes a moment to load, in which the other processes can start already.
  const { startUpstashEmulator } = await import('@shop/upstash-emulator')
  const upstash = await startUpstashEmulator({
    port: ports.upstash,
    token: LOCAL_UPSTASH_TOKEN,
    redisUrl,
    redisUrlSetting: 'REDIS_URL',
    control: true,
  })
  parts.keep('emulators', 'The Upstash emulator', { exited: new Promise(() => {}), stop: () => upstash.close() })
  return upstash
}
