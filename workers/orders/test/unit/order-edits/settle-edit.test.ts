import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import { checkGiftCards, checkSteps, refundableOf, settleEdit } from '../../../src/order-edits/domain/settle-edit.ts'
import type { Order } from '../../../src/orders/domain/order.ts'
import { aLineRefund } from '../../support/invoiced-orders.ts'
import { anOrder } from '../../support/orders.ts'
import { aShippableOrder } from '../../support/shipments.ts'

const settled = (order: Order, total: number) => {
  const result = settleEdit(order, total)
  return result.ok ? result.value : result.failure
}
/** So much more was reserved to be refunded. */
const reserved = (order: Order, amount: number) => ({
  ...aLineRefund(order, [[0, 1, amount]]),
  refundId: newId('refund'),
})

describe('the money of an edited order', () => {
  const nothing = { due: 0, refund: 0, goneBefore: 0 }
  const paid = { ...nothing, chargedAmount: 2_500 }

  it('stays as it is where the total stays', () => {
    expect(settled(anOrder(), 2_500)).toEqual({
      ...{ ...nothing, chargedAmount: 0, creditedAmount: 0, chargeNo: 1, due: 2_500 },
    })
    expect(settled(aShippableOrder(), 2_500)).toEqual({ ...paid, creditedAmount: 0, chargeNo: 1 })
  })

  it('is due under the next charge for what was added', () => {
    expect(settled(aShippableOrder(), 3_000)).toEqual({ ...paid, creditedAmount: 0, chargeNo: 2, due: 500 })
    expect(settled(aShippableOrder({ giftCardAmount: 200 }), 3_000)).toMatchObject({ due: 300 })
  })

  it('goes back for what was taken off, without another charge', () => {
    expect(settled(aShippableOrder(), 2_000)).toEqual({ ...paid, creditedAmount: 500, chargeNo: 1, refund: 500 })
  })

  it('goes back once: not what refunds gave back before', () => {
    const order = aShippableOrder({ refundedAmount: 2_300, paymentStatus: 'partially_refunded' })
    expect(settled(order, 2_000)).toEqual({
      ...{ chargedAmount: 2_500, creditedAmount: 500, chargeNo: 1 },
      ...{ due: 0, refund: 200, goneBefore: 300 },
    })
  })

  it('counts what an edit credited before: adding it again makes it due again', () => {
    const order = { ...aShippableOrder(), total: 2_000, creditedAmount: 500 }
    expect(settled(order, 2_500)).toEqual({ ...paid, creditedAmount: 500, chargeNo: 2, due: 500 })
  })

  it('is something as long as the order is not paid', () => {
    const order = anOrder({ giftCardAmount: 2_000 })
    expect(settled(order, 2_000)).toEqual({ code: 'order_not_editable', reason: 'nothing_due', orderStatus: 'pending' })
  })

  it('may come to nothing due in a paid order that owed something', () => {
    const order = { ...aShippableOrder(), total: 3_000 }
    expect(settled(order, 2_500)).toEqual({ ...paid, creditedAmount: 0, chargeNo: 2 })
  })

  it('must be an amount that can be charged, of a total that the shop takes', () => {
    expect(settled(aShippableOrder(), 2_549)).toMatchObject({ code: 'amount_not_chargeable', minimum: 0.5 })
    expect(settled(aShippableOrder(), 2_550)).toMatchObject({ due: 50 })
    const large = aShippableOrder({ total: 99_999_900, capturedAmount: 99_999_900 })
    expect(settled(large, 100_000_000)).toMatchObject({ code: 'order_total_too_large', maximum: 999_999.99 })
    expect(settled(large, 99_999_999)).toMatchObject({ due: 99 })
  })

  it('is checked for what is due, not for the total, which gift cards may have made finer than a charge', () => {
    // 0.01 is the step of what can be charged in dinars of Kuwait, which have three decimals.
    const order = anOrder({ total: 1_995, currency: currency('KWD'), giftCardAmount: 5 })
    expect(settled(order, 2_995)).toMatchObject({ due: 2_990 })
    expect(settled(order, 2_996)).toMatchObject({ code: 'amount_not_chargeable' })
  })
})

