import { currency, ok, type Payment, type Refund } from '@shop/contracts'
import { describe, expect, it, vi } from 'vitest'
import { askStripe } from '../../src/operations/ask-stripe.ts'
import { executeRefund } from '../../src/operations/execute-refund.ts'
import { resumeAttempt } from '../../src/operations/resume-attempt.ts'
import type { PaymentsDeps } from '../../src/ports.ts'

const now = new Date('2026-11-23T10:00:00.000Z')
const payment = (over: Partial<Payment> = {}): Payment => ({
  id: 'pay_1',
  orderId: 'order_1',
  userId: 'user_1',
  amount: 2_500,
  currency: currency('USD'),
  state: 'starting',
  intentId: null,
  clientSecret: null,
  attempt: 1,
  attemptMethod: 'pm_card_visa',
  attemptUntil: now,
  declineCode: null,
  createdAt: now,
  updatedAt: now,
  version: 1,
  ...over,
})
const refund = (over: Partial<Refund> = {}): Refund => ({
  id: 'refund_1',
  paymentId: 'pay_1',
  orderId: 'order_1',
  amount: 2_500,
  currency: currency('USD'),
  state: 'pending',
  stripeRefundId: null,
  reason: 'order_cancelled',
  createdAt: now,
  ...over,
})

/** Dependencies of which a test says what matters to it; anything else that is called fails the test. */
function depsWith(parts: { provider?: object; store?: object; orders?: object }): PaymentsDeps {
  const strict = (name: string, given: object = {}) =>
    new Proxy(given, {
      get: (target, method) =>
        Reflect.get(target, method) ?? (() => expect.unreachable(`${name}.${String(method)} was called`)),
    })
  const deps = {
    provider: strict('provider', parts.provider),
    store: strict('store', parts.store),
    orders: strict('orders', parts.orders),
    now: () => now,
    warn: vi.fn(),
    attemptSeconds: 30,
  }
  // A test fills in what its operation uses.
  return deps as unknown as PaymentsDeps
}

describe('a lost call that would charge', () => {
  it('is not made again for an order that was cancelled; one Stripe knows nothing of ends', async () => {
    const endAttempt = vi.fn(async () => {})
    const deps = depsWith({
      orders: { isPending: async () => ok(false) },
      provider: { findIntent: async () => ({ kind: 'absent' }) },
      store: { endAttempt },
    })
    await resumeAttempt(deps, payment())
    expect(endAttempt).toHaveBeenCalledOnce()
  })

  it('is left for later while orders does not answer', async () => {
    const isPending = async () => ({ ok: false, failure: { code: 'service_unavailable' } })
    await resumeAttempt(depsWith({ orders: { isPending } }), payment())
  })

  it('is only looked at once its intent is known, since its key belongs to the creation', async () => {
    const retrieveIntent = vi.fn(async () => ({ kind: 'unknown', isReplayed: false }))
    await askStripe(depsWith({ provider: { retrieveIntent } }), payment({ intentId: 'pi_1', state: 'requires_action' }))
    expect(retrieveIntent).toHaveBeenCalledWith('pi_1')
  })
})

describe('a refund', () => {
  it('that is pending at Stripe is asked for by its id from then on', async () => {
    const saveRefund = vi.fn(async () => {})
    const asking = depsWith({
      provider: { refund: async () => ({ kind: 'refund', stripeRefundId: 're_1', state: 'pending' }) },
      store: { find: async () => payment({ intentId: 'pi_1', state: 'succeeded' }), saveRefund },
    })
    await executeRefund(asking, refund())
    expect(saveRefund).toHaveBeenCalledWith({ id: 'refund_1', state: 'pending', stripeRefundId: 're_1', now })

    const applyRefund = vi.fn(async () => ok())
    const following = depsWith({
      provider: { retrieveRefund: async () => ({ kind: 'refund', stripeRefundId: 're_1', state: 'succeeded' }) },
      store: { saveRefund, confirmRefund: async () => {} },
      orders: { applyRefund },
    })
    await executeRefund(following, refund({ stripeRefundId: 're_1' }))
    expect(saveRefund).toHaveBeenLastCalledWith({ id: 'refund_1', state: 'succeeded', stripeRefundId: 're_1', now })
    expect(applyRefund).toHaveBeenCalledOnce()
  })

  it('that Stripe refuses is reported, for the money is still here', async () => {
    const saveRefund = vi.fn(async () => {})
    const deps = depsWith({
      provider: { refund: async () => ({ kind: 'refused' }) },
      store: { find: async () => payment({ intentId: 'pi_1', state: 'succeeded' }), saveRefund },
    })
    await executeRefund(deps, refund())
    expect(saveRefund).toHaveBeenCalledWith({ id: 'refund_1', state: 'failed', stripeRefundId: null, now })
    expect(deps.warn).toHaveBeenCalledOnce()
  })

  it('whose answer was lost stays as it is', async () => {
    const deps = depsWith({
      provider: { refund: async () => ({ kind: 'unknown' }) },
      store: { find: async () => payment({ intentId: 'pi_1', state: 'succeeded' }) },
    })
    await executeRefund(deps, refund())
  })
})
