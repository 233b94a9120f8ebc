import type Stripe from 'stripe'
import { type Endpoint, found, type Work } from './endpoint.ts'
import { noSuch } from './errors.ts'
import { newId, token } from './ids.ts'
import { listEndpoint } from './list.ts'
import type { Charge, PaymentIntent } from './objects.ts'
import { Params } from './params.ts'
import { EXPIRY, emptyBillingDetails, testMethodOf } from './payment-methods.ts'
import type { Decline } from './test-methods.ts'

/** How a charge stands: taken, refused, or waiting for a bank. */
export type ChargeResult = 'succeeded' | 'pending' | Decline

/** A new charge of the whole amount of `intent`, stored; the caller announces it. */
export function newCharge(
  work: Work,
  intent: PaymentIntent,
  method: Stripe.PaymentMethod,
  result: ChargeResult,
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
    calculated_statement_descriptor: card ? 'LOCAL SHOP' : null,
    created: work.now,
    currency: intent.currency,
    customer: null,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: detailsOf(method, intent.amount),
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

/** The fields that follow from how the charge stands, also used when a pending one is settled. */
export function resultFields(result: ChargeResult, amount: number) {
  const taken = result === 'succeeded'
  const declined = typeof result === 'object' ? result : undefined
  return {
    status: declined ? 'failed' : (result as 'succeeded' | 'pending'),
    paid: taken,
    captured: declined === undefined,
    amount_captured: declined ? 0 : amount,
    balance_transaction: taken ? newId('txn') : null,
    failure_code: declined?.code ?? null,
    failure_message: declined?.message ?? null,
    outcome: outcomeOf(declined),
  } satisfies Partial<Stripe.Charge>
}

function outcomeOf(declined: Decline | undefined): Stripe.Charge.Outcome {
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: declined ? 'declined_by_network' : 'approved_by_network',
    reason: declined ? (declined.declineCode ?? declined.code) : null,
    risk_level: 'normal',
    risk_score: 12,
    seller_message: declined ? 'The bank did not return any further details with this decline.' : 'Payment complete.',
    type: declined ? 'issuer_declined' : 'authorized',
  }
}

function detailsOf(method: Stripe.PaymentMethod, amount: number): Stripe.Charge.PaymentMethodDetails {
  const test = testMethodOf(method)
  if (test.type === 'us_bank_account') {
    return {
      type: 'us_bank_account',
      us_bank_account: {
        account_holder_type: 'individual',
        account_type: 'checking',
        bank_name: 'STRIPE TEST BANK',
        fingerprint: method.us_bank_account?.fingerprint ?? null,
        last4: test.last4,
        payment_reference: null,
        routing_number: '110000000',
      },
    }
  }
  return {
    type: 'card',
    card: {
      amount_authorized: amount,
      authorization_code: token(6).toUpperCase(),
      brand: test.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      electronic_commerce_indicator: null,
      ...EXPIRY,
      fingerprint: method.card?.fingerprint ?? null,
      funding: test.funding,
      installments: null,
      last4: test.last4,
      mandate: null,
      network: test.brand,
      network_transaction_id: token(15),
      regulated_status: 'unregulated',
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    },
  }
}

export const retrieveCharge: Endpoint = {
  method: 'GET',
  path: '/v1/charges/:id',
  answers: 'charge',
  prepare({ id, form }) {
    new Params(form, { takes: [] })
    return ({ store }) => found(store.find('charge', id), noSuch('charge', id, 'id'))
  },
}

export const listCharges = listEndpoint({
  kind: 'charge',
  path: '/v1/charges',
  filters: ['payment_intent'],
  unsupported: ['customer', 'transfer_group'],
})
