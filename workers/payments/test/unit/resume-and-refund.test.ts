import type { Refund } from '@shop/contracts'
import { ok } from '@shop/kernel'
import { describe, expect, it, vi } from 'vitest'
import { askStripe } from '../../src/operations/ask-stripe.ts'
import { executeRefund } from '../../src/operations/execute-refund.ts'
import { resumeAttempt } from '../../src/operations/resume-attempt.ts'
import { settleRefund } from '../../src/operations/settle-refund.ts'
import { aPayment, aRefund, depsWith, now } from '../support/builders.ts'

describe('a lost call that would charge', () => {
  it('is not made again for an order that was cancelled; one Stripe knows nothing of ends', async () => {
    const endAttempt = vi.fn(async () => {})
    const deps = depsWith({
      orders: { isPending: async () => ok(false) },
      provider: { findIntent: async () => ({ kind: 'absent' }) },
      store: { endAttempt },
    })
    await resumeAttempt(deps, aPayment())
    expect(endAttempt).toHaveBeenCalledOnce()
  })

  it('is not made again to confirm either: its PaymentIntent is looked at', async () => {
    const retrieveIntent = vi.fn(async () => ({ kind: 'unknown', isReplayed: false }))
    const deps = depsWith({ orders: { isPending: async () => ok(false) }, provider: { retrieveIntent } })
    await resumeAttempt(deps, aPayment({ intentId: 'pi_1', state: 'requires_payment_method', attempt: 2 }))
    expect(retrieveIntent).toHaveBeenCalledWith('pi_1')
  })

  it('is left for later while orders does not answer', async () => {
    const isPending = async () => ({ ok: false, failure: { code: 'service_unavailable' } })
    await resumeAttempt(depsWith({ orders: { isPending } }), aPayment())
  })

  it('is only looked at once its intent is known, since its key belongs to the creation', async () => {
    const retrieveIntent = vi.fn(async () => ({ kind: 'unknown', isReplayed: false }))
    await askStripe(
      depsWith({ provider: { retrieveIntent } }),
      aPayment({ intentId: 'pi_1', state: 'requires_action' }),
    )
    expect(retrieveIntent).toHaveBeenCalledWith('pi_1')
  })
})

describe('a lost capture', () => {
  it('is made again with its key and its amount', async () => {
    const captureIntent = vi.fn(async () => ({ kind: 'unknown', isReplayed: false }))
    const authorized = aPayment({ state: 'requires_capture', intentId: 'pi_1', attempt: 3, captureAmount: 700 })
    await askStripe(depsWith({ provider: { captureIntent } }), authorized)
    expect(captureIntent).toHaveBeenCalledWith({ intentId: 'pi_1', amount: 700, key: 'pay_1:3' })
  })
})

const HOUR_MS = 3_600_000
const UNKNOWN = { kind: 'unknown', isReplayed: false }
const REPLAYED = { kind: 'unknown', isReplayed: true }
const report = (over = {}) => ({
  stripeRefundId: 're_1',
  refundId: 'refund_1' as const,
  intentId: 'pi_1',
  amount: 2_500,
  currency: aRefund().currency,
  state: 'succeeded' as const,
  failure: null,
  ...over,
})
const told = { orderId: 'order_1', paymentId: 'pay_1', refundId: 'refund_1', amount: 2_500 }

/** A store with the payment of the refund, that settles as it is told. */
function aStore(over = {}) {
  return {
    find: async () => aPayment({ intentId: 'pi_1', state: 'succeeded' }),
    settleRefund: vi.fn(async ({ state, failure }: Pick<Refund, 'state' | 'failure'>) => ({
      refund: aRefund({ state, failure }),
      change: state === 'pending' ? null : state,
      told: state === 'succeeded' ? told : null,
    })),
    endRefundLease: vi.fn(async () => {}),
    confirmAnnounced: vi.fn(async () => {}),
    ...over,
  }
}

