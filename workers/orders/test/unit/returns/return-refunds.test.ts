import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { ok } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'
import { releaseRefund, reserveRefund } from '../../../src/fulfillment/domain/line-refund-steps.ts'
import { refundableOf } from '../../../src/order-edits/domain/settle-edit.ts'
import type { Order } from '../../../src/orders/domain/order.ts'
import { recordRefund, recordRefundReturn } from '../../../src/payment-events/domain/refund.ts'
import { checkRest, exchangeReturn, exchangeValue } from '../../../src/returns/domain/exchange-step.ts'
import { refundedFor } from '../../../src/returns/domain/refundable-units.ts'
import { closeReturn, receiveReturn } from '../../../src/returns/domain/return-steps.ts'
import { aGiftCard } from '../../support/memory-gift-cards.ts'
import { newestReturn, receiptOf, requested } from '../../support/returns.ts'
import { AT, aShippableOrder, draftOf, shipped, taken } from '../../support/shipments.ts'

const refund = (order: Order, quantities: number[], returnId?: string, refundId = newId('refund')) =>
  reserveRefund(
    order,
    {
      ...{ paymentId: order.paymentId ?? newId('payment'), items: draftOf(order, quantities).items },
      ...{ shipping: 0, restockingFee: 0, returnId },
    },
    { refundId, at: AT },
  )
/** One mug has left, was refunded and came back; the refund of the other one failed, so it is still to ship. */
function refundedBeforeItCameBack(): Order {
  const order = shipped(aShippableOrder(), [1, 0])
  const refundId = newId('refund')
  const removed = taken(order, refund(order, [1, 0], undefined, refundId))
  const refunded = taken(removed, refund(removed, [1, 0]))
  const released = taken(refunded, ok(releaseRefund(refunded, refundId)))
  const back = requested(released, [1, 0])
  return taken(back, receiveReturn(back, newestReturn(back), receiptOf(back, [1, 0]), AT))
}
/** An order of which so many units have left, with a return that has received so many. */
function returned(left: number[], expected: number[], cameBack: number[]): Order {
  const order = requested(shipped(aShippableOrder(), left), expected)
  if (cameBack.every((quantity) => quantity === 0)) return order
  return taken(order, receiveReturn(order, newestReturn(order), receiptOf(order, cameBack), AT))
}

describe('a refund for a return', () => {
  it('is of units that came back, once, and amounts to what was paid for them', () => {
    const order = returned([2, 1], [2, 0], [1, 0])
    const { id } = newestReturn(order)
    expect(refund(order, [2, 0], id)).toEqual({
      ok: false,
      failure: { code: 'quantity_exceeds_refundable', lineId: order.lines[0]?.id, requested: 2, left: 1 },
    })
    const after = taken(order, refund(order, [1, 0], id))
    expect(after.lineRefunds).toMatchObject([{ returnId: id, amount: 1_000 }])
    expect(refundedFor(after, id)).toEqual({ quantities: new Map([[order.lines[0]?.id, 1]]), amount: 1_000 })
    expect(refund(after, [1, 0], id)).toMatchObject({ failure: { left: 0 } })
  })

  it('counts for its own return only', () => {
    const first = returned([2, 1], [1, 0], [1, 0])
    const paidBack = taken(first, refund(first, [1, 0], newestReturn(first).id))
    const second = requested(paidBack, [1, 0])
    const after = taken(second, receiveReturn(second, newestReturn(second), receiptOf(second, [1, 0]), AT))
    expect(refundedFor(after, newestReturn(after).id)).toEqual({ quantities: new Map(), amount: 0 })
    expect(refund(after, [1, 0], newestReturn(after).id)).toMatchObject({ ok: true })
  })

  it('removes none of the units that have not shipped, as another refund would', () => {
    const order = returned([1, 0], [1, 0], [1, 0])
    const forReturn = taken(order, refund(order, [1, 0], newestReturn(order).id))
    expect(forReturn.lines[0]?.units).toMatchObject({ removed: 0, refunded: 1, returned: 1 })
    const another = taken(order, refund(order, [1, 0]))
    expect(another.lines[0]?.units).toMatchObject({ removed: 1, refunded: 1 })
  })

  it('gives back no unit that was refunded before it came back', () => {
    const order = shipped(aShippableOrder(), [2, 0])
    const paidBack = taken(order, refund(order, [2, 0]))
    const back = requested(paidBack, [2, 0])
    const after = taken(back, receiveReturn(back, newestReturn(back), receiptOf(back, [2, 0]), AT))
    expect(refund(after, [1, 0], newestReturn(after).id)).toMatchObject({
      failure: { code: 'quantity_exceeds_refundable', left: 0 },
    })
  })

  it('gives back no unit that is still to ship instead of one that was refunded before it came back', () => {
    const order = refundedBeforeItCameBack()
    expect(order.lines[0]?.units).toMatchObject({ shipped: 1, removed: 0, refunded: 1, returned: 1 })
    expect(refund(order, [1, 0], newestReturn(order).id)).toMatchObject({
      failure: { code: 'quantity_exceeds_refundable', left: 0 },
    })
    expect(exchangeValue(order, newestReturn(order))).toMatchObject({ failure: { code: 'nothing_to_refund' } })
  })

  it('is possible after the return was closed, and again where a refund failed', () => {
    const order = returned([2, 1], [2, 0], [1, 0])
    const closed = taken(order, closeReturn(order, newestReturn(order), AT))
    const { id } = newestReturn(closed)
    const refundId = newId('refund')
    const reserved = taken(closed, refund(closed, [1, 0], id, refundId))
    const released = taken(reserved, { ok: true, value: releaseRefund(reserved, refundId) })
    expect(refundedFor(released, id).amount).toBe(0)
    expect(refund(released, [1, 0], id)).toMatchObject({ ok: true })
  })

  it('of another order is refused', () => {
    const order = returned([2, 1], [1, 0], [1, 0])
    const returnId = newId('return')
    expect(refund(order, [1, 0], returnId)).toEqual({ ok: false, failure: { code: 'return_not_found', returnId } })
  })
})

