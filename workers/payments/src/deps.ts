import { waitUntil } from 'cloudflare:workers'
import type { OrdersRpc } from '@shop/contracts'
import { connect, pingDatabase } from '@shop/db'
import * as store from '@shop/db/repositories/payments/index'
import { databaseFetch, log, newId, oncePerEnv, parseEnv, traced } from '@shop/http'
import type { z } from 'zod'
import { sharedTurns } from './budget/turns.ts'
import { PaymentsSettings } from './env.ts'
import type { PaymentsDeps } from './ports.ts'
import { reconciliationStore, recordStore } from './record-store.ts'
import { stripeBooks } from './stripe/books.ts'
import { stripeClient } from './stripe/client.ts'
import { stripeProvider } from './stripe/provider.ts'
import { stripeWallet } from './stripe/wallet.ts'
import type { WebhookSettings } from './stripe/webhook.ts'

/** What the operations need, made from the worker's bindings. */
export const paymentsDeps = oncePerEnv((env: PaymentsEnv): PaymentsDeps => {
  const settings = parseEnv(PaymentsSettings, env)
  const db = connect({
    connectionString: settings.PAYMENTS_DATABASE_URL,
    fetchEndpoint: settings.NEON_FETCH_ENDPOINT,
    fetch: databaseFetch,
  })
  const turns = sharedTurns(env.STRIPE_BUDGET)
  const stripe = stripeClient({ secretKey: settings.STRIPE_SECRET_KEY, apiBase: settings.STRIPE_API_BASE, turns })
  return {
    store: {
      start: (fresh, key) => store.startPayment(db, fresh, key),
      claimAttempt: (payment, attempt) => store.claimAttempt(db, payment, attempt),
      claimKey: (claim, times) => store.claimPaymentKey(db, claim, times),
      dropKey: (claim) => store.dropPaymentKey(db, claim),
      answerKey: (claim, answered) => store.answerPaymentKey(db, claim, answered),
      endAttempt: (payment, now) => store.endAttempt(db, payment, now),
      claimLostAttempts: (options) => store.claimLostAttempts(db, options),
      claimUnseen: (options) => store.claimUnseen(db, options),
      applyState: (seen, event) => store.applyState(db, seen, event),
      find: (id) => store.findPayment(db, id),
      findByIntent: (intentId) => store.findPaymentByIntent(db, intentId),
      ofOrder: (orderId) => store.paymentsOfOrder(db, orderId),
      claimEvents: (options) => store.claimPaymentEvents(db, options),
      confirmEvent: (id, now) => store.confirmPaymentEvent(db, id, now),
      confirmAnnounced: (event) => store.confirmAnnounced(db, event),
      reserveRefund: (refund, key) => store.reserveRefund(db, refund, key),
      resolveRefund: (refund) => store.resolveRefund(db, refund),
      adoptRefund: (refund) => store.adoptRefund(db, refund),
      claimRefunds: (options) => store.claimRefunds(db, options),
      settleRefund: (outcome) => store.settleRefund(db, outcome),
      endRefundLease: (id) => store.endRefundLease(db, id),
      refundsOf: (paymentId) => store.refundsOfPayment(db, paymentId),
      readLedger: (page) => store.readLedger(db, page),
      prune: (now) => store.prunePayments(db, now),
      ping: () => pingDatabase(db),
    },
    provider: stripeProvider(stripe, webhookSettings(settings), turns),
    records: recordStore(db),
    books: stripeBooks(stripe),
    wallet: stripeWallet(stripe),
    reconciliation: reconciliationStore(db),
    orders: traced<OrdersRpc>(env.ORDERS, 'orders'),
    now: () => new Date(),
    warn: (event, fields) => log('warn', event, fields),
    newPaymentId: () => newId('payment'),
    newRefundId: () => newId('refund'),
    newClaim: () => crypto.randomUUID(),
    sha256,
    later: waitUntil,
    captureMethod: settings.PAYMENT_CAPTURE,
    attemptSeconds: settings.ATTEMPT_SECONDS,
    paymentCheckSeconds: settings.PAYMENT_CHECK_SECONDS,
    reconcileAfterSeconds: settings.RECONCILE_AFTER_SECONDS,
  }
})

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return new Uint8Array(digest).toHex()
}

function webhookSettings(settings: z.output<typeof PaymentsSettings>): WebhookSettings {
  const { STRIPE_WEBHOOK_SECRET: current, STRIPE_WEBHOOK_SECRET_OLD: old } = settings
  const isLive = /^[rs]k_live_/.test(settings.STRIPE_SECRET_KEY)
  return { secrets: old ? [current, old] : [current], isLive }
}
