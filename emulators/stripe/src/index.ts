import type { Server } from 'node:http'
import { LOOPBACK, listenOnLoopback } from '@shop/emulator-kit/loopback'
import { TraceCounts } from '@shop/emulator-kit/trace-counts'
import type Stripe from 'stripe'
import { type DashboardActions, dashboardActions } from './dashboard/actions.ts'
import { eventView } from './events/event.ts'
import { IdempotencyKeys } from './idempotency/idempotency-keys.ts'
import { Clock } from './schedule/clock.ts'
import { runDue } from './schedule/run-due.ts'
import { Schedule } from './schedule/schedule.ts'
import type { Core } from './server/core.ts'
import { Counts } from './server/counts.ts'
import { Faults } from './server/faults.ts'
import { createStripeServer } from './server/http.ts'
import { RateLimit } from './server/rate-limit.ts'
import type { Charge, Dispute, PaymentIntent, Refund, TaxCalculation, TaxTransaction } from './store/objects.ts'
import { Store } from './store/store.ts'
import { Deliveries } from './webhooks/deliveries.ts'
import { Webhooks, type WebhookTarget } from './webhooks/webhooks.ts'

export type { Counts } from './server/counts.ts'
export type { Fault, Faults } from './server/faults.ts'
export type { Charge, Dispute, PaymentIntent, Refund } from './store/objects.ts'
export type { Webhooks, WebhookTarget } from './webhooks/webhooks.ts'

/** How often to run what is due while no requests arrive. */
const DUE_INTERVAL_MS = 1000

export interface StripeOptions {
  /** 0 (the default) chooses a free port. */
  port?: number
  /** The directory for the state. By default the state is in memory and ends with the process. */
  stateDir?: string
  secretKey: string
  /** For calls from a browser with the client secret. */
  publishableKey?: string
  /** Restricted keys, each with the beginning of the paths that it may call: `/v1/tax/`. */
  restrictedKeys?: Record<string, string>
  webhook?: WebhookTarget
  /** Serves `/_control/…` to other processes. Default false. */
  control?: boolean
  /** Requests per second and endpoint. Default: no limit. Stripe's is 25. */
  rateLimit?: number
  /** Seconds until search finds a new object. Default 0. At Stripe it is up to a minute. */
  searchLagSeconds?: number
  /** The clock, for tests of expiry. */
  now?: () => Date
}

export interface StripeEmulator extends DashboardActions {
  readonly host: string
  readonly port: number
  readonly url: string
  /** Changes the receiver, also for events that wait. Undefined holds them back. */
  setWebhook(webhook: WebhookTarget | undefined): void
  readonly faults: Faults
  readonly webhooks: Webhooks
  /** `perSecond` may be set at any time. */
  readonly rateLimit: RateLimit
  /** May be changed at any time. */
  readonly settings: { searchLagSeconds: number }
  readonly counts: Counts
  /** Requests per trace. */
  readonly traces: TraceCounts
  /** All objects of a kind, oldest first, read directly from the store. */
  paymentIntents(): PaymentIntent[]
  charges(): Charge[]
  refunds(): Refund[]
  disputes(): Dispute[]
  taxCalculations(): TaxCalculation[]
  taxTransactions(): TaxTransaction[]
  events(): Stripe.Event[]
  /** Stops. The next start on the same state repeats deliveries that were running. Safe to call twice. */
  close(): Promise<void>
}

/**
 * Starts a Stripe API on 127.0.0.1 for the real stripe SDK, with signed webhooks. A development tool.
 *
 * Every change is in `stateDir` before its answer is sent, so that killing the process loses nothing.
 *
 * @throws PortTaken
 * @throws Error when another emulator uses the state directory
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
    keys: options,
    now,
    stopping: stopping.signal,
  }
  core.idempotency.forgetExpired(Math.floor(now().getTime() / 1000))
  const server = createStripeServer(core, options.control ?? false)
  const port = await listenOnLoopback(server, options.port ?? 0, 'the Stripe emulator').catch((error) => {
    store.close()
    throw error
  })
  const dueTimer = setInterval(() => runDue(core), DUE_INTERVAL_MS).unref()
  webhooks.wake()
  const url = `http://${LOOPBACK}:${port}`
  let closed: Promise<void> | undefined
  return {
    host: LOOPBACK,
    port,
    url,
    setWebhook: (webhook) => webhooks.setTarget(webhook),
    faults: core.faults,
    rateLimit: core.rateLimit,
    settings: core.settings,
    webhooks,
    counts: core.counts,
    traces: core.traces,
    ...dashboardActions(core, url),
    paymentIntents: () => store.all('payment_intent'),
    charges: () => store.all('charge'),
    refunds: () => store.all('refund'),
    disputes: () => store.all('dispute'),
    taxCalculations: () => store.all('tax.calculation'),
    taxTransactions: () => store.all('tax.transaction'),
    events: () => store.all('event').map((event) => eventView(event, store)),
    close() {
      stopping.abort()
      clearInterval(dueTimer)
      closed ??= stop(server, webhooks, store)
      return closed
    },
  }
}

async function stop(server: Server, webhooks: Webhooks, store: Store): Promise<void> {
  const ended = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  await Promise.all([ended, webhooks.stop()])
  store.close()
}
