import type { PaymentId } from '@shop/kernel/ids'
import { toStripeAmount } from '@shop/kernel/stripe-amount'
import type Stripe from 'stripe'
import type { Capture } from '../payments/domain/next-capture.ts'
import type { StripeAnswer } from '../payments/domain/outcome.ts'
import type { Payment } from '../payments/domain/payment.ts'
import { findIntent, intentAnswer, unlessFailed } from './answers.ts'
import { type ListWindow, listPage, listParams, seconds } from './list-window.ts'
import type { Permits } from './permits.ts'
import { readListedIntent } from './read-objects.ts'

// Without redirects every method can be confirmed from here or by Stripe.js, with no page to return to.
const METHODS = { enabled: true, allow_redirects: 'never' } as const

/** Asks for several captures, where the card allows them. Source: https://docs.stripe.com/payments/multicapture */
const SEVERAL_CAPTURES = { card: { request_multicapture: 'if_available' } } as const

// Saved for payments that the customer makes themselves.
const SAVED = { setup_future_usage: 'on_session' } as const

/** As `endpointOf` names them. */
const ENDPOINTS = { create: 'POST /v1/payment_intents', confirm: 'POST /v1/payment_intents/:id/confirm' } as const

const NOT_CHARGEABLE = { kind: 'refused', reason: 'amount_not_chargeable' } as const

export type StripeIntents = ReturnType<typeof stripeIntents>

/** PaymentIntents at Stripe; amounts in minor units. A call with effects carries a key: repeated, it is the same call. */
export const stripeIntents = (stripe: Stripe, permits: Permits) => ({
  /** Acquires the permit of a call to come; false when Stripe is too busy for it now. */
  reservePermit: (call: 'create' | 'confirm'): Promise<boolean> => permits.reserve(ENDPOINTS[call]),

  /** Creates the intent of a payment, and confirms it if the attempt has a method. */
  async create(payment: Payment, key: string): Promise<StripeAnswer> {
    const amount = toStripeAmount({ minor: payment.amount, currency: payment.currency })
    if (!amount.ok) return NOT_CHARGEABLE
    const params: Stripe.PaymentIntentCreateParams = {
      amount: amount.value,
      currency: payment.currency.toLowerCase(),
      automatic_payment_methods: METHODS,
      metadata: { order_id: payment.orderId, payment_id: payment.id },
      ...(payment.captureMethod === 'automatic' ? {} : { capture_method: 'manual' }),
      ...(payment.captureMethod === 'per_shipment' ? { payment_method_options: SEVERAL_CAPTURES } : {}),
      ...(payment.attemptMethod === null ? {} : { payment_method: payment.attemptMethod, confirm: true }),
      ...(payment.customerId === null ? {} : { customer: payment.customerId }),
      ...(payment.savesMethod ? SAVED : {}),
    }
    return intentAnswer(() => stripe.paymentIntents.create(params, { idempotencyKey: key }))
  },

  confirm: (call: { intentId: string; method: string; savesMethod: boolean; key: string }): Promise<StripeAnswer> =>
    intentAnswer(() =>
      stripe.paymentIntents.confirm(
        call.intentId,
        { payment_method: call.method, ...(call.savesMethod ? SAVED : {}) },
        { idempotencyKey: call.key },
      ),
    ),

  /** Allows the intent to be paid with cards that the customer has saved. */
  setCustomer: (call: { intentId: string; customerId: string; key: string }): Promise<StripeAnswer> =>
    intentAnswer(() =>
      stripe.paymentIntents.update(call.intentId, { customer: call.customerId }, { idempotencyKey: call.key }),
    ),

  /**
   * Captures an authorization, or a part of it. A final capture releases the rest, and may be of 0 after others. A sole capture has no
   * further parameter, so that its key stays valid.
   */
  async capture(call: Capture & { intentId: string; currency: Payment['currency']; key: string }) {
    const amount = toStripeAmount({ minor: call.amount, currency: call.currency })
    if (!amount.ok) return NOT_CHARGEABLE
    const params = { amount_to_capture: amount.value, ...(call.isFinal ? {} : { final_capture: false }) }
    return intentAnswer(() => stripe.paymentIntents.capture(call.intentId, params, { idempotencyKey: call.key }))
  },

  /** Without a key: canceling twice is canceling once, and Stripe would repeat a refusal that may be out of date. */
  cancel: (intentId: string): Promise<StripeAnswer> => intentAnswer(() => stripe.paymentIntents.cancel(intentId)),

  /**
   * Whether an authorization can be captured several times, which its card decides.
   *
   * @returns undefined when Stripe did not answer
   */
  allowsSeveralCaptures: (intentId: string): Promise<boolean | undefined> =>
    unlessFailed(async () => {
      const { latest_charge: charge } = await stripe.paymentIntents.retrieve(intentId, { expand: ['latest_charge'] })
      return typeof charge === 'object' && charge?.payment_method_details?.card?.multicapture?.status === 'available'
    }),

  retrieve: (intentId: string): Promise<StripeAnswer> => intentAnswer(() => stripe.paymentIntents.retrieve(intentId)),

  /** Looks for the intent of a payment among those created from `since` to `until`. */
  find: ({ paymentId, since, until }: { paymentId: PaymentId; since: Date; until: Date }) =>
    findIntent(
      () => stripe.paymentIntents.list({ created: { gte: seconds(since), lte: seconds(until) }, limit: 100 }),
      (intent) => intent.metadata.payment_id === paymentId,
    ),

  /** @returns undefined when Stripe did not answer */
  list: (window: ListWindow) =>
    unlessFailed(async () => {
      const params = { ...listParams(window), expand: ['data.latest_charge'] }
      return listPage(await stripe.paymentIntents.list(params), readListedIntent)
    }),
})
