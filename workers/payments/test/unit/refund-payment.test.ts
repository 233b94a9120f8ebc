import type { OrderCredentials } from '@shop/contracts/orders/access'
import { describe, expect, it } from 'vitest'
import { refundCancelledOrder } from '../../src/refunds/execute-refund.ts'
import { type RefundPayment, refundPayment } from '../../src/refunds/refund-payment.ts'
import { retryRefunds } from '../../src/refunds/retry-refunds.ts'
import {
  aCapturedPayment,
  aPayment,
  aRefundReport,
  CUSTOMER,
  PAYMENT_ID,
  REFUND_ID,
  STAFF,
} from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

type World = ReturnType<typeof aWorld>
const UNKNOWN = { kind: 'unknown', isReplayed: false } as const

function captured(): World {
  const world = aWorld()
  world.payments.add(aCapturedPayment())
  return world
}

const refund = ({ deps }: World, request: Partial<RefundPayment> = {}, caller: OrderCredentials['caller'] = STAFF) =>
  refundPayment(deps, { caller, orderToken: null }, { paymentId: PAYMENT_ID, idempotencyKey: 'key', ...request })
const failureOf = async (answer: ReturnType<typeof refund>) => {
  const { result } = await answer
  return result.ok ? undefined : result.failure
}

describe('a refund of what gift cards paid', () => {
  it.each([
    ['is refused while the order is unpaid: cancelling it returns the amount', false, 'nothing_to_refund'],
    ['is credited to the cards once the order is paid', true, undefined],
  ])('%s', async (_, isPaid, failure) => {
    const world = aWorld()
    world.payments.add(aCapturedPayment({ method: 'gift_card', intentId: null }))
    world.orders.isPaid = isPaid
    expect((await failureOf(refund(world, { amount: 5 })))?.code).toBe(failure)
    expect(world.payments.only.reservedAmount).toBe(0)
  })
})

describe('refunding a payment', () => {
  it.each([
    [undefined, 2_500],
    [9.99, 999],
  ])('of %s refunds %d of 2500 minor units, and tells the order', async (amount, refunded) => {
    const world = captured()
    expect(await refund(world, { amount, reason: 'broken' })).toMatchObject({
      result: {
        ok: true,
        value: [{ state: 'succeeded', amount: refunded, reason: 'broken', actor: { kind: 'staff' } }],
      },
    })
    await world.settled()
    expect(world.payments.only).toMatchObject({ refundedAmount: refunded, reservedAmount: 0 })
    expect(world.orders.told).toEqual(['refund.succeeded'])
    expect(world.events.undelivered).toEqual([])
  })

  it('of more than is left is refused, naming what is left', async () => {
    const world = captured()
    await refund(world, { amount: 20 })
    expect(await failureOf(refund(world, { amount: 5.01, idempotencyKey: 'other' }))).toEqual({
      code: 'refund_exceeds_captured',
      left: 5,
      currency: 'USD',
    })
  })

  it('of a payment that was not captured is refused', async () => {
    const world = aWorld()
    world.payments.add(aPayment())
    expect(await failureOf(refund(world))).toMatchObject({ code: 'refund_exceeds_captured', left: 0 })
  })

  it('of an amount with more decimals than the currency is refused', async () => {
    expect(await failureOf(refund(captured(), { amount: 1.001 }))).toMatchObject({ code: 'invalid_amount' })
  })

  it('that Stripe refuses says so, releases the amount, and informs the order', async () => {
    const world = captured()
    world.stripe.answerNext('createRefund', { kind: 'refused', reason: 'charge_disputed' })
    expect(await failureOf(refund(world))).toEqual({
      code: 'refund_refused',
      refundId: REFUND_ID,
      reason: 'charge_disputed',
    })
    expect(world.payments.only).toMatchObject({ refundedAmount: 0, reservedAmount: 0 })
    expect(world.orders.told).toEqual(['refund.failed'])
  })

  it('with an unknown answer is pending with its amount reserved, and the sweep finds the outcome', async () => {
    const world = captured()
    world.stripe.answerNext('createRefund', UNKNOWN)
    expect(await refund(world)).toMatchObject({ result: { ok: true, value: [{ state: 'pending' }] } })
    expect(world.payments.only.reservedAmount).toBe(2_500)
    expect(await retryRefunds(world.deps, 50)).toBe(1)
    expect(world.stripe.calls).toEqual([`createRefund ${REFUND_ID}`, `createRefund ${REFUND_ID}`])
    expect(world.payments.only).toMatchObject({ refundedAmount: 2_500, reservedAmount: 0 })
  })

  it('leaves its event to the sweep while orders does not answer', async () => {
    const world = captured()
    world.orders.isDown = true
    expect(await refund(world)).toMatchObject({ result: { ok: true } })
    expect(world.events.undelivered).toEqual(['refund.succeeded'])
  })
})

