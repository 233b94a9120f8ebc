import { join } from 'node:path'
import { LOCAL_MAIL, LOCAL_UPSTASH_TOKEN } from '@shop/local-environment/environment'
import { type MailEmulator, startMailEmulator } from '@shop/mail-emulator'
import { isEngineName } from '@shop/neon-emulator/postgres/engine'
import { MigrationFailed } from '@shop/neon-emulator/postgres/migrate'
import { type DatabaseProcess, startDatabaseProcess } from '@shop/neon-emulator/postgres/start-database-process'
import type { UpstashEmulator } from '@shop/upstash-emulator'
import type { DevOptions } from './options.ts'
import type { Parts } from './parts.ts'
import { followSendEmail } from './send-email.ts'
import { type StripeProcess, startStripeProcess } from './stripe.ts'

/** Where everything of a run is. */
export type Places = { root: string; local: string; cacheDir: string }

const START_AGAIN = 'To start again without it: npm run dev -- --reset'

/** @throws Error that says what to mend when LOCAL_PG is not understood, or the database does not start */
export async function startDatabase(
  parts: Parts,
  places: Places,
  { engine, ports }: DevOptions,
): Promise<DatabaseProcess> {
  if (!isEngineName(engine)) throw new Error(`LOCAL_PG must be pglite, embedded or a postgres:// URL, not "${engine}"`)
  const isExternal = engine.includes(':')
  const name = isExternal ? 'external' : engine
  const database = await startDatabaseProcess({
    engine,
    dataDir: join(places.local, 'postgres', name),
    migrationsFolder: join(places.root, 'packages/db/migrations'),
    cacheDir: places.cacheDir,
    repairHint: START_AGAIN,
    port: ports.neon,
  }).catch((error: unknown) => {
    const isOutdated = error instanceof MigrationFailed && error.code === 'unknown_migrations' && !isExternal
    throw isOutdated ? new Error(`The data in ${places.local} was created by other migrations. ${START_AGAIN}`) : error
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

export async function startMail(parts: Parts, { local }: Places, options: DevOptions): Promise<MailEmulator> {
  const { ports, settings } = options
  const { apiKey, webhookSecret: secret } = LOCAL_MAIL
  const webhook = { url: `http://127.0.0.1:${ports.gateway}/api/webhooks/mail/resend`, secret }
  const mail = await startMailEmulator({
    port: ports.mail,
    stateDir: join(local, 'mail'),
    apiKey,
    webhook,
    control: true,
  })
  const stopFollowing =
    settings.MAIL_DRIVER === 'cloudflare'
      ? followSendEmail(mail, { gatewayUrl: `http://127.0.0.1:${ports.gateway}` })
      : () => {}
  const stop = async () => {
    stopFollowing()
    await mail.close()
  }
  parts.keep('emulators', 'The mail emulator', { exited: new Promise(() => {}), stop })
  return mail
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
