import { describe, expect, it, vi } from 'vitest'
import type { Payment } from '../../src/payments/domain/payment.ts'
import type { Refund, RefundAnswer } from '../../src/refunds/domain/refund.ts'
import { executeRefund } from '../../src/refunds/execute-refund.ts'
import { aCapturedPayment, aRefund, aRefundReport, now, PAYMENT_ID, REFUND_ID } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

const UNKNOWN = { kind: 'unknown', isReplayed: false } as const
const REPLAYED = { kind: 'unknown', isReplayed: true } as const
const STAFF_REFUND = { reason: 'broken', actor: { kind: 'staff', userId: 'user_9' } } as const

/** A world with a reserved refund of a captured payment. */
function reserved(refund: Partial<Refund> = {}, payment: Partial<Payment> = {}) {
  const world = aWorld()
  world.payments.add(aCapturedPayment(payment))
  return { ...world, refund: world.refunds.add(aRefund(refund)) }
}

describe('a reserved refund', () => {
  it('is sent to Stripe with its own id as the key, and the order is informed', async () => {
    const { refund, ...world } = reserved()
    expect(await executeRefund(world.deps, refund)).toMatchObject({ state: 'succeeded' })
    expect(world.stripe.calls).toEqual([`createRefund ${REFUND_ID}`])
    expect(world.orders.told).toEqual(['refund.succeeded'])
  })

  it('that is settled is not sent again', async () => {
    const { refund, ...world } = reserved({ state: 'succeeded' })
    expect(await executeRefund(world.deps, refund)).toEqual(refund)
    expect(world.stripe.calls).toEqual([])
  })

  it('that Stripe has received is read, since its key would only repeat that it is pending', async () => {
    const { refund, ...world } = reserved({ stripeRefundId: 're_1' })
    expect(await executeRefund(world.deps, refund)).toMatchObject({ state: 'succeeded' })
    expect(world.stripe.calls).toEqual(['retrieveRefund re_1'])
  })

  it('that Stripe reports as pending stays pending', async () => {
    const { refund, ...world } = reserved({ stripeRefundId: 're_1' })
    world.stripe.answerNext('retrieveRefund', { kind: 'refund', report: aRefundReport({ state: 'pending' }) })
    expect(await executeRefund(world.deps, refund)).toMatchObject({ state: 'pending' })
    expect(world.payments.only.reservedAmount).toBe(2_500)
  })

  it('that Stripe has received and refuses to show is still pending', async () => {
    const { refund, ...world } = reserved({ stripeRefundId: 're_1' })
    world.stripe.answerNext('retrieveRefund', { kind: 'refused', reason: 'resource_missing' })
    expect(await executeRefund(world.deps, refund)).toMatchObject({ state: 'pending' })
    expect(world.refunds.rows[0]?.state).toBe('pending')
  })

  it('that Stripe refuses is logged, since the shop still has the money', async () => {
    const { refund, ...world } = reserved()
    world.stripe.answerNext('createRefund', { kind: 'refused', reason: 'charge_disputed' })
    expect(await executeRefund(world.deps, refund)).toMatchObject({ state: 'failed', failure: 'charge_disputed' })
    expect(world.deps.warn).toHaveBeenCalledWith('refund_failed', expect.objectContaining({ change: 'failed' }))
  })

  it('whose answer was lost stays reserved, and may be resumed at once', async () => {
    const { refund, ...world } = reserved()
    world.stripe.answerNext('createRefund', UNKNOWN)
    expect(await executeRefund(world.deps, refund)).toMatchObject({ state: 'pending' })
    expect(world.refunds.rows[0]).toMatchObject({ state: 'pending', leaseUntil: null })
  })

  it('for whose key Stripe repeats a server error is looked up', async () => {
    const { refund, ...world } = reserved()
    world.stripe.answerNext('createRefund', REPLAYED)
    world.stripe.answerNext('findRefund', { kind: 'refund', report: aRefundReport() })
    expect(await executeRefund(world.deps, refund)).toMatchObject({ state: 'succeeded' })
  })

  it('that Stripe never made is reserved again if the shop owes it', async () => {
    const { refund, ...world } = reserved()
    world.refunds.rows[0] = { ...refund, dedupKey: 'order_cancelled' }
    world.stripe.answerNext('createRefund', REPLAYED)
    expect(await executeRefund(world.deps, refund)).toMatchObject({ state: 'failed', failure: 'not_made' })
    expect(world.refunds.rows.map(({ state }) => state)).toEqual(['failed', 'pending'])
    expect(world.payments.only.reservedAmount).toBe(2_500)
  })

  it('that Stripe never made is ended and reserved anew in one transaction, so that no crash loses it', async () => {
    const { refund, ...world } = reserved()
    world.refunds.rows[0] = { ...refund, dedupKey: 'order_cancelled' }
    world.stripe.answerNext('createRefund', REPLAYED)
    const settle = vi.spyOn(world.deps.refunds, 'settle')
    await executeRefund(world.deps, refund)
    expect(settle).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ failure: 'not_made' }),
      expect.objectContaining({ paymentId: refund.paymentId, reason: 'order_cancelled', amount: undefined }),
    )
  })

  it('that Stripe never made fails if staff requested it', async () => {
    const { refund, ...world } = reserved(STAFF_REFUND)
    world.stripe.answerNext('createRefund', REPLAYED)
    expect(await executeRefund(world.deps, refund)).toMatchObject({ state: 'failed', failure: 'not_made' })
    expect(world.refunds.rows).toHaveLength(1)
  })

  it.each([
    [24, 'pending'],
    [26, 'failed'],
  ])('that is %d hours old and not at Stripe is not asked for again: it is %s', async (hours, state) => {
    const { refund, ...world } = reserved(STAFF_REFUND)
    world.passHours(hours)
    expect(await executeRefund(world.deps, refund)).toMatchObject({ state })
    expect(world.stripe.calls).toEqual([`findRefund ${REFUND_ID}`])
  })

  it('of a payment without a charge is a bug', async () => {
    const { refund, ...world } = reserved({}, { intentId: null })
    await expect(executeRefund(world.deps, refund)).rejects.toThrow('has no charge to refund')
  })
})

