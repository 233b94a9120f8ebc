import { describe, expect, it } from 'vitest'
import type { ListedIntent } from '../../src/reconciliation/domain/compare.ts'
import { reconcileDue } from '../../src/reconciliation/reconcile-due.ts'
import { reconcilePayments } from '../../src/reconciliation/reconcile-payments.ts'
import {
  aCapturedPayment,
  anIntent,
  aPayment,
  aRefund,
  aRefundReport,
  CUSTOMER,
  now,
  PAYMENT_ID,
  STAFF,
} from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

const listed = (over: Partial<ListedIntent> = {}): ListedIntent => ({ ...anIntent('succeeded'), refunded: 0, ...over })
const reconcile = ({ deps }: ReturnType<typeof aWorld>) => reconcilePayments(deps, STAFF, {})
const NOTHING = { compared: 0, applied: 0, discrepancies: 0, finished: true }

describe('comparing with Stripe', () => {
  it('applies changes that only Stripe has, and informs the order', async () => {
    const world = aWorld()
    world.payments.add(aPayment({ intentId: 'pi_1', state: 'requires_action', attemptUntil: null }))
    world.stripe.listed = [listed()]
    expect(await reconcile(world)).toEqual({ ok: true, value: { ...NOTHING, compared: 1, applied: 1 } })
    expect(world.payments.only.state).toBe('succeeded')
    expect(world.orders.told).toEqual(['payment.captured'])
  })

  it('applies refunds that were made in the dashboard', async () => {
    const world = aWorld()
    world.payments.add(aCapturedPayment())
    world.stripe.listed = [listed({ refunded: 700 })]
    world.stripe.refundReports = [aRefundReport({ refundId: null, amount: 700 })]
    expect(await reconcile(world)).toMatchObject({ value: { compared: 2, applied: 1, discrepancies: 0 } })
    expect(world.payments.only.refundedAmount).toBe(700)
  })

  it('settles a refund whose webhook never arrived', async () => {
    const world = aWorld()
    world.payments.add(aCapturedPayment())
    world.refunds.add(aRefund({ stripeRefundId: 're_1' }))
    world.stripe.refundReports = [aRefundReport()]
    expect(await reconcile(world)).toMatchObject({ value: { compared: 1, applied: 1 } })
    expect(world.payments.only.refundedAmount).toBe(2_500)
  })

  it('lists a discrepancy without one right answer, and changes nothing', async () => {
    const world = aWorld()
    world.payments.add(aCapturedPayment())
    world.stripe.listed = [listed({ amount: 2_400 })]
    expect(await reconcile(world)).toMatchObject({ value: { compared: 1, applied: 0, discrepancies: 1 } })
    expect(world.discrepancies).toEqual([
      { kind: 'payment_differs', subject: 'pi_1', paymentId: PAYMENT_ID, stripe: 'pi_1, 24 USD', shop: 'pi_1, 25 USD' },
    ])
    expect(world.deps.discrepancies.closeOthers).toHaveBeenCalledWith(
      expect.objectContaining({ subjects: ['pi_1'], found: [{ subject: 'pi_1', kind: 'payment_differs' }] }),
    )
  })

  it('lists captured money of a payment unknown to the shop', async () => {
    const world = aWorld()
    world.stripe.listed = [listed(), listed({ paymentId: null })]
    expect(await reconcile(world)).toMatchObject({ value: { compared: 2, discrepancies: 1 } })
    expect(world.discrepancies).toMatchObject([{ kind: 'payment_unknown', paymentId: null, stripe: '25 USD' }])
  })

  it('retries a minute later when Stripe does not answer', async () => {
    const world = aWorld()
    world.stripe.listed = undefined
    expect(await reconcile(world)).toMatchObject({ value: { finished: false } })
    expect(world.deps.reconciliation.endPage).toHaveBeenCalledWith(
      expect.objectContaining({ list: 'payment_intents' }),
      { from: new Date(0), after: null, nextAt: new Date(now.getTime() + 60_000) },
    )
  })

  it('continues after a full page, and starts again eight days before the end', async () => {
    const world = aWorld()
    world.deps.stripeIntents.list = async () => ({ found: [], last: 'pi_100' })
    expect(await reconcile(world)).toMatchObject({ value: { finished: false } })
    const { endPage } = world.deps.reconciliation
    expect(endPage).toHaveBeenCalledWith(expect.objectContaining({ list: 'payment_intents' }), {
      from: new Date(0),
      after: 'pi_100',
      nextAt: now,
    })
    expect(endPage).toHaveBeenCalledWith(expect.objectContaining({ list: 'refunds' }), {
      from: new Date(now.getTime() - 600_000 - 8 * 24 * 3_600_000),
      after: null,
      nextAt: new Date(now.getTime() + 3_600_000),
    })
  })
})

describe('staff who reconcile', () => {
  it.each([
    [{ kind: 'anonymous' as const }, 'authentication_required'],
    [CUSTOMER, 'forbidden'],
  ])('cannot be %j: %s', async (caller, code) => {
    expect(await reconcilePayments(aWorld().deps, caller, {})).toEqual({ ok: false, failure: { code } })
  })

  it('get an error when a comparison is already running', async () => {
    const { deps } = aWorld()
    deps.reconciliation.claimPage = async () => undefined
    expect(await reconcilePayments(deps, STAFF, {})).toEqual({
      ok: false,
      failure: { code: 'reconciliation_in_progress' },
    })
  })
})

describe('the sweep', () => {
  it('compares only what is due', async () => {
    const world = aWorld()
    world.stripe.listed = [listed({ paymentId: null })]
    expect(await reconcileDue(world.deps, 'payment_intents')).toBe(1)
    world.deps.reconciliation.claimPage = async () => undefined
    expect(await reconcileDue(world.deps, 'payment_intents')).toBe(0)
  })
})
