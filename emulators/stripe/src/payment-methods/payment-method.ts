import { createHash } from 'node:crypto'
import type Stripe from 'stripe'
import { found, type Work } from '../api/endpoint.ts'
import { noSuch } from '../api/errors.ts'
import { newId } from '../store/ids.ts'
import type { PaymentMethod } from '../store/objects.ts'
import { EXPIRY } from './test-method-of.ts'
import { TEST_METHODS, type TestMethod } from './test-methods.ts'

/**
 * The payment method for a test name or an id. As at Stripe, a test name creates a new one.
 *
 * @throws ApiError 400 `resource_missing` for anything else
 */
export function resolvePaymentMethod(work: Work, nameOrId: string): PaymentMethod {
  const test = TEST_METHODS.get(nameOrId)
  if (!test) {
    return found(work.store.find('payment_method', nameOrId), noSuch('PaymentMethod', nameOrId, 'payment_method', 400))
  }
  const method = newPaymentMethod(test, work.now)
  work.store.insert('payment_method', method)
  return method
}

function newPaymentMethod(test: TestMethod, now: number): PaymentMethod {
  const base = {
    id: newId('pm'),
    object: 'payment_method' as const,
    allow_redisplay: 'unspecified' as const,
    billing_details: emptyBillingDetails(),
    created: now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
  }
  if (test.type === 'us_bank_account') {
    return { ...base, type: 'us_bank_account', us_bank_account: usBankAccount(test) }
  }
  return { ...base, type: 'card', card: card(test) }
}

function card(test: TestMethod): Stripe.PaymentMethod.Card {
  return {
    brand: test.brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: null },
    country: 'US',
    display_brand: test.brand,
    ...EXPIRY,
    fingerprint: fingerprintOf(test),
    funding: test.funding,
    generated_from: null,
    last4: test.last4,
    networks: { available: [test.brand], preferred: null },
    regulated_status: 'unregulated',
    three_d_secure_usage: { supported: true },
    wallet: null,
  }
}

function usBankAccount(test: TestMethod): Stripe.PaymentMethod.UsBankAccount {
  return {
    account_holder_type: 'individual',
    account_type: 'checking',
    bank_name: 'STRIPE TEST BANK',
    financial_connections_account: null,
    fingerprint: fingerprintOf(test),
    last4: test.last4,
    networks: { preferred: 'ach', supported: ['ach'] },
    routing_number: '110000000',
    status_details: null,
  }
}

/** The same for each payment method with the number, as at Stripe: it shows that a card is saved twice. */
function fingerprintOf({ type, brand, last4 }: TestMethod): string {
  return createHash('sha256').update(`${type} ${brand} ${last4}`).digest('base64url').replace(/[-_]/g, 'x').slice(0, 16)
}

export function emptyBillingDetails(): Stripe.PaymentMethod.BillingDetails {
  return {
    address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
    email: null,
    name: null,
    phone: null,
    tax_id: null,
  }
}
