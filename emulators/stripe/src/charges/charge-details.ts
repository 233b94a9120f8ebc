import type Stripe from 'stripe'
import { EXPIRY, testMethodOf } from '../payment-methods/test-method-of.ts'
import type { Decline } from '../payment-methods/test-methods.ts'
import { token } from '../store/ids.ts'

/** The payment method details of a charge before capture. */
export function detailsOf(
  method: Stripe.PaymentMethod,
  amount: number,
  settings: { captureBefore?: number; authenticated?: boolean; multicapture?: boolean },
): Stripe.Charge.PaymentMethodDetails {
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
      ...(settings.captureBefore !== undefined && { capture_before: settings.captureBefore }),
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      electronic_commerce_indicator: settings.authenticated ? '05' : null,
      ...EXPIRY,
      fingerprint: method.card?.fingerprint ?? null,
      funding: test.funding,
      installments: null,
      last4: test.last4,
      mandate: null,
      multicapture: { status: settings.multicapture && !test.multicapture ? 'available' : 'unavailable' },
      network: test.brand,
      network_transaction_id: token(15),
      regulated_status: 'unregulated',
      three_d_secure: settings.authenticated ? AUTHENTICATED : null,
      transaction_link_id: null,
      wallet: null,
    },
  }
}

const AUTHENTICATED = {
  authentication_flow: 'challenge',
  electronic_commerce_indicator: '05',
  exemption_indicator: null,
  result: 'authenticated',
  result_reason: null,
  transaction_id: null,
  version: '2.2.0',
} as const satisfies Stripe.Charge.PaymentMethodDetails.Card.ThreeDSecure

export function outcomeOf(declined: Decline | undefined): Stripe.Charge.Outcome {
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
