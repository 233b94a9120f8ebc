import { newId } from '@shop/http/ids'
import type { RefundId } from '@shop/kernel/ids'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { amountOf, releaseRefund, reserveRefund } from '../../../src/fulfillment/domain/line-refund-steps.ts'
import type { Order, OrderLine } from '../../../src/orders/domain/order.ts'
import { recordRefund, recordRefundReturn, releaseFailedRefund } from '../../../src/payment-events/domain/refund.ts'
import { stepOf } from '../../support/edits.ts'
import { madeOf, unitsOf, wanted, withShipping } from '../../support/line-refunds.ts'
import { aShippableOrder, shipped, taken } from '../../support/shipments.ts'

describe('a refund by line', () => {
  it('of units that have not shipped removes them, and amounts to what was paid for them', () => {
    const order = aShippableOrder()
    const made = madeOf()
    const reserved = reserveRefund(order, wanted(order, [1, 1]), made)
    expect(reserved).toMatchObject({
      value: { type: 'refund_reserved', data: { refundId: made.refundId, amount: 1_500 } },
    })
    const after = taken(order, reserved)
    expect(unitsOf(after)).toEqual([
      [1, 1, 1_000],
      [1, 1, 500],
    ])
    expect(after.lineRefunds).toMatchObject([{ refundId: made.refundId, state: 'reserved', amount: 1_500 }])
  })

  it('of units that have shipped removes nothing', () => {
    const order = shipped(aShippableOrder(), [2, 0])
    expect(unitsOf(taken(order, reserveRefund(order, wanted(order, [2, 0]), madeOf())))).toEqual([
      [0, 2, 2_000],
      [0, 0, 0],
    ])
  })

  it('takes units that have not shipped first', () => {
    const order = shipped(aShippableOrder(), [1, 0])
    expect(unitsOf(taken(order, reserveRefund(order, wanted(order, [2, 0]), madeOf())))[0]).toEqual([1, 2, 2_000])
  })

  it('may name any payment that the order took, and no other one', () => {
    const further = newId('payment')
    const order = { ...aShippableOrder(), furtherPayments: [further] }
    expect(reserveRefund(order, wanted(order, [1, 0], { paymentId: further }), madeOf())).toMatchObject({ ok: true })
    expect(reserveRefund(order, wanted(order, [1, 0], { paymentId: newId('payment') }), madeOf())).toMatchObject({
      failure: { code: 'nothing_to_refund' },
    })
  })

  it('is not of units that an edit added and nobody has paid', () => {
    const order = aShippableOrder()
    const longer = taken(order, stepOf(order, [{ variantId: 13, quantity: 1 }]))
    expect(reserveRefund(longer, wanted(longer, [0, 0, 1]), madeOf())).toMatchObject({
      failure: { code: 'quantity_exceeds_refundable', requested: 1, left: 0 },
    })
    expect(reserveRefund(longer, wanted(longer, [1, 0, 0]), madeOf())).toMatchObject({ ok: true })
    const paid = { ...longer, chargedAmount: longer.total, capturedAmount: longer.total }
    expect(reserveRefund(paid, wanted(paid, [0, 0, 1]), madeOf())).toMatchObject({
      value: { data: { amount: 1_000 } },
    })
  })

  it('of shipping is at most what was paid for it, in all', () => {
    const order = withShipping()
    const first = taken(order, reserveRefund(order, wanted(order, [], { shipping: 400 }), madeOf()))
    expect(reserveRefund(first, wanted(order, [], { shipping: 91 }), madeOf())).toEqual({
      ok: false,
      failure: { code: 'refund_part_too_large', part: 'shipping', maximum: 0.9, currency: 'USD' },
    })
    expect(reserveRefund(first, wanted(order, [1, 0], { shipping: 90 }), madeOf())).toMatchObject({
      value: { data: { amount: 1_090 } },
    })
  })

  it('less a restocking fee, which is at most what the items are worth', () => {
    const order = withShipping()
    expect(reserveRefund(order, wanted(order, [0, 1], { restockingFee: 100 }), madeOf())).toMatchObject({
      value: { data: { amount: 400 } },
    })
    expect(reserveRefund(order, wanted(order, [0, 1], { restockingFee: 501, shipping: 490 }), madeOf())).toMatchObject({
      failure: { code: 'refund_part_too_large', part: 'restocking_fee', maximum: 5 },
    })
    expect(reserveRefund(order, wanted(order, [0, 1], { restockingFee: 500 }), madeOf())).toEqual({
      ok: false,
      failure: { code: 'nothing_to_refund' },
    })
  })

  it('of more units than were not refunded is refused, and of those that are packed', () => {
    const order = shipped(aShippableOrder(), [1, 0], 'packed')
    expect(reserveRefund(order, wanted(order, [2, 0]), madeOf())).toEqual({
      ok: false,
      failure: { code: 'quantity_exceeds_refundable', lineId: order.lines[0]?.id, requested: 2, left: 1 },
    })
    const once = taken(order, reserveRefund(order, wanted(order, [1, 0]), madeOf()))
    expect(reserveRefund(once, wanted(order, [1, 0]), madeOf())).toMatchObject({ failure: { left: 0 } })
  })

  it('of a line of another order, or of another payment, is refused', () => {
    const order = aShippableOrder()
    const items = [{ lineId: 'line_of_another', quantity: 1 }]
    expect(reserveRefund(order, { ...wanted(order, []), items }, madeOf())).toMatchObject({
      failure: { code: 'order_line_not_found', lineId: 'line_of_another' },
    })
    const other = { ...wanted(order, [1, 0]), paymentId: newId('payment') }
    expect(reserveRefund(order, other, madeOf())).toEqual({ ok: false, failure: { code: 'nothing_to_refund' } })
  })

  it('is reserved once for each id, until it is released', () => {
    const order = aShippableOrder()
    const made = madeOf()
    const once = taken(order, reserveRefund(order, wanted(order, [1, 0]), made))
    expect(reserveRefund(once, wanted(order, [1, 0]), made)).toEqual({ ok: true, value: { kind: 'unchanged' } })
    const released = taken(once, { ok: true, value: releaseRefund(once, made.refundId) })
    expect(unitsOf(released)).toEqual(unitsOf(order))
    expect(releaseRefund(released, made.refundId)).toEqual({ kind: 'unchanged' })
    const again = taken(released, reserveRefund(released, wanted(order, [1, 0]), made))
    expect(again.lineRefunds).toMatchObject([{ state: 'reserved' }])
  })

  it('that is made stays, and gives its units back when the bank returns it', () => {
    const order = aShippableOrder()
    const { refundId, at } = madeOf()
    const reserved = taken(order, reserveRefund(order, wanted(order, [1, 0]), { refundId, at }))
    const paymentId = order.paymentId ?? newId('payment')
    const fact = { orderId: order.id, paymentId, refundId, amount: 1_000, captured: 2_500 }
    const refunded = taken(reserved, { ok: true, value: recordRefund(reserved, fact, { reason: 'broken' }) })
    expect(refunded).toMatchObject({ refundedAmount: 1_000, lineRefunds: [{ state: 'refunded' }] })
    expect(releaseRefund(refunded, refundId)).toEqual({ kind: 'unchanged' })
    const returned = taken(refunded, { ok: true, value: recordRefundReturn(refunded, fact, undefined) })
    expect(returned).toMatchObject({ refundedAmount: 0, lineRefunds: [{ state: 'released' }] })
    expect(unitsOf(returned)).toEqual(unitsOf(order))
  })

  describe('of two payments', () => {
    const [first, second] = [newId('payment'), newId('payment')]
    const order = aShippableOrder({ paymentId: first, furtherPayments: [second] })
    const { refundId, at } = madeOf()
    const reserved = taken(
      order,
      reserveRefund(order, { ...wanted(order, [1, 0]), paymentId: first }, { refundId, at }),
    )
    const ofFirst = { orderId: order.id, paymentId: first, refundId, amount: 700, captured: 2_500 }
    const ofSecond = { ...ofFirst, paymentId: second, refundId: newId('refund'), amount: 300 }
    const made = (before: Order, fact: typeof ofFirst, partOf?: RefundId) =>
      taken(before, { ok: true, value: recordRefund(before, fact, { reason: 'broken', partOf }) })

    const stands = { hasStandingPart: true }

    it('keeps its units when the bank returns one part, since the other stands', () => {
      const both = made(made(reserved, ofFirst), ofSecond, refundId)
      expect(both).toMatchObject({ refundedAmount: 1_000, lineRefunds: [{ state: 'refunded', amount: 1_000 }] })
      const returned = taken(both, { ok: true, value: recordRefundReturn(both, ofFirst, undefined, stands) })
      expect(returned).toMatchObject({ refundedAmount: 300, lineRefunds: [{ state: 'refunded' }] })
      expect(unitsOf(returned)).toEqual(unitsOf(both))
      const none = recordRefundReturn(returned, ofSecond, undefined, { partOf: refundId })
      expect(unitsOf(taken(returned, { ok: true, value: none }))).toEqual(unitsOf(order))
    })

    it('keeps its units until its last part has failed', () => {
      expect(releaseFailedRefund(reserved, ofFirst, stands)).toEqual({ kind: 'unchanged' })
      const released = releaseFailedRefund(reserved, ofSecond, { partOf: refundId })
      expect(unitsOf(taken(reserved, { ok: true, value: released }))).toEqual(unitsOf(order))
    })

    it('keeps its units when the first part fails after the other was made, in whatever order that is told', () => {
      const one = made(reserved, ofSecond, refundId)
      expect(releaseRefund(one, refundId)).toEqual({ kind: 'unchanged' })
      const released = taken(reserved, { ok: true, value: releaseRefund(reserved, refundId) })
      const late = made(released, ofSecond, refundId)
      expect(unitsOf(late)).toEqual(unitsOf(one))
      expect(late).toMatchObject({ refundedAmount: 300, lineRefunds: [{ state: 'refunded' }] })
    })
  })
})

describe('the units of a line', () => {
  const aLine = fc
    .record({ quantity: fc.integer({ min: 1, max: 12 }), total: fc.integer({ min: 0, max: 10_000 }) })
    .map(({ quantity, total }): OrderLine => {
      const [line] = aShippableOrder().lines
      if (line === undefined) throw new Error('No line')
      return { ...line, quantity, total }
    })

  it('refunded in whatever portions are worth exactly the total of the line', () => {
    fc.assert(
      fc.property(
        aLine,
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 12, maxLength: 12 }),
        (line, portions) => {
          let { units } = line
          for (const portion of portions) {
            const count = Math.min(portion, line.quantity - units.refunded)
            if (count === 0) break
            const amount = amountOf({ ...line, units }, count)
            expect(amount).toBeGreaterThanOrEqual(0)
            units = { ...units, refunded: units.refunded + count, refundedAmount: units.refundedAmount + amount }
          }
          expect(units.refundedAmount).toBe(line.total)
        },
      ),
    )
  })
})
