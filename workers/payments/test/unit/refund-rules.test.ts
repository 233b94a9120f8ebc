import { describe, expect, it } from 'vitest'
import {
  detailsOf,
  differenceToReport,
  howToFollow,
  howToResumeRefund,
  isAutomatic,
  isMadeAnew,
  refundOutcome,
} from '../../src/refunds/domain/refund.ts'
import { aRefund, aRefundReport, now, PAYMENT_ID, REFUND_ID, USD } from '../support/builders.ts'

const HOUR_MS = 3_600_000

describe('a refund whose answer is unknown', () => {
  it.each([
    [0, 'ask'],
    [23 * HOUR_MS - 1, 'ask'],
    [23 * HOUR_MS, 'look_up'],
    [25 * HOUR_MS - 1, 'look_up'],
    [25 * HOUR_MS, 'give_up'],
    [90 * HOUR_MS, 'give_up'],
  ] as const)('and that is %d ms old: %s', (ageMs, way) => {
    expect(howToResumeRefund({ createdAt: new Date(now.getTime() - ageMs) }, now)).toBe(way)
  })
})

describe('an automatic refund', () => {
  it.each([
    [{ kind: 'system' } as const, 'order_cancelled', true],
    // Made in the dashboard.
    [{ kind: 'system' } as const, 'dashboard', false],
    // Staff chose the same words.
    [{ kind: 'staff', userId: 'user_9' } as const, 'order_cancelled', false],
  ])('is one that the shop makes itself: %j for %s is %s', (actor, reason, expected) => {
    expect(isAutomatic({ actor, reason })).toBe(expected)
  })
})

describe('the outcome of a request for a refund', () => {
  const refund = aRefund({ stripeRefundId: 're_1' })
  const failed = { refundId: REFUND_ID, stripeRefundId: 're_1', amount: 2_500, currency: USD, state: 'failed' }

  it('is open while the answer is unknown', () => {
    expect(refundOutcome(refund, { kind: 'unknown', isReplayed: true })).toBeUndefined()
  })

  it('is what Stripe reports, of the refund that was asked for', () => {
    const report = aRefundReport({ refundId: null, stripeRefundId: 're_2', amount: 700, state: 'pending' })
    expect(refundOutcome(refund, { kind: 'refund', report })).toEqual({
      refundId: REFUND_ID,
      stripeRefundId: 're_2',
      amount: 700,
      currency: USD,
      state: 'pending',
      failure: null,
    })
  })

  it('is a failure for the reason of the refusal, or because Stripe has none', () => {
    expect(refundOutcome(refund, { kind: 'refused', reason: 'charge_disputed' })).toEqual({
      ...failed,
      failure: 'charge_disputed',
    })
    expect(refundOutcome(refund, { kind: 'absent' })).toEqual({ ...failed, failure: 'not_made' })
  })

  it('is a success where gift cards got it', () => {
    expect(refundOutcome(refund, { kind: 'credited' })).toEqual({ ...failed, state: 'succeeded', failure: null })
  })
})

describe('a further part of a refund', () => {
  it.each([
    [{ state: 'pending', stripeRefundId: null }, 'wait'],
    [{ state: 'pending', stripeRefundId: 're_1' }, 'make'],
    [{ state: 'succeeded', stripeRefundId: null }, 'make'],
    [{ state: 'failed', stripeRefundId: null }, 'give_up'],
    [{ state: 'failed', stripeRefundId: 're_1' }, 'give_up'],
  ] as const)('follows a first part that is %j: %s', (first, way) => {
    expect(howToFollow(first)).toBe(way)
  })
})

describe('what orders are told of a refund', () => {
  const byStaff = { kind: 'staff', userId: 'user_9' } as const

  it('is why, by whom, and whether it was money', () => {
    expect(detailsOf(aRefund({ reason: 'late', actor: byStaff }))).toEqual({
      ...{
        reason: 'late',
        actor: byStaff,
        isCredit: false,
        isCounted: false,
        isReversal: false,
        hasStandingPart: false,
      },
    })
  })

  it.each([
    ['card', {}, { isCredit: false, isCounted: false }],
    ['given', {}, { isCredit: true, isCounted: true }],
    ['given', { actor: byStaff }, { isCredit: true, isCounted: false }],
    ['store_credit', {}, { isCredit: true, isCounted: false }],
  ] as const)(
    'to %s with %j is %j: the order counts itself what its cancellation gave back to gift cards',
    (destination, over, told) => {
      expect(detailsOf(aRefund({ destination, ...over }))).toMatchObject(told)
    },
  )
})

describe('a refund at Stripe that is more than is left of its payment', () => {
  it('is listed for staff, with what Stripe has', () => {
    expect(differenceToReport(aRefundReport({ amount: 2_550 }), PAYMENT_ID)).toEqual({
      ...{ kind: 'refund_not_booked', subject: 're_1', paymentId: PAYMENT_ID },
      ...{ stripe: '25.5 USD, succeeded', shop: null },
    })
  })
})

describe('a failed refund', () => {
  it('is made anew only if the shop owes it and Stripe never made it', () => {
    const owed = aRefund({ state: 'failed', failure: 'not_made' })
    const byStaff = { kind: 'staff', userId: 'user_9' } as const
    expect(isMadeAnew(owed)).toBe(true)
    expect(isMadeAnew({ ...owed, failure: 'charge_disputed' })).toBe(false)
    expect(isMadeAnew({ ...owed, actor: byStaff })).toBe(false)
  })
})
