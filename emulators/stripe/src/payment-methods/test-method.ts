import type Stripe from 'stripe'
import { TEST_METHODS, type TestMethod } from '../test-methods.ts'

/** Of every test card. */
export const EXPIRY = { exp_month: 12, exp_year: 2034 }

const BY_LAST4 = new Map<string | undefined, TestMethod>()
for (const test of TEST_METHODS.values()) if (!BY_LAST4.has(test.last4)) BY_LAST4.set(test.last4, test)

/** As with real test cards, the number decides what happens. */
export function testMethodOf(method: Stripe.PaymentMethod): TestMethod {
  const test = BY_LAST4.get(method.card?.last4 ?? method.us_bank_account?.last4 ?? undefined)
  if (test) return test
  throw new Error(`No test method has the number of ${method.id}`)
}
