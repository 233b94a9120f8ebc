import { newId } from '@shop/http/ids'
import { describe, expect, it } from 'vitest'
import { releaseRefund, reserveRefund, standing } from '../../../src/fulfillment/domain/line-refund-steps.ts'
import { createShipment } from '../../../src/fulfillment/domain/shipment-steps.ts'
import { leftToReturn, NO_UNITS, withUnits } from '../../../src/fulfillment/domain/units.ts'
import { receiveReturn } from '../../../src/returns/domain/return-steps.ts'
import { madeOf, wanted, withShipping } from '../../support/line-refunds.ts'
import { newestReturn, receiptOf, requested } from '../../support/returns.ts'
import { AT, aShippableOrder, draftOf, made, shipped, taken } from '../../support/shipments.ts'

describe('a reserved refund by line', () => {
  it('is of its units and parts, and of no return if none is named', () => {
    const order = withShipping()
    const ids = madeOf()
    const step = reserveRefund(order, wanted(order, [1, 0], { shipping: 90, restockingFee: 100 }), ids)
    expect(step).toMatchObject({
      value: {
        lineRefund: {
          ...{ refundId: ids.refundId, origin: 'request', state: 'reserved', amount: 990, returnId: null },
          items: [{ lineId: order.lines[0]?.id, quantity: 1, removed: 1, amount: 1_000 }],
          ...{ shipping: 90, restockingFee: 100 },
        },
      },
    })
  })

  it('is at least of the smallest amount, and none of an unpaid order', () => {
    const order = aShippableOrder()
    const nothing = { ok: false, failure: { code: 'nothing_to_refund' } }
    const less = (restockingFee: number) => reserveRefund(order, wanted(order, [1, 0], { restockingFee }), madeOf())
    expect(less(999)).toMatchObject({ value: { data: { amount: 1 } } })
    expect(less(1_000)).toEqual(nothing)
    const pending = aShippableOrder({ status: 'pending' })
    expect(reserveRefund(pending, wanted(pending, [1, 0]), madeOf())).toEqual(nothing)
  })

  it('for a return is of units that it received, which never ship again; any other return is refused', () => {
    const order = requested(shipped(aShippableOrder(), [1, 0]), [1, 0])
    const back = taken(order, receiveReturn(order, newestReturn(order), receiptOf(order, [1, 0]), AT))
    const returnId = newestReturn(back).id
    const step = reserveRefund(back, wanted(back, [1, 0], { returnId }), madeOf())
    expect(step).toMatchObject({ value: { lineRefund: { returnId, items: [{ quantity: 1, removed: 0 }] } } })
    expect(reserveRefund(back, wanted(back, [2, 0], { returnId }), madeOf())).toMatchObject({
      failure: { code: 'quantity_exceeds_refundable', left: 1 },
    })
    const other = newId('return')
    expect(reserveRefund(back, wanted(back, [1, 0], { returnId: other }), madeOf())).toEqual({
      ...{ ok: false, failure: { code: 'return_not_found', returnId: other } },
    })
  })

  it('stands until it is released, which gives back its own units only; those of an exchange stay refunded', () => {
    const [first, second] = [madeOf(), madeOf()]
    const order = aShippableOrder()
    const once = taken(order, reserveRefund(order, wanted(order, [1, 0]), first))
    const twice = taken(once, reserveRefund(once, wanted(once, [0, 1]), second))
    expect(standing(twice, second.refundId)).toBe(twice.lineRefunds[1])
    const after = taken(twice, { ok: true, value: releaseRefund(twice, second.refundId) })
    expect(after.lines.map(({ units }) => units.refunded)).toEqual([1, 0])
    expect([standing(after, second.refundId), standing(after, newId('refund'))]).toEqual([undefined, undefined])
    const lineRefunds = twice.lineRefunds.map((one) => ({ ...one, origin: 'exchange' as const }))
    const exchanged = taken(twice, { ok: true, value: releaseRefund({ ...twice, lineRefunds }, first.refundId) })
    expect(exchanged.lines).toEqual(twice.lines)
  })
})

describe('the units of a line', () => {
  it('that can be returned are those that left and are in no return', () => {
    expect(leftToReturn({ units: { ...NO_UNITS, shipped: 7, returning: 2, returned: 1 } })).toBe(4)
  })

  it('change by what is said, and stay otherwise', () => {
    const line = { id: newId('orderLine'), quantity: 9, units: { ...NO_UNITS, returning: 3, returned: 1 } }
    expect(withUnits(line, { returning: -1, returned: 1 }).units).toEqual({ ...NO_UNITS, returning: 2, returned: 2 })
    expect(withUnits(line, {})).toEqual(line)
  })
})

describe('a shipment', () => {
  it('waits until what an edit added is paid', () => {
    const order = { ...aShippableOrder(), total: 3_500 }
    expect(createShipment(order, draftOf(order, [1, 0]), made)).toEqual({
      ok: false,
      failure: { code: 'payment_due', amountDue: 10, currency: 'USD' },
    })
  })
})
