import { found, type Work } from '../api/endpoint.ts'
import { ApiError, docUrl, invalidRequest, noSuch } from '../api/errors.ts'
import { attach } from '../payment-methods/attach.ts'
import { testMethodOf } from '../payment-methods/test-method-of.ts'
import { newId, token } from '../store/ids.ts'
import type { PaymentMethod, SetupIntent } from '../store/objects.ts'

type LastError = NonNullable<SetupIntent['last_setup_error']>

export function newSetupIntent(
  spec: Pick<SetupIntent, 'customer' | 'description' | 'usage'> & { metadata: SetupIntent['metadata'] },
  now: number,
): SetupIntent {
  const id = newId('seti')
  return {
    id,
    object: 'setup_intent',
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: { enabled: true, allow_redirects: 'always' },
    cancellation_reason: null,
    client_secret: `${id}_secret_${token(25)}`,
    created: now,
    customer_account: null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: ['card', 'us_bank_account'],
    single_use_mandate: null,
    status: 'requires_payment_method',
    ...spec,
  }
}

export function loadSetup(work: Work, id: string): SetupIntent {
  return found(work.store.find('setup_intent', id), noSuch('setupintent', id, 'intent'))
}

export function saveSetup(work: Work, setup: SetupIntent): SetupIntent {
  work.store.update('setup_intent', setup)
  return setup
}

/**
 * Sets up the payment method and attaches it to the customer, if there is one.
 *
 * @throws ApiError 402 for a declined card; the failure is recorded
 */
export function setUp(
  work: Work,
  setup: SetupIntent,
  method: PaymentMethod,
  { isAuthenticated, returnUrl }: { isAuthenticated: boolean; returnUrl?: string | undefined },
): SetupIntent {
  const started: SetupIntent = { ...setup, payment_method: method.id, last_setup_error: null, next_action: null }
  const { outcome, isAttachable } = testMethodOf(method)
  if (outcome.kind === 'declines' && !isAttachable) {
    const { code, message, declineCode: decline_code } = outcome
    const error = { type: 'card_error', code, message, ...(decline_code && { decline_code }) } as const
    fail(work, started, { ...error, doc_url: docUrl(code), payment_method: method })
    throw new ApiError(402, error)
  }
  if (outcome.kind.startsWith('authenticates') && !isAuthenticated) return requireAction(work, started, returnUrl)
  if (setup.customer !== null) attach(work, method.id, setup.customer)
  const done = saveSetup(work, { ...started, status: 'succeeded' })
  work.emit('setup_intent.succeeded', done)
  return done
}

function requireAction(work: Work, setup: SetupIntent, returnUrl: string | undefined): SetupIntent {
  const url = `${work.origin}/authenticate/${setup.id}`
  const waiting = saveSetup(work, {
    ...setup,
    status: 'requires_action',
    next_action: returnUrl
      ? { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url } }
      : { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url } },
  })
  work.emit('setup_intent.requires_action', waiting)
  return waiting
}

/** Completes or fails the customer's authentication. @throws ApiError 400 when none is required */
export function authenticateSetup(work: Work, id: string, outcome: 'complete' | 'fail'): SetupIntent {
  const setup = loadSetup(work, id)
  if (setup.status !== 'requires_action') {
    throw invalidRequest(`SetupIntent ${id} requires no authentication: its status is ${setup.status}.`)
  }
  const methodId = setup.payment_method ?? ''
  const method = found(work.store.find('payment_method', methodId), noSuch('PaymentMethod', methodId, 'payment_method'))
  if (outcome === 'complete') return setUp(work, setup, method, { isAuthenticated: true })
  return fail(work, setup, {
    type: 'invalid_request_error',
    code: 'setup_intent_authentication_failure',
    doc_url: docUrl('setup_intent_authentication_failure'),
    message:
      'The latest attempt to set up the payment method has failed because authentication failed. You can provide ' +
      'another payment method to try again.',
    payment_method: method,
  })
}

function fail(work: Work, setup: SetupIntent, last_setup_error: LastError): SetupIntent {
  const failed = saveSetup(work, {
    ...setup,
    status: 'requires_payment_method',
    payment_method: null,
    next_action: null,
    last_setup_error,
  })
  work.emit('setup_intent.setup_failed', failed)
  return failed
}
