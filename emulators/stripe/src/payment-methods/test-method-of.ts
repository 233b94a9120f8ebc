import type Stripe from 'stripe'
import { TEST_METHODS, type TestMethod } from './test-methods.ts'

/** The expiry date of every test card. */
export const EXPIRY = { exp_month: 12, exp_year: 2034 }

const BY_LAST4 = new Map<string | undefined, TestMethod>()
for (const test of TEST_METHODS.values()) if (!BY_LAST4.has(test.last4)) BY_LAST4.set(test.last4, test)

/** The behaviour of a payment method, which its number decides, as with Stripe's test cards. */
export function testMethodOf(method: Stripe.PaymentMethod): TestMethod {
  const test = BY_LAST4.get(method.card?.last4 ?? method.us_bank_account?.last4 ?? undefined)
  if (test) return test
  throw new Error(`No test method has the number of ${method.id}`)
}
