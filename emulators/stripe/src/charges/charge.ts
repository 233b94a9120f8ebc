import type Stripe from 'stripe'
import { type Endpoint, found, type Work } from '../api/endpoint.ts'
import { noSuch } from '../api/errors.ts'
import { listEndpoint } from '../api/list.ts'
import { Params } from '../api/params.ts'
import { emptyBillingDetails } from '../payment-methods/payment-method.ts'
import type { Decline } from '../payment-methods/test-methods.ts'
import { newId } from '../store/ids.ts'
import type { Charge, PaymentIntent, PaymentMethod } from '../store/objects.ts'
import { detailsOf, outcomeOf } from './charge-details.ts'

/** The result of a charge: captured, authorized for a later capture, pending at a bank, or declined. */
export type ChargeResult = 'succeeded' | 'authorized' | 'pending' | Decline

/** How long an authorization is valid; https://docs.stripe.com/payments/place-a-hold-on-a-payment-method */
const AUTHORIZATION_SECONDS = 7 * 24 * 60 * 60

const STATEMENT_DESCRIPTOR = 'TEST ACCOUNT'

/** Stores a new charge for the whole amount of `intent`. The caller emits the event. */
export function newCharge(
  work: Work,
  intent: PaymentIntent,
  method: PaymentMethod,
  result: ChargeResult,
  authenticated = false,
): Charge {
  const card = method.type === 'card'
  const charge: Charge = {
    id: newId(card ? 'ch' : 'py'),
    object: 'charge',
    amount: intent.amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    billing_details: emptyBillingDetails(),
    calculated_statement_descriptor: card ? STATEMENT_DESCRIPTOR : null,
    created: work.now,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: detailsOf(method, intent.amount, {
      authenticated,
      ...(result === 'authorized' && {
        captureBefore: work.now + AUTHORIZATION_SECONDS,
        multicapture: intent.payment_method_options?.card?.request_multicapture === 'if_available',
      }),
    }),
    radar_options: {},
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    transfer_data: null,
    transfer_group: null,
    ...resultFields(result, intent.amount),
  }
  work.store.insert('charge', charge)
  return charge
}

/** The fields that depend on the result of the charge. */
export function resultFields(result: ChargeResult, amount: number) {
  const succeeded = result === 'succeeded'
  const authorized = result === 'authorized'
  const declined = typeof result === 'object' ? result : undefined
  return {
    status: declined ? 'failed' : result === 'pending' ? 'pending' : 'succeeded',
    paid: succeeded || authorized,
    captured: !declined && !authorized,
    amount_captured: declined || authorized ? 0 : amount,
    balance_transaction: succeeded ? newId('txn') : null,
    failure_code: declined?.code ?? null,
    failure_message: declined?.message ?? null,
    outcome: outcomeOf(declined),
  } satisfies Partial<Stripe.Charge>
}

export function loadCharge(work: Work, id: string): Charge {
  return found(work.store.find('charge', id), noSuch('charge', id, 'id'))
}

export const retrieveCharge: Endpoint = {
  method: 'GET',
  path: '/v1/charges/:id',
  answers: 'charge',
  prepare({ id, form }) {
    new Params(form, { accepts: [] })
    return (work) => loadCharge(work, id)
  },
}

export const listCharges = listEndpoint({
  kind: 'charge',
  path: '/v1/charges',
  filters: ['payment_intent', 'customer'],
  unsupported: ['transfer_group'],
})
