import { describe, expect, it, vi } from 'vitest'
import { type CapturePayment, capturePayment } from '../../src/payments/capture-payment.ts'
import type { Payment } from '../../src/payments/domain/payment.ts'
import {
  aCapturedPayment,
  anAuthorizedPayment,
  anIntent,
  CUSTOMER,
  now,
  PAYMENT_ID,
  STAFF,
} from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

type World = ReturnType<typeof aWorld>

function withPayment(payment: Payment = anAuthorizedPayment()): World {
  const world = aWorld({ captureMethod: 'manual' })
  world.payments.add(payment)
  return world
}

const capture = (
  { deps }: World,
  request: Partial<CapturePayment> = {},
  caller: Parameters<typeof capturePayment>[1]['caller'] = STAFF,
) => capturePayment(deps, { caller, orderToken: null }, { paymentId: PAYMENT_ID, idempotencyKey: 'key', ...request })
const failureOf = async (answer: ReturnType<typeof capture>) => {
  const { result } = await answer
  return result.ok ? undefined : result.failure
}

describe('capturing a payment', () => {
  it.each([
    [undefined, 2_500],
    [20, 2_000],
    [0.01, 1],
  ])('of %s captures %d of 2500 minor units', async (amount, captured) => {
    const world = withPayment()
    expect(await capture(world, { amount })).toMatchObject({
      result: { ok: true, value: { capturedAmount: captured } },
    })
    expect(world.stripe.calls).toEqual([`capture ${captured} ${PAYMENT_ID}:2`])
    expect(world.orders.told).toEqual(['payment.captured'])
  })

  it('of more than was authorized is refused', async () => {
    expect(await failureOf(capture(withPayment(), { amount: 25.01 }))).toEqual({
      code: 'capture_exceeds_authorized',
      authorized: 25,
      currency: 'USD',
    })
  })

  it('of an amount with more decimals than the currency is refused', async () => {
    expect(await failureOf(capture(withPayment(), { amount: 1.001 }))).toMatchObject({ code: 'invalid_amount' })
  })

  it('is refused for a payment that is not authorized, naming its state', async () => {
    const world = withPayment(aCapturedPayment())
    expect(await failureOf(capture(world))).toEqual({ code: 'payment_not_capturable', paymentStatus: 'succeeded' })
    expect(world.keys.rows).toEqual([])
  })

  it('is refused while another capture is in progress', async () => {
    const world = withPayment(anAuthorizedPayment({ attemptUntil: now }))
    expect(await failureOf(capture(world))).toEqual({ code: 'payment_in_progress' })
  })

  it('with an unknown answer is left to the sweep, with its amount', async () => {
    const world = withPayment()
    world.stripe.answerNext('capture', { kind: 'unknown', isReplayed: false })
    expect(await failureOf(capture(world, { amount: 20 }))).toEqual({ code: 'payment_provider_unavailable' })
    expect(world.payments.only).toMatchObject({ captureAmount: 2_000, attempt: 2 })
  })

  it('that the bank declines says so', async () => {
    const world = withPayment()
    const intent = anIntent('requires_capture', { declineCode: 'expired_card' })
    world.stripe.answerNext('capture', { kind: 'declined', intent, declineCode: 'expired_card' })
    expect(await failureOf(capture(world))).toMatchObject({ code: 'payment_declined', declineCode: 'expired_card' })
  })

  it('is refused when the authorization has ended', async () => {
    const world = withPayment()
    world.stripe.answerNext('capture', { kind: 'intent', intent: anIntent('canceled') })
    expect(await failureOf(capture(world))).toEqual({ code: 'payment_not_capturable', paymentStatus: 'canceled' })
    expect(world.orders.told).toEqual(['payment.authorization_lost'])
  })

  it('for an order that cannot take it answers with the capture, which is refunded', async () => {
    const world = withPayment()
    world.orders.isCancelled = true
    expect(await capture(world)).toMatchObject({ result: { ok: true, value: { capturedAmount: 2_500 } } })
    expect(world.payments.only.refundedAmount).toBe(2_500)
  })
})

describe('the caller of a capture', () => {
  it.each([
    [{ kind: 'anonymous' as const }, 'authentication_required'],
    [CUSTOMER, 'forbidden'],
    [{ kind: 'user' as const, userId: 'user_2' as const, role: 'customer' as const }, 'payment_not_found'],
  ])('%j is refused: %s', async (caller, code) => {
    expect(await failureOf(capture(withPayment(), {}, caller))).toEqual({ code })
  })

  it('needs a payment that exists', async () => {
    expect(await failureOf(capture(aWorld()))).toEqual({ code: 'payment_not_found' })
    expect(await failureOf(capture(aWorld(), { paymentId: 'no id' }))).toEqual({ code: 'payment_not_found' })
  })
})

describe('the idempotency key of a capture', () => {
  it('is required', async () => {
    const refused = await failureOf(capture(withPayment(), { idempotencyKey: undefined }))
    expect(refused).toEqual({ code: 'idempotency_key_required' })
  })

  it('repeats the first answer, and captures once', async () => {
    const world = withPayment()
    const first = await capture(world, { amount: 20 })
    expect(await capture(world, { amount: 20 })).toEqual({ ...first, replayed: true })
    expect(world.stripe.calls).toHaveLength(1)
  })

  it('is refused with another amount', async () => {
    const world = withPayment()
    await capture(world, { amount: 20 })
    expect(await failureOf(capture(world, { amount: 10 }))).toEqual({ code: 'idempotency_key_reused' })
  })
})

describe('two members of staff', () => {
  it('have keys of their own', async () => {
    const world = withPayment()
    await capture(world, { amount: 20 })
    await capture(world, { amount: 20 }, { kind: 'user', userId: 'user_8', role: 'admin' })
    expect(world.keys.rows.map(({ scope }) => scope)).toEqual(['user_9:capturePayment'])
    const claim = vi.spyOn(world.keys, 'claim')
    await capture(world, { amount: 20 }, { kind: 'user', userId: 'user_8', role: 'admin' })
    expect(claim.mock.calls[0]?.[0]).toMatchObject({ scope: 'user_8:capturePayment', key: 'key' })
  })
})
