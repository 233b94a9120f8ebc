import type { Endpoint, Work } from '../api/endpoint.ts'
import { type ApiError, invalidRequest } from '../api/errors.ts'
import { listEndpoint } from '../api/list.ts'
import { Params, readReturnUrl } from '../api/params.ts'
import { loadCustomer } from '../customers/customer.ts'
import { checkOwner } from '../payment-methods/attach.ts'
import { resolvePaymentMethod } from '../payment-methods/payment-method.ts'
import type { PaymentMethod, SetupIntent } from '../store/objects.ts'
import { loadSetup, newSetupIntent, saveSetup, setUp } from './setup-intent.ts'

const createSetupIntent: Endpoint = {
  method: 'POST',
  path: '/v1/setup_intents',
  answers: 'setup_intent',
  prepare({ form }) {
    const params = new Params(form, {
      accepts: [
        'automatic_payment_methods',
        'confirm',
        'customer',
        'description',
        'metadata',
        'payment_method',
        'payment_method_types',
        'return_url',
        'usage',
      ],
      unsupported: (
        'allowed_payment_method_types attach_to_self confirmation_token customer_account ' +
        'excluded_payment_method_types flow_directions mandate_data on_behalf_of payment_method_configuration ' +
        'payment_method_data payment_method_options single_use use_stripe_sdk'
      ).split(' '),
    })
    const customer = params.string('customer') ?? null
    const methodName = params.string('payment_method')
    const confirm = params.boolean('confirm') ?? false
    const returnUrl = readReturnUrl(params)
    const spec = {
      customer,
      description: params.string('description') ?? null,
      usage: params.oneOf('usage', ['off_session', 'on_session']) ?? 'off_session',
      metadata: params.metadata({}),
    }
    return (work) => {
      if (customer !== null) loadCustomer(work, customer)
      const setup = newSetupIntent(spec, work.now)
      const method = methodName === undefined ? undefined : resolvePaymentMethod(work, methodName)
      if (method) {
        checkOwner(setup, method)
        Object.assign(setup, { payment_method: method.id, status: 'requires_confirmation' })
      }
      work.store.insert('setup_intent', setup)
      work.emit('setup_intent.created', setup)
      return confirm ? setUp(work, setup, required(method, setup), { isAuthenticated: false, returnUrl }) : setup
    }
  },
}

const confirmSetupIntent: Endpoint = {
  method: 'POST',
  path: '/v1/setup_intents/:id/confirm',
  answers: 'setup_intent',
  forBrowsers: true,
  prepare({ id, form, key }) {
    const params = new Params(form, {
      accepts: ['client_secret', 'payment_method', 'return_url', 'use_stripe_sdk'],
      unsupported: ['confirmation_token', 'mandate_data', 'payment_method_data', 'payment_method_options'],
    })
    if (key === 'publishable') params.require('client_secret')
    const clientSecret = params.string('client_secret')
    const methodName = params.string('payment_method')
    const returnUrl = readReturnUrl(params)
    return (work) => {
      const setup = loadSetup(work, id)
      if (clientSecret !== undefined && clientSecret !== setup.client_secret) throw wrongSecret()
      if (setup.status === 'succeeded' || setup.status === 'canceled') throw closed(setup, 'confirm')
      const named = methodName ?? setup.payment_method
      const method = required(named === null ? undefined : resolvePaymentMethod(work, named), setup)
      checkOwner(setup, method)
      return setUp(work, setup, method, { isAuthenticated: false, returnUrl })
    }
  },
}

const cancelSetupIntent: Endpoint = {
  method: 'POST',
  path: '/v1/setup_intents/:id/cancel',
  answers: 'setup_intent',
  prepare({ id, form }) {
    const params = new Params(form, { accepts: ['cancellation_reason'] })
    const cancellation_reason =
      params.oneOf('cancellation_reason', ['abandoned', 'duplicate', 'requested_by_customer']) ?? null
    return (work) => {
      const setup = loadSetup(work, id)
      if (setup.status === 'succeeded' || setup.status === 'canceled') throw closed(setup, 'cancel')
      const canceled = saveSetup(work, { ...setup, status: 'canceled', cancellation_reason, next_action: null })
      work.emit('setup_intent.canceled', canceled)
      return canceled
    }
  },
}

const retrieveSetupIntent: Endpoint = {
  method: 'GET',
  path: '/v1/setup_intents/:id',
  answers: 'setup_intent',
  prepare({ id, form }) {
    new Params(form, { accepts: [] })
    return (work: Work) => loadSetup(work, id)
  },
}

function required(method: PaymentMethod | undefined, setup: SetupIntent): PaymentMethod {
  if (method) return method
  throw closed(setup, 'confirm', "it's missing a payment method")
}

function closed(setup: SetupIntent, verb: string, reason = `it has a status of ${setup.status}`): ApiError {
  return invalidRequest(`You cannot ${verb} this SetupIntent because ${reason}.`, {
    code: 'setup_intent_unexpected_state',
  })
}

function wrongSecret(): ApiError {
  const message = 'The client_secret provided does not match the client_secret associated with the SetupIntent.'
  return invalidRequest(message, { param: 'client_secret' })
}

const listSetupIntents = listEndpoint({
  kind: 'setup_intent',
  path: '/v1/setup_intents',
  filters: ['customer', 'payment_method'],
  unsupported: ['attach_to_self', 'customer_account'],
})

export const setupIntentEndpoints = [
  createSetupIntent,
  retrieveSetupIntent,
  confirmSetupIntent,
  cancelSetupIntent,
  listSetupIntents,
]