/** In dinars of Kuwait, which have three decimals, Stripe takes multiples of 0.01. */
describe('the money of an edited order in a currency that Stripe charges in steps', () => {
  const paid = (over: Partial<Order> = {}) => aShippableOrder({ currency: currency('KWD'), ...over })
  const authorized = paid({ paymentStatus: 'authorized', capturedAmount: 0 })
  const refused = { ok: false, failure: { code: 'amount_not_chargeable', currency: 'KWD', step: 0.01 } }

  /** What {@link checkSteps} says of the edit, and its refund. */
  const edited = (order: Order, total: number) => {
    const settled = settleEdit(order, total)
    if (!settled.ok) throw new Error(settled.failure.code)
    const { refund, goneBefore } = settled.value
    return { refund, goneBefore, checked: checkSteps(order, settled.value) }
  }

  it('leaves of an authorization what can be captured', () => {
    expect(edited(authorized, 1_495).checked).toEqual(refused)
    expect(edited(authorized, 1_490).checked).toEqual({ ok: true })
    const partly = { ...authorized, paymentStatus: 'partially_paid' as const, capturedAmount: 1_000 }
    expect(edited(partly, 1_495).checked).toEqual(refused)
    expect(edited(partly, 1_000).checked).toEqual({ ok: true })
  })

  it('stays editable where an edit has left what cannot be captured', () => {
    const before = { ...authorized, total: 1_495, chargedAmount: 1_495 }
    expect(edited(before, 1_495).checked).toEqual({ ok: true })
    expect(edited(before, 1_490).checked).toEqual({ ok: true })
  })

  it('goes back as far as it can be refunded, which is checked before', () => {
    expect(edited(paid(), 1_495)).toEqual({ refund: 1_000, goneBefore: 5, checked: refused })
    expect(edited(paid(), 1_490)).toEqual({ refund: 1_010, goneBefore: 0, checked: { ok: true } })
  })

  it('goes back to gift cards in any amount, once cards have all of theirs', () => {
    const both = paid({ total: 2_505, chargedAmount: 2_500, capturedAmount: 2_500, giftCardAmount: 5 })
    expect(edited(both, 1_000)).toEqual({ refund: 1_500, goneBefore: 5, checked: refused })
    expect(edited(both, 3)).toEqual({ refund: 2_502, goneBefore: 0, checked: { ok: true } })
    const cards = paid({ capturedAmount: 0, chargedAmount: 0, giftCardAmount: 2_500 })
    expect(edited(cards, 1_495)).toEqual({ refund: 1_005, goneBefore: 0, checked: { ok: true } })
  })

  it('is not short where refunds before have left less', () => {
    const order = paid({ refundedAmount: 2_300, paymentStatus: 'partially_refunded' })
    expect(edited(order, 1_995)).toEqual({ refund: 200, goneBefore: 305, checked: { ok: true } })
  })
})

describe('what gift cards pay of an edited order', () => {
  const order = aShippableOrder({ chargedAmount: 0, capturedAmount: 0, giftCardAmount: 2_500 })
  const linesWith = (isGiftCard: boolean) => order.lines.map((line, at) => (at === 0 ? { ...line, isGiftCard } : line))

  it('may be all of it, also when it gets smaller', () => {
    expect(checkGiftCards(order, { lines: linesWith(false), total: 1_500 })).toEqual({ ok: true })
  })

  it('is no gift card', () => {
    expect(checkGiftCards(order, { lines: linesWith(true), total: 2_500 })).toMatchObject({
      failure: { code: 'order_not_editable', reason: 'gift_card_paid' },
    })
  })
})

describe('what can be refunded of an order', () => {
  it('is what was paid, gift cards included, less what has gone back or is on its way', () => {
    const order = aShippableOrder({ giftCardAmount: 400 })
    expect(refundableOf(order)).toBe(2_900)
    expect(refundableOf({ ...order, refundedAmount: 300, chargedBackAmount: 200 })).toBe(2_400)
    const refund = reserved(order, 100)
    const lineRefunds = [refund, { ...refund, state: 'refunded' as const }, { ...refund, state: 'released' as const }]
    expect(refundableOf({ ...order, lineRefunds })).toBe(2_800)
    expect(refundableOf({ ...order, lineRefunds: [refund, refund] })).toBe(2_700)
  })

  it('is nothing where a bank returned what was refunded, too', () => {
    expect(refundableOf(aShippableOrder({ refundedAmount: 2_000, chargedBackAmount: 2_500 }))).toBe(0)
  })
})
