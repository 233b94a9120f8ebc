import type Stripe from 'stripe'
import type { Turns } from '../budget/turns.ts'
import type { PaymentProvider } from '../ports.ts'
import { askForIntent, askForListedIntent, askForListedRefund, askForRefund } from './answers.ts'
import { readWebhook, type WebhookSettings } from './webhook.ts'

// Without redirects every method can be confirmed from here or by Stripe.js, with no page to return to.
const METHODS = { enabled: true, allow_redirects: 'never' } as const

// Saved for payments that the customer makes himself.
const SAVED = { setup_future_usage: 'on_session' } as const

/** As `endpointOf` names them. */
const ENDPOINTS = { create: 'POST /v1/payment_intents', confirm: 'POST /v1/payment_intents/:id/confirm' } as const

export function stripeProvider(stripe: Stripe, webhooks: WebhookSettings, turns: Turns): PaymentProvider {
  return {
    reserveTurn: (call) => turns.reserve(ENDPOINTS[call]),
    createIntent: ({ payment, amount, method, key }) =>
      askForIntent(() =>
        stripe.paymentIntents.create(
          {
            amount,
            currency: payment.currency.toLowerCase(),
            automatic_payment_methods: METHODS,
            metadata: { order_id: payment.orderId, payment_id: payment.id },
            ...(payment.captureMethod === 'manual' ? { capture_method: 'manual' as const } : {}),
            ...(method === null ? {} : { payment_method: method, confirm: true }),
            ...(payment.customerId === null ? {} : { customer: payment.customerId }),
            ...(payment.savesMethod ? SAVED : {}),
          },
          { idempotencyKey: key },
        ),
      ),
    confirmIntent: ({ intentId, method, savesMethod, key }) =>
      askForIntent(() => {
        const params = { payment_method: method, ...(savesMethod ? SAVED : {}) }
        return stripe.paymentIntents.confirm(intentId, params, { idempotencyKey: key })
      }),
    setCustomer: ({ intentId, customerId, key }) =>
      askForIntent(() => stripe.paymentIntents.update(intentId, { customer: customerId }, { idempotencyKey: key })),
    captureIntent: ({ intentId, amount, key }) =>
      askForIntent(() =>
        stripe.paymentIntents.capture(intentId, { amount_to_capture: amount }, { idempotencyKey: key }),
      ),
    cancelIntent: (intentId) => askForIntent(() => stripe.paymentIntents.cancel(intentId)),
    retrieveIntent: (intentId) => askForIntent(() => stripe.paymentIntents.retrieve(intentId)),
    findIntent: ({ paymentId, since, until }) =>
      askForListedIntent(
        () => stripe.paymentIntents.list({ created: { gte: seconds(since), lte: seconds(until) }, limit: 100 }),
        (intent) => intent.metadata.payment_id === paymentId,
      ),
    refund: ({ intentId, amount, key, refundId }) =>
      askForRefund(() =>
        stripe.refunds.create(
          { payment_intent: intentId, amount, metadata: { refund_id: refundId } },
          { idempotencyKey: key },
        ),
      ),
    retrieveRefund: (stripeRefundId) => askForRefund(() => stripe.refunds.retrieve(stripeRefundId)),
    findRefund: ({ intentId, refundId }) =>
      askForListedRefund(
        () => stripe.refunds.list({ payment_intent: intentId, limit: 100 }),
        (refund) => refund.metadata?.refund_id === refundId,
      ),
    readWebhook: (request) => readWebhook(stripe, webhooks, request),
  }
}

const seconds = (instant: Date) => Math.floor(instant.getTime() / 1_000)
