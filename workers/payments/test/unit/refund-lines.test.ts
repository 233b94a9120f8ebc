import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { sweepAll } from '@shop/testing/sweep'
import { describe, expect, it } from 'vitest'
import { type RefundPayment, refundPayment } from '../../src/refunds/refund-payment.ts'
import { releaseUnmadeRefunds } from '../../src/refunds/release-unmade-refunds.ts'
import { paymentsTasks } from '../../src/sweep.ts'
import { aCapturedPayment, aRefund, PAYMENT_ID, STAFF } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

type World = ReturnType<typeof aWorld>
const LINES = { items: [{ lineId: 'line_1', quantity: 1 }], shipping: 0, restockingFee: 0 }

function captured(): World {
  const world = aWorld()
  world.payments.add(aCapturedPayment())
  return world
}

const refund = ({ deps }: World, request: Partial<RefundPayment> = {}) =>
  refundPayment(
    deps,
    { caller: STAFF, orderToken: null },
    { paymentId: PAYMENT_ID, idempotencyKey: 'key', lines: LINES, ...request },
  )
const failureOf = async (answer: ReturnType<typeof refund>) => {
  const { result } = await answer
  return result.ok ? undefined : result.failure
}

describe('a refund by line', () => {
  it('refunds what orders says that the units are worth', async () => {
    const world = captured()
    expect(await refund(world, { reason: 'broken' })).toMatchObject({
      result: { ok: true, value: [{ state: 'succeeded', amount: 1_000, reason: 'broken' }] },
    })
    expect(world.payments.only).toMatchObject({ refundedAmount: 1_000, reservedAmount: 0 })
    expect([...world.orders.lineRefunds.keys()]).toEqual(world.refunds.rows.map(({ id }) => id))
  })

  it('is refused as orders refuses it, and reserves no money', async () => {
    const world = captured()
    const failure = { code: 'quantity_exceeds_refundable', lineId: 'line_1', requested: 2, left: 1 } as const
    world.orders.lineAmount = { ok: false, failure }
    expect(await failureOf(refund(world))).toEqual(failure)
    expect(world.refunds.rows).toEqual([])
  })

  it('of more than is left of the payment is refused, and its units are given back', async () => {
    const world = captured()
    await refund(world, { lines: undefined, amount: 20 })
    expect(await failureOf(refund(world, { idempotencyKey: 'other' }))).toMatchObject({
      code: 'refund_exceeds_captured',
      left: 5,
    })
    expect(world.orders.lineRefunds.size).toBe(0)
  })

  it('of an amount that Stripe does not take in its currency gives its units back', async () => {
    const world = aWorld()
    world.payments.add(aCapturedPayment({ currency: currency('KWD'), amount: 250_000, capturedAmount: 250_000 }))
    world.orders.lineAmount = { ok: true, value: { amount: 1_011 } }
    expect(await failureOf(refund(world))).toMatchObject({ code: 'amount_not_chargeable' })
    expect(world.orders.lineRefunds.size).toBe(0)
  })

  it.each([
    ['shipping', { shipping: 1.001 }],
    ['fee', { restockingFee: 0.001 }],
  ])('with a %s finer than its currency is refused before orders is asked', async (_, over) => {
    const world = captured()
    expect(await failureOf(refund(world, { lines: { ...LINES, ...over } }))).toMatchObject({ code: 'invalid_amount' })
    expect(world.orders.lineRefunds.size).toBe(0)
  })

  it('is repeated by its key, without asking orders again, and refused with another request', async () => {
    const world = captured()
    const first = await refund(world)
    world.orders.isDown = true
    expect(await refund(world)).toEqual({ ...first, replayed: true })
    const other = { ...LINES, items: [{ lineId: 'line_1', quantity: 2 }] }
    expect(await failureOf(refund(world, { lines: other }))).toEqual({ code: 'idempotency_key_reused' })
    expect(world.refunds.rows).toHaveLength(1)
  })

  it('finds what a crashed request reserved', async () => {
    const world = captured()
    const reserve = world.refunds.reserveOverPayments.bind(world.refunds)
    world.refunds.reserveOverPayments = async () => {
      throw new Error('The worker crashed')
    }
    await expect(refund(world)).rejects.toThrow('The worker crashed')
    world.refunds.reserveOverPayments = reserve
    expect(await refund(world)).toMatchObject({ result: { ok: true } })
    expect(world.orders.lineRefunds.size).toBe(1)
  })

  it('while orders does not answer is refused as unavailable', async () => {
    const world = captured()
    world.orders.isDown = true
    expect(await failureOf(refund(world))).toEqual({ code: 'service_unavailable' })
  })
})

describe('the sweep', () => {
  it('gives units back whose refund was not made, or failed, and leaves the others', async () => {
    const world = captured()
    await refund(world)
    world.orders.lineRefunds.set('refund_of_a_crash', 500)
    expect(await releaseUnmadeRefunds(world.deps)).toEqual({ done: 1 })
    expect([...world.orders.lineRefunds.keys()]).toEqual(world.refunds.rows.map(({ id }) => id))
    for (const row of world.refunds.rows) row.state = 'failed'
    expect(await releaseUnmadeRefunds(world.deps)).toEqual({ done: 1 })
    expect(world.orders.lineRefunds.size).toBe(0)
    expect(await releaseUnmadeRefunds(world.deps)).toEqual({ done: 0 })
  })

  it('goes on behind refunds that are in progress, however many there are', async () => {
    const world = captured()
    for (let count = 0; count < 120; count += 1) {
      const { id } = world.refunds.add(aRefund({ id: newId('refund'), state: 'pending', amount: 1 }))
      world.orders.lineRefunds.set(id, 1)
    }
    world.orders.lineRefunds.set('refund_of_a_crash', 500)
    expect(await sweepAll(paymentsTasks(world.deps))).toMatchObject({ refunds_released: 1 })
    expect(world.orders.lineRefunds.has('refund_of_a_crash')).toBe(false)
  })

  it('does nothing while orders does not answer', async () => {
    const world = captured()
    world.orders.lineRefunds.set('refund_of_a_crash', 500)
    world.orders.isDown = true
    expect(await releaseUnmadeRefunds(world.deps)).toEqual({ done: 0 })
  })
})
