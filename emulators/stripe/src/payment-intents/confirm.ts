import type { CallerKey, Endpoint, Work } from '../api/endpoint.ts'
import { invalidRequest, unexpectedState } from '../api/errors.ts'
import { Params, readReturnUrl } from '../api/params.ts'
import { checkOwner } from '../payment-methods/attach.ts'
import { resolvePaymentMethod } from '../payment-methods/payment-method.ts'
import type { PaymentIntent, PaymentMethod } from '../store/objects.ts'
import { type Attendance, attempt } from './attempt.ts'
import { CAPTURE_METHODS, FUTURE_USAGES, loadIntent, saveIntent } from './intent.ts'

/** Parameters of confirm. Create accepts them only with `confirm=true`. */
export const ONLY_WITH_CONFIRM = ['return_url', 'off_session', 'error_on_requires_action', 'mandate_data'] as const

export interface Confirmation extends Attendance {
  /** @throws ApiError for a payment method that the intent does not accept; call it before writing */
  check(intent: PaymentIntent, method: PaymentMethod | undefined): void
}

export function readConfirmation(params: Params, key: CallerKey): Confirmation {
  const returnUrl = readReturnUrl(params)
  const sdk = params.boolean('use_stripe_sdk') ?? false
  const offSession = typeof params.raw('off_session') === 'string' && (params.boolean('off_session') ?? false)
  return {
    returnUrl,
    offSession: offSession || (params.boolean('error_on_requires_action') ?? false),
    check(intent, method) {
      if (!method) throw missingMethod(intent)
      checkOwner(intent, method)
      const isCapturable = intent.capture_method !== 'manual' || method.type === 'card'
      if (!isCapturable || !intent.payment_method_types.includes(method.type)) throw wrongType(intent, method)
      // Stripe.js returns to its own page, so only servers must send a return_url.
      const redirects = intent.automatic_payment_methods?.allow_redirects === 'always'
      if (redirects && returnUrl === undefined && !sdk && key === 'secret') throw returnUrlRequired()
    },
  }
}

export const confirmPaymentIntent: Endpoint = {
  method: 'POST',
  path: '/v1/payment_intents/:id/confirm',
  answers: 'payment_intent',
  forBrowsers: true,
  prepare({ id, form, key }) {
    const params = new Params(form, {
      accepts: [
        'payment_method',
        'client_secret',
        'receipt_email',
        'use_stripe_sdk',
        'capture_method',
        'setup_future_usage',
        ...ONLY_WITH_CONFIRM,
      ],
      unsupported: (
        'allowed_payment_method_types amount_details amount_to_confirm confirmation_token ' +
        'excluded_payment_method_types hooks mandate payment_details payment_method_data payment_method_options ' +
        'radar_options shipping'
      ).split(' '),
    })
    if (key === 'publishable') params.require('client_secret')
    const clientSecret = params.string('client_secret')
    const methodName = params.string('payment_method')
    const receiptEmail = params.clearable('receipt_email')
    const captureMethod = params.oneOf('capture_method', CAPTURE_METHODS)
    const futureUsage = params.oneOf('setup_future_usage', FUTURE_USAGES)
    const confirmation = readConfirmation(params, key)
    return (work) => {
      const intent = loadIntent(work, id, clientSecret)
      checkConfirmable(intent)
      const named = methodName ?? intent.payment_method
      const method = named === null ? undefined : resolvePaymentMethod(work, named)
      const started = {
        ...intent,
        ...(receiptEmail !== undefined && { receipt_email: receiptEmail }),
        ...(captureMethod !== undefined && { capture_method: captureMethod }),
        ...(futureUsage !== undefined && { setup_future_usage: futureUsage }),
      }
      confirmation.check(started, method)
      return confirmIntent(work, started, method, confirmation)
    }
  },
}

/** @throws ApiError 402 after a decline, which is recorded */
export function confirmIntent(
  work: Work,
  intent: PaymentIntent,
  method: PaymentMethod | undefined,
  confirmation: Confirmation,
): PaymentIntent {
  if (!method) throw missingMethod(intent)
  return saveIntent(work, attempt(work, intent, method, confirmation))
}

function checkConfirmable(intent: PaymentIntent): void {
  const { status } = intent
  if (status === 'requires_payment_method' || status === 'requires_confirmation' || status === 'requires_action') return
  const reason =
    status === 'succeeded'
      ? 'it has already succeeded after being previously confirmed.'
      : `it has a status of ${status}. Only a PaymentIntent with one of the following statuses may be confirmed: ` +
        'requires_confirmation, requires_action.'
  throw unexpectedState(`You cannot confirm this PaymentIntent because ${reason}`, intent)
}

function missingMethod(intent: PaymentIntent) {
  return unexpectedState(
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the " +
      'PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment ' +
      'method or ConfirmationToken.',
    intent,
  )
}

function wrongType(intent: PaymentIntent, method: PaymentMethod) {
  const types = intent.payment_method_types.join(', ')
  return invalidRequest(
    `The PaymentMethod provided (${method.type}) is not allowed for this PaymentIntent. Please attach a ` +
      `PaymentMethod of one of the following types: ${types}.`,
    { code: 'payment_intent_incompatible_payment_method', param: 'payment_method' },
  )
}

function returnUrlRequired() {
  return invalidRequest(
    'This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these ' +
      'payment methods might redirect your customer off of your page, you must provide a `return_url`. If you ' +
      "don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and " +
      '`automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.',
  )
}
