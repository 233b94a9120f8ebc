import { checkChargeAmount, checkCurrency } from '../api/currencies.ts'
import type { Endpoint } from '../api/endpoint.ts'
import { invalidRequest, notSupportedHere } from '../api/errors.ts'
import { Params } from '../api/params.ts'
import { loadCustomer } from '../customers/customer.ts'
import { checkOwner } from '../payment-methods/attach.ts'
import { resolvePaymentMethod } from '../payment-methods/payment-method.ts'
import type { PaymentIntent } from '../store/objects.ts'
import { confirmIntent, ONLY_WITH_CONFIRM, readConfirmation } from './confirm.ts'
import { CAPTURE_METHODS, FUTURE_USAGES, type IntentSpec, MULTICAPTURE_REQUESTS, newIntent } from './intent.ts'

const ACCEPTED = [
  'amount',
  'currency',
  'metadata',
  'confirm',
  'payment_method',
  'allowed_payment_method_types',
  'automatic_payment_methods',
  'capture_method',
  'confirmation_method',
  'customer',
  'description',
  'payment_method_options',
  'receipt_email',
  'setup_future_usage',
  'statement_descriptor',
  'statement_descriptor_suffix',
  'use_stripe_sdk',
  ...ONLY_WITH_CONFIRM,
]

const UNSUPPORTED = (
  'amount_details application_fee_amount confirmation_token customer_account excluded_payment_method_types ' +
  'hooks mandate on_behalf_of payment_details payment_method_configuration payment_method_data ' +
  'radar_options shipping transfer_data transfer_group'
).split(' ')

/** From this API version on, PaymentIntents do not accept `payment_method_types`. */
const WITHOUT_PAYMENT_METHOD_TYPES = '2026-09-30'

export const createPaymentIntent: Endpoint = {
  method: 'POST',
  path: '/v1/payment_intents',
  answers: 'payment_intent',
  prepare({ form, apiVersion, key }) {
    const older = apiVersion < WITHOUT_PAYMENT_METHOD_TYPES
    const params = new Params(form, {
      accepts: older ? [...ACCEPTED, 'payment_method_types'] : ACCEPTED,
      unsupported: UNSUPPORTED,
    })
    const spec = readSpec(params)
    const methodName = params.string('payment_method')
    const confirm = params.boolean('confirm') ?? false
    const early = ONLY_WITH_CONFIRM.find((name) => params.has(name))
    if (!confirm && early !== undefined) {
      throw invalidRequest(
        `The parameter \`${early}\` cannot be passed when creating a PaymentIntent unless \`confirm\` is set to true.`,
        { param: early },
      )
    }
    const confirmation = readConfirmation(params, key)
    return (work) => {
      if (spec.customer !== null) loadCustomer(work, spec.customer)
      const method = methodName === undefined ? undefined : resolvePaymentMethod(work, methodName)
      const intent: PaymentIntent = { ...newIntent(spec, work.now) }
      if (method) {
        checkOwner(intent, method)
        Object.assign(intent, { payment_method: method.id, status: 'requires_confirmation' })
      }
      // Checks first, so that a refused confirmation does not leave an intent that the caller does not know.
      if (confirm) confirmation.check(intent, method)
      work.store.insert('payment_intent', intent)
      work.emit('payment_intent.created', intent)
      return confirm ? confirmIntent(work, intent, method, confirmation) : intent
    }
  },
}

function readSpec(params: Params): IntentSpec {
  const amount = params.requiredInteger('amount')
  const currency = checkCurrency(params.requiredString('currency'))
  checkChargeAmount(amount, currency)
  const captureMethod = params.oneOf('capture_method', CAPTURE_METHODS) ?? 'automatic_async'
  if (params.oneOf('confirmation_method', ['automatic', 'manual']) === 'manual') {
    throw notSupportedHere('confirmation_method', 'manual is a confirmation method')
  }
  return {
    amount,
    currency,
    ...readMethodTypes(params, currency === 'usd' && captureMethod !== 'manual'),
    captureMethod,
    customer: params.string('customer') ?? null,
    description: params.string('description') ?? null,
    futureUsage: params.oneOf('setup_future_usage', FUTURE_USAGES) ?? null,
    metadata: params.metadata({}),
    receiptEmail: params.string('receipt_email') ?? null,
    requestMulticapture: readMulticapture(params),
    statementDescriptor: params.string('statement_descriptor') ?? null,
    statementDescriptorSuffix: params.string('statement_descriptor_suffix') ?? null,
  }
}

/** Of the options of payment methods, only multicapture of cards is supported. */
function readMulticapture(params: Params): IntentSpec['requestMulticapture'] {
  const options = params.hash('payment_method_options')
  if (options === undefined) return null
  const card = new Params(options, { accepts: ['card'] }).hash('card')
  if (card === undefined) return null
  const unsupported = (
    'capture_method cvc_token installments mandate_options moto network request_extended_authorization ' +
    'request_incremental_authorization request_overcapture request_three_d_secure require_cvc_recollection ' +
    'setup_future_usage statement_descriptor_suffix_kana statement_descriptor_suffix_kanji three_d_secure'
  ).split(' ')
  const settings = new Params(card, { accepts: ['request_multicapture'], unsupported })
  return settings.oneOf('request_multicapture', MULTICAPTURE_REQUESTS) ?? null
}

/**
 * The types that the caller names, or those "enabled in the Dashboard", Stripe's default since API version 2023-08-16.
 *
 * @param debits whether bank debits are possible: in US dollars with automatic capture
 */
function readMethodTypes(params: Params, debits: boolean): Pick<IntentSpec, 'types' | 'allowedTypes' | 'automatic'> {
  const enabledHere = debits ? ['card', 'us_bank_account'] : ['card']
  const allowedTypes = params.strings('allowed_payment_method_types') ?? null
  const types = params.strings('payment_method_types') ?? allowedTypes
  const sent = params.hash('automatic_payment_methods')
  if (sent === undefined) {
    if (types) return { types, allowedTypes, automatic: null }
    return { types: enabledHere, allowedTypes, automatic: { enabled: true, allow_redirects: 'always' } }
  }
  const settings = new Params(sent, { accepts: ['enabled', 'allow_redirects'] })
  settings.require('enabled')
  if (!settings.boolean('enabled')) return { types: types ?? ['card'], allowedTypes, automatic: null }
  if (types) {
    throw invalidRequest(
      'You may only specify one of these parameters: automatic_payment_methods, payment_method_types.',
    )
  }
  const allow_redirects = settings.oneOf('allow_redirects', ['always', 'never']) ?? 'always'
  return { types: enabledHere, allowedTypes, automatic: { enabled: true, allow_redirects } }
}