describe('a refund that failed', () => {
  const REFUSED = { kind: 'refused', reason: 'charge_disputed' } as const
  const settling = async (refund: Partial<Refund>, answer: RefundAnswer, isAwaited: boolean) => {
    const world = reserved(refund)
    const settle = vi.spyOn(world.deps.refunds, 'settle')
    world.stripe.answerNext('createRefund', answer)
    await executeRefund(world.deps, world.refund, isAwaited ? world.payments.only : undefined)
    return settle.mock.calls.map(([outcome, anew]) => ({ isFailureKnown: outcome.isFailureKnown, anew }))
  }

  it('is listed for staff unless a caller is told at once', async () => {
    expect(await settling(STAFF_REFUND, REFUSED, false)).toEqual([{ isFailureKnown: false, anew: undefined }])
    expect(await settling(STAFF_REFUND, REFUSED, true)).toEqual([{ isFailureKnown: true, anew: undefined }])
  })

  it('since Stripe refuses it is not made anew, even if the shop owes it', async () => {
    expect(await settling({}, REFUSED, false)).toEqual([{ isFailureKnown: false, anew: undefined }])
  })

  it('since Stripe never made it is made anew if the shop owes it, and then is nothing for staff', async () => {
    const [settled] = await settling({}, REPLAYED, false)
    expect(settled).toEqual({
      isFailureKnown: true,
      anew: {
        id: expect.stringMatching(/^refund_/),
        paymentId: PAYMENT_ID,
        amount: undefined,
        reason: 'order_cancelled',
        actor: { kind: 'system' },
        now,
        leaseUntil: new Date(now.getTime() + 30_000),
      },
    })
  })
})

describe('looking a refund up', () => {
  it.each([
    [0, REPLAYED],
    [24, undefined],
  ])('that is %d hours old searches the refunds of its charge for its id', async (hours, first) => {
    const { refund, ...world } = reserved()
    const find = vi.spyOn(world.deps.stripeRefunds, 'find')
    if (first !== undefined) world.stripe.answerNext('createRefund', first)
    world.stripe.answerNext('findRefund', { kind: 'refund', report: aRefundReport() })
    world.passHours(hours)
    expect(await executeRefund(world.deps, refund)).toMatchObject({ state: 'succeeded' })
    expect(find).toHaveBeenCalledExactlyOnceWith({ intentId: 'pi_1', refundId: REFUND_ID })
  })

  it('of a payment that is gone is a bug', async () => {
    const { refund, ...world } = reserved()
    world.deps.payments.find = async () => undefined
    await expect(executeRefund(world.deps, refund)).rejects.toThrow(`Refund ${REFUND_ID} has no charge to refund`)
    expect(world.stripe.calls).toEqual([])
  })

  it('whose row is gone is a bug', async () => {
    const { refund, ...world } = reserved()
    world.deps.refunds.settle = async () => undefined
    await expect(executeRefund(world.deps, refund)).rejects.toThrow(`There is no refund ${REFUND_ID}`)
  })
})

describe('a refund that is made anew', () => {
  it('is logged, and its failure is not told to the order', async () => {
    const { refund, ...world } = reserved()
    world.refunds.rows[0] = { ...refund, dedupKey: 'order_cancelled' }
    world.stripe.answerNext('createRefund', REPLAYED)
    await executeRefund(world.deps, refund)
    expect(world.orders.told).toEqual([])
    expect(world.deps.warn).toHaveBeenCalledExactlyOnceWith('refund_failed', {
      refundId: REFUND_ID,
      paymentId: PAYMENT_ID,
      change: 'failed',
      failure: 'not_made',
    })
  })
})
