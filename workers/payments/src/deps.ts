import type { OrdersRpc } from '@shop/contracts'
import { connect, pingDatabase } from '@shop/db'
import * as store from '@shop/db/repositories/payments/index'
import { databaseFetch, log, newId, oncePerEnv, parseEnv, traced } from '@shop/http'
import { sharedTurns } from './budget/turns.ts'
import { PaymentsSettings } from './env.ts'
import type { PaymentsDeps } from './ports.ts'
import { stripeClient } from './stripe/client.ts'
import { stripeProvider } from './stripe/provider.ts'

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
      start: (fresh) => store.startPayment(db, fresh),
      claimAttempt: (payment, attempt) => store.claimAttempt(db, payment, attempt),
      endAttempt: (payment, now) => store.endAttempt(db, payment, now),
      claimLostAttempts: (options) => store.claimLostAttempts(db, options),
      claimUnseen: (options) => store.claimUnseen(db, options),
      applyState: (seen, event) => store.applyState(db, seen, event),
      recordIgnoredEvent: (event) => store.recordIgnoredEvent(db, event),
      find: (id) => store.findPayment(db, id),
      ofOrder: (orderId) => store.paymentsOfOrder(db, orderId),
      claimEvents: (options) => store.claimPaymentEvents(db, options),
      confirmEvent: (id, now) => store.confirmPaymentEvent(db, id, now),
      confirmCapture: (payment, now) => store.confirmCapture(db, payment, now),
      confirmRefund: (id, now) => store.confirmRefund(db, id, now),
      resolveRefund: (refund) => store.resolveRefund(db, refund),
      claimRefunds: (options) => store.claimRefunds(db, options),
      saveRefund: (refund) => store.saveRefund(db, refund),
      prune: (now) => store.prunePayments(db, now),
      ping: () => pingDatabase(db),
    },
    provider: stripeProvider(stripe, settings.STRIPE_WEBHOOK_SECRET),
    orders: traced<OrdersRpc>(env.ORDERS, 'orders'),
    now: () => new Date(),
    warn: (event, fields) => log('warn', event, fields),
    newPaymentId: () => newId('payment'),
    newRefundId: () => newId('refund'),
    attemptSeconds: settings.ATTEMPT_SECONDS,
    paymentCheckSeconds: settings.PAYMENT_CHECK_SECONDS,
  }
})
