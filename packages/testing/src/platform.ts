import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WEBHOOK_EVENTS } from '@shop/contracts/payments/webhook-events'
import { CALLER_HEADER, type Caller } from '@shop/kernel/caller'
import { BUILD } from '@shop/local-environment/bundles'
import {
  LOCAL_MAIL,
  LOCAL_RESTRICTED_KEYS,
  LOCAL_STRIPE,
  LOCAL_UPSTASH_TOKEN,
  localEnvironment,
  UNCAPPED_BUYERS,
} from '@shop/local-environment/environment'
import { newSigningKeys } from '@shop/local-environment/signing-keys'
import { type MailEmulator, startMailEmulator } from '@shop/mail-emulator'
import { configOf, GATEWAY, type ServiceName, serviceNamed, WORKERS, type Worker } from '@shop/services'
import { type StripeEmulator, startStripeEmulator } from '@shop/stripe-emulator'
import { startUpstashEmulator, type UpstashEmulator } from '@shop/upstash-emulator'
import { createTestHarness } from 'wrangler'
import { type ServiceDatabase, startDatabase } from './database.ts'
import { type Gate, startGate } from './gate.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

export type Platform = {
  /** Of the gateway, without a slash at the end. */
  url: string
  database: ServiceDatabase
  /** A gate between the workers and Postgres; the tests' own connection stays open. */
  databaseGate: Pick<Gate, 'open' | 'shut'>
  stripe: StripeEmulator
  /** The mails that the shop has sent, and their faults and reports. */
  mail: MailEmulator
  upstash: UpstashEmulator
  /** The keys that sign access tokens. */
  signingKeys: string
  /** Calls the catalog directly, bypassing the gateway, its caches and its limits. Anonymous without a caller. */
  askCatalog(path: string, caller?: Caller): Promise<{ status: number; headers: Headers; body: string; ms: number }>
  /** The bindings of a worker, as its code has them. */
  bindingsOf(service: ServiceName): Promise<Record<string, unknown>>
  /** Fires the gateway's cron and waits for the sweeps it starts. */
  sweep(): Promise<void>
  /** Prints the log of the workers. */
  debug(): void
  /** The log of the workers so far, by line. */
  logs(): string[]
  /** Forgets the log, which a long run would fill the memory with. */
  clearLogs(): void
  stop(): Promise<void>
}

export type PlatformOptions = {
  /** How long an unpaid order lives; real time, since the workers have no fake clock. Default 900 and 300. */
  holdSeconds?: number
  holdGraceSeconds?: number
  /** When a call to Stripe counts as lost, and how often an open payment is checked. Default 30 and 60. */
  attemptSeconds?: number
  paymentCheckSeconds?: number
  /** `manual` and `per_shipment` authorize payments and capture them when the order ships. Default automatic. */
  paymentCapture?: 'automatic' | 'manual' | 'per_shipment'
  corsOrigins?: string
  /** `stripe` calculates tax by the emulator's Stripe Tax. Default `rates`, the shop's own. */
  taxProvider?: 'rates' | 'stripe'
  /** What applies while Stripe Tax is away. Default `rates`. */
  taxFallback?: 'rates' | 'refuse'
  /** Further settings of the workers. */
  vars?: Record<string, string>
  /** `strict` as in production; raised by default, since all requests of a test come from few addresses. */
  addressLimits?: 'strict' | 'raised'
  /** The value of TOKEN_SIGNING_KEYS. Default: one new key. */
  signingKeys?: string
  /** `strict` as in production; lifted by default, since tests have few customers. */
  buyerCaps?: 'strict' | 'lifted'
  /** Folders with other bundles than those of the repository, by worker. */
  bundles?: Readonly<Partial<Record<Worker, string>>>
}

/**
 * All workers as their config files describe them, on real PostgreSQL and the Stripe emulator, reached over HTTP
 * through the gateway as a client would.
 */
export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const database = await startDatabase()
  const neon = new URL(database.neonEndpoint)
  const gate = await startGate(Number(neon.port))
  neon.port = String(gate.port)
  const stripe = await startStripeEmulator({
    secretKey: LOCAL_STRIPE.secretKey,
    publishableKey: LOCAL_STRIPE.publishableKey,
    restrictedKeys: LOCAL_RESTRICTED_KEYS,
  })
  const upstash = await startUpstashEmulator({ token: LOCAL_UPSTASH_TOKEN })
  const mail = await startMailEmulator({ apiKey: LOCAL_MAIL.apiKey })
  const signingKeys = options.signingKeys ?? (await newSigningKeys())
  const environment: Record<string, string> = {
    ...localEnvironment({
      neonUrl: neon.href,
      stripeUrl: stripe.url,
      mailUrl: mail.url,
      upstash,
      signingKeys,
    }),
    HOLD_SECONDS: String(options.holdSeconds ?? 900),
    HOLD_GRACE_SECONDS: String(options.holdGraceSeconds ?? 300),
    ATTEMPT_SECONDS: String(options.attemptSeconds ?? 30),
    PAYMENT_CHECK_SECONDS: String(options.paymentCheckSeconds ?? 60),
    PAYMENT_CAPTURE: options.paymentCapture ?? 'automatic',
    CORS_ORIGINS: options.corsOrigins ?? '',
    TAX_PROVIDER: options.taxProvider ?? 'rates',
    TAX_FALLBACK: options.taxFallback ?? 'rates',
    ADDRESS_LIMITS: options.addressLimits ?? 'raised',
    // As Cloudflare does: the 33rd Worker invocation of one request throws.
    INVOCATION_LIMIT: '32',
    ...(options.buyerCaps === 'strict' ? {} : UNCAPPED_BUYERS),
    ...options.vars,
  }
  const harness = createTestHarness({
    root: ROOT,
    workers: WORKERS.map((worker) => ({
      configPath: configOf(worker),
      prebuiltWorkerDir: options.bundles?.[worker] ?? join(BUILD, worker),
      vars: environment,
    })),
  })
  const { url } = await harness.listen()
  const origin = url.origin
  stripe.setWebhook({
    url: `${origin}/api/webhooks/stripe`,
    secret: LOCAL_STRIPE.webhookSecret,
    enabledEvents: WEBHOOK_EVENTS,
  })
  mail.setWebhook({ url: `${origin}/api/webhooks/mail/resend`, secret: LOCAL_MAIL.webhookSecret })
  return {
    url: origin,
    database,
    databaseGate: gate,
    stripe,
    mail,
    upstash,
    signingKeys,
    askCatalog: async (path, caller) => {
      const startedAt = performance.now()
      const response = await harness
        .getWorker(serviceNamed('catalog').worker)
        .fetch(`https://catalog.internal${path}`, caller && { headers: { [CALLER_HEADER]: JSON.stringify(caller) } })
      const body = await response.text()
      // The harness returns a Response of its own fetch, whose headers are compatible.
      const headers = new Headers([...response.headers])
      return { status: response.status, headers, body, ms: performance.now() - startedAt }
    },
    bindingsOf: (service) => harness.getWorker(serviceNamed(service).worker).getEnv(),
    sweep: async () => {
      await harness.getWorker(GATEWAY.worker).scheduled({ cron: '* * * * *' })
    },
    debug: () => harness.debug(),
    logs: () => harness.getLogs().map(({ message }) => message),
    clearLogs: () => harness.clearLogs(),
    stop: async () => {
      await harness.close()
      await stripe.close()
      await upstash.close()
      await mail.close()
      await gate.close()
      await database.stop()
    },
  }
}
