import { join } from 'node:path'
import { isEngineName } from '@shop/local-cloud/postgres/engine'
import { type DataProcess, startDataProcess } from '@shop/local-cloud/postgres/start-data-process'
import { LOCAL_UPSTASH_TOKEN } from '@shop/local-cloud/shop/environment'
import type { UpstashStandIn } from '@shop/local-cloud/upstash/index'
import type { DevOptions } from './options.ts'
import type { Parts } from './parts.ts'
import { type StripeProcess, startStripeProcess } from './stripe.ts'

/** Where everything of a run is. */
export type Places = { root: string; local: string; cacheDir: string }

/** @throws Error that says what to mend when LOCAL_PG is not understood, or the database does not start */
export async function startDatabase(parts: Parts, places: Places, { engine, ports }: DevOptions): Promise<DataProcess> {
  if (!isEngineName(engine)) throw new Error(`LOCAL_PG must be pglite, embedded or a postgres:// URL, not "${engine}"`)
  const name = engine.includes(':') ? 'external' : engine
  const database = await startDataProcess({
    engine,
    dataDir: join(places.local, 'postgres', name),
    migrationsFolder: join(places.root, 'packages/db/migrations'),
    cacheDir: places.cacheDir,
    port: ports.neon,
  })
  parts.keep('cloud', 'The database', database)
  return database
}

export async function startStripe(parts: Parts, places: Places, { ports }: DevOptions): Promise<StripeProcess> {
  const webhookUrl = `http://127.0.0.1:${ports.gateway}/api/webhooks/stripe`
  const stateDir = join(places.local, 'stripe')
  const stripe = await startStripeProcess({ port: ports.stripe, stateDir, webhookUrl })
  parts.keep('cloud', 'The local Stripe', stripe)
  return stripe
}

export async function startRedis(parts: Parts, { ports, redisUrl }: DevOptions): Promise<UpstashStandIn> {
  // Its Lua takes a moment to load, in which the other processes can start already.
  const { startUpstash } = await import('@shop/local-cloud/upstash/index')
  const upstash = await startUpstash({ port: ports.upstash, token: LOCAL_UPSTASH_TOKEN, redisUrl, control: true })
  parts.keep('cloud', 'The local Redis', { exited: new Promise(() => {}), stop: () => upstash.close() })
  return upstash
}
