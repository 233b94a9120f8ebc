import { describe, expect, it, vi } from 'vitest'
import { applyChargeReport } from '../../src/refunds/apply-charge-report.ts'
import { applyRefundReport } from '../../src/refunds/apply-refund-report.ts'
import { retryRefunds } from '../../src/refunds/retry-refunds.ts'
import { aCapturedPayment, aRefund, aRefundReport, EUR, now, PAYMENT_ID, REFUND_ID, USD } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

const IGNORED = { outcome: 'ignored', flag: null }
const ofDashboard = (over = {}) => aRefundReport({ refundId: null, stripeRefundId: 're_dashboard', ...over })
const after = (seconds: number) => new Date(now.getTime() + seconds * 1_000)

/** A world with a captured payment, and spies on what is written. */
function captured() {
  const world = aWorld()
  world.payments.add(aCapturedPayment())
  return {
    ...world,
    adopt: vi.spyOn(world.deps.refunds, 'adopt'),
    settle: vi.spyOn(world.deps.refunds, 'settle'),
    findByIntent: vi.spyOn(world.payments, 'findByIntent'),
  }
}

describe('a refund that was made in the dashboard', () => {
  it('is recorded as a refund of the system, which the sweep may settle after the time of one call', async () => {
    const { deps, adopt } = captured()
    await applyRefundReport(deps, ofDashboard({ amount: 700 }))
    expect(adopt).toHaveBeenCalledExactlyOnceWith({
      id: REFUND_ID,
      paymentId: PAYMENT_ID,
      stripeRefundId: 're_dashboard',
      amount: 700,
      reason: 'dashboard',
      actor: { kind: 'system' },
      now,
      leaseUntil: after(30),
    })
  })

  it('is recorded once, however often it is reported', async () => {
    const { deps, adopt, refunds, payments } = captured()
    for (let times = 0; times < 3; times += 1) await applyRefundReport(deps, ofDashboard({ amount: 700 }))
    expect(adopt).toHaveBeenCalledTimes(1)
    expect(refunds.rows).toHaveLength(1)
    expect(payments.only.refundedAmount).toBe(700)
  })

  it.each([
    ['that names a refund of the shop which does not exist', aRefundReport()],
    ['that names no charge', ofDashboard({ intentId: null })],
    ['that failed', ofDashboard({ state: 'failed', failure: 'declined' })],
    ['of a payment that is not the shop’s', ofDashboard({ intentId: 'pi_other' })],
    ['in another currency', ofDashboard({ currency: EUR })],
  ])('is not recorded for a report %s', async (_, report) => {
    const { deps, adopt, refunds, settle } = captured()
    await applyRefundReport(deps, report)
    expect(adopt).not.toHaveBeenCalled()
    expect(settle).toHaveBeenCalledTimes(1)
    expect(refunds.rows).toEqual([])
  })

  it('that failed is no difference either, since it moved nothing', async () => {
    const { deps, discrepancies } = captured()
    expect(await applyRefundReport(deps, ofDashboard({ state: 'failed', failure: 'declined' }))).toEqual(IGNORED)
    expect(discrepancies).toEqual([])
  })

  it('without a charge is no refund of any payment here', async () => {
    const { deps, findByIntent, discrepancies } = captured()
    expect(await applyRefundReport(deps, ofDashboard({ intentId: null }))).toEqual(IGNORED)
    expect(findByIntent).not.toHaveBeenCalled()
    expect(discrepancies).toEqual([])
  })
})

describe('a reported failure of a refund', () => {
  it('is listed for staff, because nobody waits for it', async () => {
    const { deps, refunds, settle } = captured()
    refunds.add(aRefund({ stripeRefundId: 're_1' }))
    const report = aRefundReport({ state: 'failed', failure: 'declined' })
    await applyRefundReport(deps, report)
    expect(settle).toHaveBeenCalledExactlyOnceWith({ ...report, isFailureKnown: false, now })
  })
})

describe('a reported charge', () => {
  it('whose refunds Stripe does not list fails as an outage of Stripe', async () => {
    const { deps, stripe } = captured()
    stripe.refundReports = undefined
    const report = { intentId: 'pi_1', currency: USD, refunded: 1 }
    await expect(applyChargeReport(deps, report)).rejects.toMatchObject({ name: 'Unavailable', dependency: 'stripe' })
  })
})

describe('pending refunds', () => {
  it('are claimed for as long as a call may take', async () => {
    const { deps } = captured()
    const claimDue = vi.spyOn(deps.refunds, 'claimDue')
    await retryRefunds(deps, 7)
    expect(claimDue).toHaveBeenCalledExactlyOnceWith({ now, leaseUntil: after(30), limit: 7 })
  })

  it('do not stop each other: one that fails is logged', async () => {
    const { deps, refunds } = captured()
    refunds.add(aRefund({ paymentId: 'pay_unknown' }))
    refunds.add(aRefund({ id: 'refund_2', amount: 100 }))
    expect(await retryRefunds(deps, 50)).toBe(2)
    expect(deps.warn).toHaveBeenCalledWith('sweep_item_failed', expect.objectContaining({ task: 'refund' }))
    expect(refunds.rows.map(({ state }) => state)).toEqual(['pending', 'succeeded'])
  })
})
