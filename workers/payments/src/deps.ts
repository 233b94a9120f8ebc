import { waitUntil } from 'cloudflare:workers'
import type { EventLog } from '@shop/contracts/events/log'
import type { OrdersRpc } from '@shop/contracts/orders/rpc'
import type { CaptureMethod } from '@shop/contracts/payments/states'
import { connect } from '@shop/db/client'
import { eventLog } from '@shop/db/events/log'
import { paymentsEvents } from '@shop/db/schema/payments'
import type { ShopApp } from '@shop/http/app'
import { databaseFetch } from '@shop/http/database-fetch'
import { oncePerEnv, parseEnv } from '@shop/http/env'
import { newId } from '@shop/http/ids'
import type { Join } from '@shop/http/join-calls'
import { log } from '@shop/http/log'
import { objectsIn } from '@shop/http/objects'
import { traced } from '@shop/http/rpc'
import { wakeSweeper } from '@shop/http/sweep/wake-sweeper'
import { wakeWebhooks } from '@shop/http/wake'
import type { WakesWebhooks } from '@shop/http/wake-after-writes'
import type { PaymentId, RefundId } from '@shop/kernel/ids'
import { type DisputeRepository, disputeRepository } from './disputes/repository.ts'
import { PaymentsSettings, webhookSettings } from './env.ts'
import { type OrdersClient, ordersClient } from './events/orders-client.ts'
import { type KeyRepository, keyRepository } from './idempotency/repository.ts'
import { type LedgerRepository, ledgerRepository } from './ledger/repository.ts'
import { type PaymentRepository, paymentRepository } from './payments/repository/index.ts'
import { type CustomerErasureRepository, erasureRepository } from './privacy/repository.ts'
import { type DiscrepancyRepository, discrepancyRepository } from './reconciliation/repository/discrepancies.ts'
import { type ReconciliationRepository, reconciliationRepository } from './reconciliation/repository/index.ts'
import { type RefundRepository, refundRepository } from './refunds/repository/index.ts'
import { type CustomerRepository, customerRepository } from './saved-methods/repository.ts'
import { stripeClient } from './stripe/client.ts'
import { type StripeIntents, stripeIntents } from './stripe/intents.ts'
import { sharedPermits } from './stripe/permits.ts'
import { type StripeRefunds, stripeRefunds } from './stripe/refunds.ts'
import { type StripeMethods, stripeMethods } from './stripe/saved-methods.ts'
import { type StripeTaxes, stripeTaxes } from './stripe/taxes.ts'
import { type StripeWebhooks, stripeWebhooks } from './stripe/webhooks.ts'
import { type TaxRecordRepository, taxRecordRepository } from './taxes/repository.ts'
import { type WebhookEventRepository, webhookEventRepository } from './webhooks/repository.ts'

export type PaymentsDeps = WakesWebhooks & {
  payments: PaymentRepository
  refunds: RefundRepository
  disputes: DisputeRepository
  ledger: LedgerRepository
  customers: CustomerRepository
  erasures: CustomerErasureRepository
  webhookEvents: WebhookEventRepository
  reconciliation: ReconciliationRepository
  discrepancies: DiscrepancyRepository
  events: EventLog
  keys: KeyRepository
  taxRecords: TaxRecordRepository
  stripeIntents: StripeIntents
  stripeRefunds: StripeRefunds
  stripeMethods: StripeMethods
  stripeTaxes: StripeTaxes
  stripeWebhooks: StripeWebhooks
  orders: OrdersClient
  /** Orders, for work on many payments whose calls are joined. */
  joinOrders: (join: Join) => OrdersClient
  now: () => Date
  warn: (event: string, fields: Record<string, unknown>) => void
  newPaymentId: () => PaymentId
  newRefundId: () => RefundId
  newClaim: () => string
  /** Delivers the events to orders that are due, in an invocation of its own. It may be lost, because the sweep does so too. */
  wakeDeliveries: () => Promise<void>
  /** Continues work after the answer. Only for work that is repeated if it is lost. */
  later: (work: Promise<unknown>) => void
  /** Of new payments. */
  captureMethod: CaptureMethod
  /** How long a call to Stripe may take before it counts as lost. */
  attemptSeconds: number
  /** How often Stripe is asked about an open payment. */
  paymentCheckSeconds: number
  /** The age at which objects at Stripe are compared: younger ones may still be on their way to the shop. */
  reconcileAfterSeconds: number
}

/** The name of the sweeper that only delivers events to orders. */
export const DELIVERIES = 'deliveries'

export type PaymentsApp = ShopApp<PaymentsEnv, PaymentsDeps>

export const paymentsDeps = oncePerEnv((env: PaymentsEnv): PaymentsDeps => {
  const settings = parseEnv(PaymentsSettings, env)
  const db = connect({
    connectionString: settings.PAYMENTS_DATABASE_URL,
    fetchEndpoint: settings.NEON_FETCH_ENDPOINT,
    fetch: databaseFetch,
  })
  const permits = sharedPermits(objectsIn(env.STRIPE_BUDGET, settings))
  const stripe = stripeClient({ secretKey: settings.STRIPE_SECRET_KEY, apiBase: settings.STRIPE_API_BASE, permits })
  const orders = traced<OrdersRpc>(env.ORDERS, 'orders', { invocationLimit: settings.INVOCATION_LIMIT })
  return {
    payments: paymentRepository(db),
    refunds: refundRepository(db),
    disputes: disputeRepository(db),
    ledger: ledgerRepository(db),
    customers: customerRepository(db),
    erasures: erasureRepository(db),
    webhookEvents: webhookEventRepository(db),
    reconciliation: reconciliationRepository(db),
    discrepancies: discrepancyRepository(db),
    events: eventLog(db, paymentsEvents),
    keys: keyRepository(db),
    taxRecords: taxRecordRepository(db),
    stripeIntents: stripeIntents(stripe, permits),
    stripeRefunds: stripeRefunds(stripe),
    stripeMethods: stripeMethods(stripe),
    stripeTaxes: stripeTaxes(stripe),
    stripeWebhooks: stripeWebhooks(stripe, webhookSettings(settings)),
    orders: ordersClient(orders),
    joinOrders: (join) => ordersClient(orders, join),
    now: () => new Date(),
    warn: (event, fields) => log('warn', event, fields),
    newPaymentId: () => newId('payment'),
    newRefundId: () => newId('refund'),
    newClaim: () => crypto.randomUUID(),
    wakeDeliveries: () => wakeDeliveries(env),
    later: waitUntil,
    wakeWebhooks: () => wakeWebhooks(env.MAIL_EVENTS),
    captureMethod: settings.PAYMENT_CAPTURE,
    attemptSeconds: settings.ATTEMPT_SECONDS,
    paymentCheckSeconds: settings.PAYMENT_CHECK_SECONDS,
    reconcileAfterSeconds: settings.RECONCILE_AFTER_SECONDS,
  }
})

/** A sweeper that does not answer must not fail what has settled a delivery. */
async function wakeDeliveries(env: PaymentsEnv): Promise<void> {
  try {
    await wakeSweeper(env, DELIVERIES)
  } catch (error) {
    log('warn', 'wake_failed', { sweeper: DELIVERIES, error })
  }
}