const ONE_UNIT = { quantity: 1, removed: 0, amount: 1_000 }

describe('an exchange', () => {
  const storeCredit = undefined
  const exchanged = (order: Order, refundId = newId('refund')) => {
    const value = exchangeValue(order, newestReturn(order))
    if (!value.ok) throw new Error(value.failure.code)
    const made = { refundId, exchangeOrderId: newId('order'), storeCredit, at: AT }
    return {
      value: value.value,
      after: taken(order, ok(exchangeReturn(order, newestReturn(order), value.value, made))),
    }
  }

  it('is worth what was paid for the units that came back and were not refunded', () => {
    const order = returned([2, 1], [2, 1], [2, 1])
    const once = taken(order, refund(order, [1, 0], newestReturn(order).id))
    const { value, after } = exchanged(once)
    expect(value).toMatchObject({
      amount: 1_500,
      items: [
        { quantity: 1, removed: 0 },
        { quantity: 1, removed: 0 },
      ],
    })
    expect(after.lines.map(({ units }) => units.refundedAmount)).toEqual([2_000, 500])
    expect(refund(after, [1, 0], newestReturn(after).id)).toMatchObject({ failure: { left: 0 } })
    expect(exchangeValue(after, newestReturn(after))).toMatchObject({ failure: { code: 'return_exchanged' } })
  })

  it('reserves its refund for the return, of which the new order spends a part as store credit', () => {
    const order = returned([2, 1], [1, 1], [1, 1])
    const known = newestReturn(order)
    const value = { items: [{ lineId: order.lines[0]?.id ?? newId('orderLine'), ...ONE_UNIT }], amount: 1_000 }
    const ids = { refundId: newId('refund'), exchangeOrderId: newId('order'), at: AT }
    const spent = { ...aGiftCard({ initialBalance: 700 }), codeHash: 'the hash of its code' }
    const step = exchangeReturn(order, known, value, { ...ids, storeCredit: spent })
    expect(step).toMatchObject({ type: 'return_exchanged', data: { returnId: known.id }, storeCredit: spent })
    expect(step.refundDue).toEqual({ storeCredit: 700 })
    expect(step.returned).toEqual({
      made: { ...known, exchangeOrderId: ids.exchangeOrderId, updatedAt: AT },
      events: ['return.exchanged'],
    })
    expect(step.lineRefund).toEqual({
      ...{ refundId: ids.refundId, origin: 'exchange', state: 'reserved', ...value },
      ...{ shipping: 0, restockingFee: 0, returnId: known.id, createdAt: AT },
    })
    expect(exchangeReturn(order, known, value, { ...ids, storeCredit: undefined }).refundDue).toEqual({
      storeCredit: 0,
    })
  })

  it('is worth at most what the shop still has of the money: the rest was refunded by amount, or a bank returned it', () => {
    const order = returned([2, 1], [2, 0], [2, 0])
    for (const gone of [{ refundedAmount: 2_000 }, { chargedBackAmount: 2_000 }]) {
      const { value, after } = exchanged({ ...order, ...gone })
      expect(value.amount).toBe(500)
      expect(after.lineRefunds).toMatchObject([{ amount: 500, items: [{ quantity: 2 }] }])
    }
    expect(exchanged({ ...order, refundedAmount: 2_499 }).value.amount).toBe(1)
    const all = { ...order, refundedAmount: 2_500, paymentStatus: 'refunded' } as const
    expect(exchangeValue(all, newestReturn(all))).toMatchObject({ failure: { code: 'nothing_to_refund' } })
  })

  it('is worth an amount that Stripe can refund, in a currency of three decimals; the last unit has the rest', () => {
    const order = { ...returned([2, 1], [2, 0], [2, 0]), currency: currency('KWD') }
    const odd = { ...order, lines: order.lines.map((line) => ({ ...line, total: line.total + 7 })) }
    const { value, after } = exchanged(odd)
    expect(value).toMatchObject({ amount: 2_000, items: [{ quantity: 2, amount: 2_000 }] })
    expect(after.lines[0]?.units).toMatchObject({ refunded: 2, refundedAmount: 2_000 })
    const byGiftCards = { ...odd, capturedAmount: 0, giftCardAmount: 2_514 }
    expect(exchanged(byGiftCards).value.amount).toBe(2_007)
    const partlyGone = exchanged({ ...odd, refundedAmount: 1_004 })
    expect(partlyGone.value.amount).toBe(1_490)
  })

  it.each([
    ['KWD', 990, true],
    ['KWD', 995, false],
    ['KWD', 1_000, true],
    ['USD', 995, true],
  ])(
    'in %s of which the new order spends %s leaves an amount that can be refunded: %s',
    (code, spent, isRefundable) => {
      const order = { ...returned([2, 1], [1, 0], [1, 0]), currency: currency(code) }
      const { value } = exchanged(order)
      const checked = checkRest(order, value, spent)
      expect(checked.ok ? 'ok' : checked.failure.code).toBe(isRefundable ? 'ok' : 'amount_not_chargeable')
      expect(checkRest({ ...order, capturedAmount: 0 }, value, spent)).toEqual(ok())
    },
  )

  it('gives no units back when its refund fails, or the bank returns it: the customer has the other order', () => {
    const refundId = newId('refund')
    const { after } = exchanged(returned([2, 1], [1, 0], [1, 0]), refundId)
    const failed = taken(after, { ok: true, value: releaseRefund(after, refundId) })
    expect(failed.lines).toEqual(after.lines)
    expect(releaseRefund(failed, refundId)).toEqual({ kind: 'unchanged' })
    const fact = {
      orderId: after.id,
      refundId,
      paymentId: after.paymentId ?? newId('payment'),
      amount: 1_000,
      captured: 2_500,
    }
    const paidBack = taken(after, ok(recordRefund(after, fact, { reason: 'exchange' })))
    const bounced = taken(paidBack, ok(recordRefundReturn(paidBack, fact, undefined)))
    expect(bounced).toMatchObject({ refundedAmount: 0 })
    expect(bounced.lines[0]?.units).toMatchObject({ refunded: 1, refundedAmount: 1_000 })
  })

  it('reserves no money any more once its refund has failed, so that a refund by amount counts once', () => {
    const refundId = newId('refund')
    const { after } = exchanged(returned([2, 1], [1, 0], [1, 0]), refundId)
    expect(refundableOf(after)).toBe(1_500)
    const failed = taken(after, ok(releaseRefund(after, refundId)))
    expect(refundableOf(failed)).toBe(2_500)
    const fact = {
      ...{ orderId: after.id, refundId: newId('refund'), paymentId: after.paymentId ?? newId('payment') },
      ...{ amount: 1_000, captured: 2_500 },
    }
    const byAmount = taken(failed, ok(recordRefund(failed, fact, { reason: 'the exchange' })))
    expect(refundableOf(byAmount)).toBe(1_500)
    const late = taken(failed, ok(recordRefund(failed, { ...fact, refundId }, { reason: 'exchange' })))
    expect(late).toMatchObject({ refundedAmount: 1_000, lines: after.lines })
  })

  it('of an order whose customer was erased is refused: nobody would receive the other one', () => {
    const order = { ...returned([2, 1], [1, 0], [1, 0]), erasedAt: new Date('2026-12-01T10:00:00.000Z') }
    expect(exchangeValue(order, newestReturn(order))).toEqual({ ok: false, failure: { code: 'order_erased' } })
  })

  it('of nothing that came back is refused', () => {
    const order = returned([2, 1], [1, 0], [0, 0])
    expect(exchangeValue(order, newestReturn(order))).toEqual({ ok: false, failure: { code: 'nothing_to_refund' } })
  })
})
