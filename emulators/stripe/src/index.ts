import type { AddressInfo } from 'node:net'
import { TraceCounts } from '@shop/emulator-kit/trace-counts'
import type Stripe from 'stripe'
import { type ByHand, byHand } from './by-hand.ts'
import { Clock } from './clock.ts'
import type { Core } from './core.ts'
import { Counts } from './counts.ts'
import { Deliveries } from './deliveries.ts'
import { runDue } from './due.ts'
import { eventView } from './events.ts'
import { Faults } from './faults.ts'
import { IdempotencyKeys } from './idempotency.ts'
import type { Charge, Dispute, PaymentIntent, Refund } from './objects.ts'
import { RateLimit } from './rate-limit.ts'
import { Schedule } from './schedule.ts'
import { createStripeServer, HOST } from './server.ts'
import { Store } from './store.ts'
import { Webhooks, type WebhookTarget } from './webhooks.ts'

export type { Counts } from './counts.ts'
export type { Fault, FaultEffect, FaultHandle, FaultMatch, Faults } from './faults.ts'
export type { Charge, Dispute, PaymentIntent, Refund } from './objects.ts'
export type { Attempt, Webhooks, WebhookTarget } from './webhooks.ts'

/** How often it looks whether something has become due while nobody asks it for anything. */
const CALENDAR_MS = 1000

export interface StripeOptions {
  /** 0 or left out takes any free port. */
  port?: number
  /** Directory for the state; left out, it lives in memory and ends with the process. */
  stateDir?: string
  secretKey: string
  /** For calls from a browser, with the client secret. */
  publishableKey?: string
  webhook?: WebhookTarget
  /** Lets other processes use `/_control/…`; off by default. */
  control?: boolean
  /** Requests a second to each endpoint; no limit by default. Stripe's own is 25. */
  rateLimit?: number
  /** Seconds until search finds what was created; none by default. Stripe's is up to a minute. */
  searchLagSeconds?: number
  /** The clock, for tests of what expires. */
  now?: () => Date
}

export interface StripeEmulator extends ByHand {
  readonly host: string
  readonly port: number
  readonly url: string
  /** Where events go from now on, those still waiting included; undefined keeps them waiting. */
  setWebhook(webhook: WebhookTarget | undefined): void
  readonly faults: Faults
  readonly webhooks: Webhooks
  /** Its `perSecond` may be set at any time. */
  readonly rateLimit: RateLimit
  /** May be changed at any time. */
  readonly settings: { searchLagSeconds: number }
  readonly counts: Counts
  /** Requests by trace. */
  readonly traces: TraceCounts
  /** Everything there is, oldest first, straight from the store: for oracles. */
  paymentIntents(): PaymentIntent[]
  charges(): Charge[]
  refunds(): Refund[]
  disputes(): Dispute[]
  events(): Stripe.Event[]
  /** Stops; deliveries under way are made again by the next start on the same state. Safe to call twice. */
  close(): Promise<void>
}

/**
 * Starts a Stripe API on 127.0.0.1 that the real stripe SDK talks to, with signed webhooks. A development tool.
 *
 * What it has answered is in `stateDir` before the answer leaves, so that killing the process loses nothing.
 *
 * @throws Error when the port is taken or another emulator uses the state directory; the message says so
 */
export async function startStripeEmulator(options: StripeOptions): Promise<StripeEmulator> {
  const realTime = options.now ?? (() => new Date())
  const store = new Store(options.stateDir)
  const clock = new Clock(store, realTime)
  const now = () => clock.now()
  const deliveries = new Deliveries(store)
  const webhooks = new Webhooks(store, deliveries, options.webhook, realTime)
  const stopping = new AbortController()
  const core: Core = {
    store,
    idempotency: new IdempotencyKeys(store),
    schedule: new Schedule(store),
    webhooks,
    clock,
    faults: new Faults(),
    rateLimit: new RateLimit(options.rateLimit),
    settings: { searchLagSeconds: options.searchLagSeconds ?? 0 },
    counts: new Counts(),
    traces: new TraceCounts(),
    keys: { secretKey: options.secretKey, publishableKey: options.publishableKey },
    now,
    stopping: stopping.signal,
  }
  core.idempotency.forgetExpired(Math.floor(now().getTime() / 1000))
  const server = createStripeServer(core, options.control ?? false)
  const port = await listen(server, options.port ?? 0).catch((error) => {
    store.close()
    throw error
  })
  const calendar = setInterval(() => runDue(core), CALENDAR_MS).unref()
  webhooks.kick()
  const url = `http://${HOST}:${port}`
  let closed: Promise<void> | undefined
  return {
    host: HOST,
    port,
    url,
    setWebhook: (webhook) => webhooks.setTarget(webhook),
    faults: core.faults,
    rateLimit: core.rateLimit,
    settings: core.settings,
    webhooks,
    counts: core.counts,
    traces: core.traces,
    ...byHand(core, url),
    paymentIntents: () => store.all('payment_intent'),
    charges: () => store.all('charge'),
    refunds: () => store.all('refund'),
    disputes: () => store.all('dispute'),
    events: () => store.all('event').map((event) => eventView(event, store)),
    close() {
      stopping.abort()
      clearInterval(calendar)
      closed ??= stop(server, webhooks, store)
      return closed
    },
  }
}

type Listener = ReturnType<typeof createStripeServer>

function listen(server: Listener, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE'
      const hint = taken ? 'it is taken. Stop what uses it, or choose another port' : cause.message
      reject(new Error(`The Stripe emulator cannot listen on ${HOST}:${port}: ${hint}.`, { cause }))
    })
    server.listen(port, HOST, () => resolve((server.address() as AddressInfo).port))
  })
}

async function stop(server: Listener, webhooks: Webhooks, store: Store): Promise<void> {
  const ended = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  await Promise.all([ended, webhooks.stop()])
  store.close()
}
