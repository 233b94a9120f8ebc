import type { Payment, Refund } from '@shop/contracts'
import { currency } from '@shop/kernel'
import { expect, vi } from 'vitest'
import type { PaymentsDeps } from '../../src/ports.ts'

export const now = new Date('2026-11-23T10:00:00.000Z')

/** 25.00 USD, being started with a card. */
export const aPayment = (over: Partial<Payment> = {}): Payment => ({
  id: 'pay_1',
  orderId: 'order_1',
  userId: 'user_1',
  amount: 2_500,
  currency: currency('USD'),
  state: 'starting',
  captureMethod: 'automatic',
  capturedAmount: 0,
  refundedAmount: 0,
  reservedAmount: 0,
  intentId: null,
  clientSecret: null,
  customerId: null,
  savesMethod: false,
  attempt: 1,
  attemptMethod: 'pm_card_visa',
  attemptUntil: now,
  captureAmount: null,
  authorizedAt: null,
  declineCode: null,
  createdAt: now,
  updatedAt: now,
  version: 1,
  ...over,
})

/** All of {@link aPayment}, to be given back because its order was cancelled. */
export const aRefund = (over: Partial<Refund> = {}): Refund => ({
  id: 'refund_1',
  paymentId: 'pay_1',
  orderId: 'order_1',
  amount: 2_500,
  currency: currency('USD'),
  state: 'pending',
  stripeRefundId: null,
  reason: 'order_cancelled',
  actor: { kind: 'system' },
  failure: null,
  leaseUntil: now,
  createdAt: now,
  ...over,
})

/** Dependencies of which a test says what matters to it; anything else that is called fails the test. */
export function depsWith(parts: {
  provider?: object
  store?: object
  orders?: object
  records?: object
  now?: () => Date
}): PaymentsDeps {
  const strict = (name: string, given: object = {}) =>
    new Proxy(given, {
      get: (target, method) =>
        Reflect.get(target, method) ?? (() => expect.unreachable(`${name}.${String(method)} was called`)),
    })
  const deps = {
    provider: strict('provider', parts.provider),
    store: strict('store', parts.store),
    orders: strict('orders', parts.orders),
    records: strict('records', parts.records),
    now: parts.now ?? (() => now),
    warn: vi.fn(),
    later: vi.fn(),
    newRefundId: () => 'refund_2',
    attemptSeconds: 30,
    captureMethod: 'automatic',
  }
  // A test fills in what its operation uses.
  return deps as unknown as PaymentsDeps
}
