import type Stripe from 'stripe'
import { found, type Work } from '../api/endpoint.ts'
import { ApiError, noSuch } from '../api/errors.ts'
import { newId, token } from '../store/ids.ts'
import type { PaymentIntent } from '../store/objects.ts'

export const CAPTURE_METHODS = ['automatic', 'automatic_async', 'manual'] as const

export const FUTURE_USAGES = ['off_session', 'on_session'] as const

export const MULTICAPTURE_REQUESTS = ['if_available', 'never'] as const

/** The fields of a new PaymentIntent, with defaults applied. */
export interface IntentSpec {
  amount: number
  currency: string
  types: string[]
  allowedTypes: string[] | null
  automatic: PaymentIntent['automatic_payment_methods']
  captureMethod: (typeof CAPTURE_METHODS)[number]
  customer: string | null
  description: string | null
  futureUsage: (typeof FUTURE_USAGES)[number] | null
  metadata: Stripe.Metadata
  receiptEmail: string | null
  requestMulticapture: (typeof MULTICAPTURE_REQUESTS)[number] | null
  statementDescriptor: string | null
  statementDescriptorSuffix: string | null
}

export function newIntent(spec: IntentSpec, now: number): PaymentIntent {
  const id = newId('pi')
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: spec.allowedTypes,
    amount: spec.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: spec.automatic,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: spec.captureMethod,
    client_secret: `${id}_secret_${token(25)}`,
    confirmation_method: 'automatic',
    created: now,
    currency: spec.currency,
    customer: spec.customer,
    customer_account: null,
    description: spec.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: spec.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: {
        ...{ installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
        ...(spec.requestMulticapture !== null && { request_multicapture: spec.requestMulticapture }),
      },
    },
    payment_method_types: spec.types,
    payment_record: null,
    processing: null,
    receipt_email: spec.receiptEmail,
    review: null,
    setup_future_usage: spec.futureUsage,
    shipping: null,
    source: null,
    statement_descriptor: spec.statementDescriptor,
    statement_descriptor_suffix: spec.statementDescriptorSuffix,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  }
}

/**
 * The PaymentIntent with this id.
 *
 * @param clientSecret must match, if sent; a browser must send it
 */
export function loadIntent(work: Work, id: string, clientSecret?: string): PaymentIntent {
  const intent = found(work.store.find('payment_intent', id), noSuch('payment_intent', id, 'intent'))
  if (clientSecret === undefined || clientSecret === intent.client_secret) return intent
  const message = 'The client_secret provided does not match the client_secret associated with the PaymentIntent.'
  throw new ApiError(400, { type: 'invalid_request_error', message, param: 'client_secret' })
}

export function saveIntent(work: Work, intent: PaymentIntent): PaymentIntent {
  work.store.update('payment_intent', intent)
  return intent
}

const BROWSER_FIELDS = [
  'id',
  'object',
  'amount',
  'amount_details',
  'automatic_payment_methods',
  'canceled_at',
  'cancellation_reason',
  'capture_method',
  'client_secret',
  'confirmation_method',
  'created',
  'currency',
  'description',
  'last_payment_error',
  'last_setup_error',
  'livemode',
  'next_action',
  'payment_method',
  'payment_method_types',
  'processing',
  'receipt_email',
  'setup_future_usage',
  'shipping',
  'source',
  'status',
  'usage',
] as const

/** The fields that a publishable key may see: no metadata and no charge. */
export function browserView(intent: object): object {
  return Object.fromEntries(BROWSER_FIELDS.map((field) => [field, (intent as Record<string, unknown>)[field]]))
}