describe('the caller of a refund', () => {
  it.each([
    [{ kind: 'anonymous' as const }, 'authentication_required'],
    [CUSTOMER, 'forbidden'],
    [{ kind: 'user' as const, userId: 'user_2' as const, role: 'customer' as const }, 'payment_not_found'],
  ])('%j is refused: %s', async (caller, code) => {
    const world = captured()
    expect(await failureOf(refund(world, {}, caller))).toEqual({ code })
    expect(world.refunds.rows).toEqual([])
  })
})

describe('the idempotency key of a refund', () => {
  it('is required', async () => {
    expect(await failureOf(refund(captured(), { idempotencyKey: undefined }))).toEqual({
      code: 'idempotency_key_required',
    })
  })

  it('repeats the first refund, even when nothing is left', async () => {
    const world = captured()
    const first = await refund(world)
    expect(await refund(world)).toMatchObject({ result: first.result, replayed: true })
    expect(world.refunds.rows).toHaveLength(1)
  })

  it('repeats a refusal', async () => {
    const world = captured()
    world.stripe.answerNext('createRefund', { kind: 'refused', reason: 'charge_disputed' })
    const first = await refund(world)
    expect(await refund(world)).toEqual({ ...first, replayed: true })
  })

  it('is refused with another request', async () => {
    const world = captured()
    await refund(world)
    expect(await failureOf(refund(world, { amount: 1 }))).toEqual({ code: 'idempotency_key_reused' })
  })

  it('is in flight while Stripe is being called', async () => {
    const world = captured()
    world.deps.refunds.endLease = async () => undefined
    world.stripe.answerNext('createRefund', UNKNOWN)
    await refund(world)
    expect(await failureOf(refund(world))).toEqual({ code: 'idempotency_in_flight' })
  })
})

describe('refunding a payment that its order could not take', () => {
  it('is done once', async () => {
    const world = captured()
    await refundCancelledOrder(world.deps, PAYMENT_ID)
    await refundCancelledOrder(world.deps, PAYMENT_ID)
    expect(world.stripe.calls).toEqual([`createRefund ${REFUND_ID}`])
  })

  it('refunds the amount that staff have left, or nothing', async () => {
    const world = captured()
    await refund(world, { amount: 20 })
    expect(await refundCancelledOrder(world.deps, PAYMENT_ID)).toMatchObject({ amount: 500 })
    const empty = captured()
    await refund(empty)
    expect(await refundCancelledOrder(empty.deps, PAYMENT_ID)).toBeUndefined()
  })
})

describe('a refund by staff', () => {
  it('that names no reason says that staff requested it', async () => {
    expect(await refund(captured())).toMatchObject({ result: { value: [{ reason: 'requested_by_staff' }] } })
  })

  it('has a key of its own for each member of staff', async () => {
    const world = captured()
    await refund(world, { amount: 1 })
    const colleague = { kind: 'user', userId: 'user_8', role: 'admin' } as const
    expect(await refund(world, { amount: 1 }, colleague)).toMatchObject({ result: { ok: true }, replayed: false })
    expect(world.refunds.rows.map(({ key }) => key?.scope)).toEqual(['user_9:refundPayment', 'user_8:refundPayment'])
  })

  it('is another request when its reason is another', async () => {
    const world = captured()
    await refund(world, { reason: 'broken' })
    expect(await failureOf(refund(world, { reason: 'late' }))).toEqual({ code: 'idempotency_key_reused' })
  })

  it('may have what other refunds have neither returned nor reserved', async () => {
    const world = captured()
    await refund(world, { amount: 10, idempotencyKey: 'first' })
    world.stripe.answerNext('createRefund', UNKNOWN)
    await refund(world, { amount: 5, idempotencyKey: 'second' })
    expect(world.payments.only).toMatchObject({ refundedAmount: 1_000, reservedAmount: 500 })
    expect(await failureOf(refund(world, { amount: 10.01 }))).toMatchObject({ left: 10 })
    expect(await refund(world, { amount: 10, idempotencyKey: 'last' })).toMatchObject({ result: { ok: true } })
  })

  it('that lost against another is told what is left now, not what was left when it began', async () => {
    const world = captured()
    world.deps.refunds.reserve = async () => ({ kind: 'exceeds', left: 100 })
    expect(await failureOf(refund(world))).toMatchObject({ left: 1 })
  })

  it('that failed for no stated reason was refused', async () => {
    const world = captured()
    world.stripe.answerNext('createRefund', { kind: 'refund', report: aRefundReport({ state: 'failed' }) })
    expect(await failureOf(refund(world))).toMatchObject({ code: 'refund_refused', reason: 'refused' })
  })
})