describe('a refund', () => {
  it('that Stripe has made and will not show is still on its way', async () => {
    const store = aStore()
    const retrieveRefund = async () => ({ kind: 'refused', reason: 'resource_missing' })
    const refund = aRefund({ stripeRefundId: 're_1' })
    expect(await executeRefund(depsWith({ provider: { retrieveRefund }, store }), refund)).toEqual(refund)
    expect(store.settleRefund).not.toHaveBeenCalled()
  })

  it('is asked for with its own id as the key, and orders are told', async () => {
    const refund = vi.fn(async () => ({ kind: 'refund', report: report() }))
    const applyRefund = vi.fn(async () => ok())
    const store = aStore()
    const deps = depsWith({ provider: { refund }, store, orders: { applyRefund } })
    expect(await executeRefund(deps, aRefund())).toMatchObject({ state: 'succeeded' })
    expect(refund).toHaveBeenCalledWith({ intentId: 'pi_1', amount: 2_500, key: 'refund_1', refundId: 'refund_1' })
    expect(applyRefund).toHaveBeenCalledWith(told)
    expect(store.confirmAnnounced).toHaveBeenCalledWith({ kind: 'refunded', key: 'refund_1', now })
  })

  it('of less than Stripe charges is not too small to give back', async () => {
    const refund = vi.fn(async () => UNKNOWN)
    await executeRefund(depsWith({ provider: { refund }, store: aStore() }), aRefund({ amount: 1 }))
    expect(refund).toHaveBeenCalledWith(expect.objectContaining({ amount: 1 }))
  })

  it('that is pending at Stripe is asked for by its id from then on', async () => {
    const retrieveRefund = vi.fn(async () => ({ kind: 'refund', report: report({ state: 'pending' }) }))
    const deps = depsWith({ provider: { retrieveRefund }, store: aStore() })
    expect(await executeRefund(deps, aRefund({ stripeRefundId: 're_1' }))).toMatchObject({ state: 'pending' })
    expect(retrieveRefund).toHaveBeenCalledWith('re_1')
  })

  it('that Stripe refuses is reported, for the money is still here', async () => {
    const store = aStore()
    const refuse = async () => ({ kind: 'refused', reason: 'charge_disputed' })
    const deps = depsWith({ provider: { refund: refuse }, store })
    expect(await executeRefund(deps, aRefund())).toMatchObject({ state: 'failed', failure: 'charge_disputed' })
    expect(deps.warn).toHaveBeenCalledOnce()
  })

  it('whose answer was lost stays reserved, and is nobody’s to ask for now', async () => {
    const store = aStore()
    const deps = depsWith({ provider: { refund: async () => UNKNOWN }, store })
    expect(await executeRefund(deps, aRefund())).toMatchObject({ state: 'pending' })
    expect(store.endRefundLease).toHaveBeenCalledWith('refund_1')
    expect(store.settleRefund).not.toHaveBeenCalled()
  })

  it('for whose key Stripe repeats a server error is looked for, and found', async () => {
    const findRefund = vi.fn(async () => ({ kind: 'refund', report: report() }))
    const provider = { refund: async () => REPLAYED, findRefund }
    const deps = depsWith({ provider, store: aStore(), orders: { applyRefund: async () => ok() } })
    expect(await executeRefund(deps, aRefund())).toMatchObject({ state: 'succeeded' })
    expect(findRefund).toHaveBeenCalledWith({ intentId: 'pi_1', refundId: 'refund_1' })
  })

  it('that Stripe never made is resolved anew where the shop owes it, and only there', async () => {
    const resolveRefund = vi.fn(async () => aRefund({ id: 'refund_2' }))
    const provider = { refund: async () => REPLAYED, findRefund: async () => ({ kind: 'absent' }) }
    await executeRefund(depsWith({ provider, store: aStore({ resolveRefund }) }), aRefund())
    expect(resolveRefund).toHaveBeenCalledOnce()
    const asked = aRefund({ reason: 'broken', actor: { kind: 'staff', userId: 'user_9' } })
    expect(await executeRefund(depsWith({ provider, store: aStore() }), asked)).toMatchObject({ state: 'failed' })
  })

  it.each([
    [24, 'pending'],
    [26, 'failed'],
  ])('that is %d hours old and not at Stripe is not asked for again: it is %s', async (hours, state) => {
    const provider = { findRefund: async () => ({ kind: 'absent' }) }
    const asked = aRefund({ reason: 'broken', actor: { kind: 'staff', userId: 'user_9' } })
    const at = () => new Date(now.getTime() + hours * HOUR_MS)
    expect(await executeRefund(depsWith({ provider, store: aStore(), now: at }), asked)).toMatchObject({ state })
  })

  it('that was made at Stripe becomes one of ours, unless it is of a payment that is not', async () => {
    const adoptRefund = vi.fn(async () => {})
    const settle = vi.fn().mockResolvedValueOnce(undefined)
    settle.mockResolvedValueOnce({ refund: aRefund({ state: 'succeeded' }), change: 'succeeded', told })
    const payment = aPayment({ state: 'succeeded', intentId: 'pi_1' })
    const store = aStore({ settleRefund: settle, adoptRefund, findByIntent: async () => payment })
    const orders = { applyRefund: async () => ok() }
    const settled = await settleRefund(depsWith({ store, orders }), report({ refundId: null }))
    expect(settled?.change).toBe('succeeded')
    expect(adoptRefund).toHaveBeenCalledWith(expect.objectContaining({ stripeRefundId: 're_1', amount: 2_500 }))

    const foreign = aStore({ settleRefund: async () => undefined, findByIntent: async () => undefined })
    expect(await settleRefund(depsWith({ store: foreign }), report({ refundId: null }))).toBeUndefined()
  })
})
