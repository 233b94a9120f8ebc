import { newId } from '@shop/http/ids'
import type { RefundId } from '@shop/kernel/ids'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { releaseRefund, reserveRefund, type WantedRefund } from '../../../src/fulfillment/domain/line-refund-steps.ts'
import type { Order } from '../../../src/orders/domain/order.ts'
import { recordRefund, recordRefundReturn } from '../../../src/payment-events/domain/refund.ts'
import { madeOf, unitsOf, wanted, withShipping } from '../../support/line-refunds.ts'
import { plainPart } from '../../support/purchases.ts'
import { aShippableOrder, shipped, taken } from '../../support/shipments.ts'

describe('a refund by line that succeeds after its units were given back', () => {
  const failed = (order: Order, quantities: number[], over: Partial<WantedRefund> = {}) => {
    const made = madeOf()
    const reserved = taken(order, reserveRefund(order, wanted(order, quantities, over), made))
    const amount = reserved.lineRefunds.at(-1)?.amount ?? 0
    const after = taken(reserved, { ok: true, value: releaseRefund(reserved, made.refundId) })
    return { after, refundId: made.refundId, amount }
  }
  const succeeded = (order: Order, { refundId, amount }: { refundId: RefundId; amount: number }) => {
    const fact = {
      orderId: order.id,
      paymentId: order.paymentId ?? newId('payment'),
      refundId,
      amount,
      captured: 2_500,
    }
    const details = { reason: 'broken', isCounted: false }
    return taken(order, { ok: true, value: recordRefund(order, fact, details) })
  }

  it('takes its units again where they are free', () => {
    const one = failed(aShippableOrder(), [1, 0])
    const late = succeeded(one.after, one)
    expect(late).toMatchObject({ refundedAmount: 1_000, lineRefunds: [{ state: 'refunded', amount: 1_000 }] })
    expect(unitsOf(late)).toEqual([
      [1, 1, 1_000],
      [0, 0, 0],
    ])
    expect(reserveRefund(late, wanted(late, [2, 0]), madeOf())).toMatchObject({ failure: { left: 1 } })
  })

  it('removes none of them that have shipped meanwhile', () => {
    const one = failed(aShippableOrder(), [2, 0])
    expect(unitsOf(succeeded(shipped(one.after, [1, 0]), one))[0]).toEqual([1, 2, 2_000])
    expect(unitsOf(succeeded(shipped(one.after, [2, 0]), one))[0]).toEqual([0, 2, 2_000])
  })

  it('counts by amount for units that were refunded again or are packed', () => {
    const one = failed(aShippableOrder(), [2, 1])
    const again = taken(one.after, reserveRefund(one.after, wanted(one.after, [1, 1]), madeOf()))
    const late = succeeded(again, one)
    expect(unitsOf(late)).toEqual([
      [2, 2, 2_000],
      [1, 1, 500],
    ])
    expect(late).toMatchObject({ refundedAmount: 2_500, lineRefunds: [{ state: 'refunded' }, { state: 'reserved' }] })
    const packed = succeeded(shipped(one.after, [2, 1], 'packed'), one)
    expect(unitsOf(packed)).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ])
    expect(packed).toMatchObject({ refundedAmount: 2_500, paymentStatus: 'refunded' })
  })

  it('takes shipping again, at most what is left of it', () => {
    const one = failed(withShipping(), [], { shipping: 400 })
    const again = taken(one.after, reserveRefund(one.after, wanted(one.after, [], { shipping: 300 }), madeOf()))
    const late = succeeded(again, one)
    expect(late.lineRefunds).toMatchObject([{ shipping: 190 }, { shipping: 300 }])
    expect(reserveRefund(late, wanted(late, [], { shipping: 1 }), madeOf())).toMatchObject({ failure: { maximum: 0 } })
  })

  it('gives its units back when the bank returns it', () => {
    const one = failed(aShippableOrder(), [1, 0])
    const late = succeeded(one.after, one)
    const fact = { orderId: late.id, paymentId: late.paymentId ?? newId('payment'), ...one, captured: 2_500 }
    const returned = taken(late, { ok: true, value: recordRefundReturn(late, fact, undefined) })
    expect(unitsOf(returned)).toEqual(unitsOf(aShippableOrder()))
  })

  it('never gives back more of a line than was paid for it, whatever was refunded between', () => {
    const aPortion = fc.record({
      count: fc.integer({ min: 1, max: 4 }),
      fate: fc.constantFrom('made', 'late', 'failed'),
    })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.array(aPortion, { maxLength: 10 }), (total, portions) => {
        const plain = aShippableOrder()
        const lines = plain.lines.map((line) => ({ ...line, quantity: 4, ...plainPart(total) }))
        let order: Order = { ...plain, lines }
        const open: { refundId: RefundId; amount: number; isLate: boolean }[] = []
        for (const { count, fate } of portions) {
          const made = madeOf()
          const reserved = reserveRefund(order, wanted(order, [count, 0]), made)
          if (!reserved.ok) continue
          order = taken(order, reserved)
          const amount = order.lineRefunds.find(({ refundId }) => refundId === made.refundId)?.amount ?? 0
          if (fate !== 'made') open.push({ refundId: made.refundId, amount, isLate: fate === 'late' })
        }
        for (const { refundId } of open) order = taken(order, { ok: true, value: releaseRefund(order, refundId) })
        for (const one of open.filter(({ isLate }) => isLate)) order = succeeded(order, one)
        for (let count = 4; count > 0; count -= 1) {
          const rest = reserveRefund(order, wanted(order, [1, 0]), madeOf())
          if (rest.ok) order = taken(order, rest)
        }
        const [units] = order.lines.map((line) => line.units)
        expect(units?.refundedAmount).toBeLessThanOrEqual(total)
        expect(units?.refunded).toBeLessThanOrEqual(4)
        expect(units?.removed).toBeLessThanOrEqual(units?.refunded ?? 0)
      }),
    )
  })
})
