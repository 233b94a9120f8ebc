import type { NewOrders } from './new-orders.ts'
import { at, ownerOrStaff, type Rows, same, signedIn, staffOnly } from './row.ts'

/** Payments, refunds and saved payment methods. */
export function paymentRows({ newOrder, newPayment }: NewOrders): Rows {
  return {
    startPayment: {
      call: async () => ({ path: '/api/payments', body: { order_id: (await newOrder()).id } }),
      answers: ownerOrStaff(201),
    },
    getPayment: {
      call: async () => ({ path: `/api/payments/${(await newPayment()).id}` }),
      answers: ownerOrStaff(200),
    },
    getPaymentsOfOrder: {
      call: async () => ({ path: `/api/payments/order/${(await newPayment()).order_id}` }),
      answers: ownerOrStaff(200),
    },
    listRefunds: {
      call: async () => ({ path: `/api/payments/${(await newPayment()).id}/refunds` }),
      answers: ownerOrStaff(200),
    },
    // These payments still wait for a card, so an authorized call ends in a refusal that needs no Stripe.
    refundPayment: {
      call: async () => ({
        path: `/api/payments/${(await newPayment()).id}/refund`,
        body: {},
        headers: { 'idempotency-key': crypto.randomUUID() },
      }),
      answers: { anonymous: 401, customer: 403, stranger: 404, admin: 409 },
    },
    capturePayment: {
      call: async () => ({
        path: `/api/payments/${(await newPayment()).id}/capture`,
        body: {},
        headers: { 'idempotency-key': crypto.randomUUID() },
      }),
      answers: { anonymous: 401, customer: 403, stranger: 404, admin: 409 },
    },
    readLedger: { call: at('/api/payments/ledger'), answers: staffOnly(200) },
    listStripeEvents: { call: at('/api/payments/events?flagged=true'), answers: staffOnly(200) },
    listDisputes: { call: at('/api/payments/disputes'), answers: staffOnly(200) },
    listDiscrepancies: { call: at('/api/payments/discrepancies'), answers: staffOnly(200) },
    reconcilePayments: { call: at('/api/payments/reconcile', { body: {} }), answers: staffOnly(200) },
    listSavedMethods: { call: at('/api/payments/methods'), answers: signedIn(200) },
    removeSavedMethod: { call: at('/api/payments/methods/pm_no_such_card'), answers: signedIn(404) },
    receiveStripeWebhook: { call: at('/api/webhooks/stripe', { rawBody: '{}' }), answers: same(400) },
  }
}
