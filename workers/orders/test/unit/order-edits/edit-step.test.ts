import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { ok } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'
import { invoicePaid } from '../../../src/invoices/domain/invoicing.ts'
import { shrinkLine } from '../../../src/order-edits/domain/shrink-line.ts'
import type { Order } from '../../../src/orders/domain/order.ts'
import { recordRefund } from '../../../src/payment-events/domain/refund.ts'
import { quantitiesOf, stepOf } from '../../support/edits.ts'
import { anOrder } from '../../support/orders.ts'
import { plainPart, plainTotals } from '../../support/purchases.ts'
import { aShippableOrder, shipped, taken } from '../../support/shipments.ts'

const berlin = { name: 'A', line1: 'Am Ring 1', city: 'Berlin', postal_code: '10115', country: 'DE' }
const edited = (order: Order, ...quantities: (number | undefined)[]) =>
  taken(order, stepOf(order, quantitiesOf(order, quantities)))
const reasonOf = (step: ReturnType<typeof stepOf>) =>
  step.ok ? 'edited' : 'reason' in step.failure ? step.failure.reason : step.failure.code

describe('an edit of an unpaid order', () => {
  it('changes what is due, under the next charge, and keeps fewer units held', () => {
    const order = anOrder()
    const step = stepOf(order, quantitiesOf(order, [1]))
    expect(taken(order, step)).toMatchObject({ total: 1_500, chargeNo: 2, creditedAmount: 0, lineRefunds: [] })
    expect(step).toMatchObject({
      value: {
        stockAdjustments: [{ kind: 'shrink', holdId: order.id, variantId: 11, quantity: 1 }],
        data: { amount: 1_500, previousTotal: 2_500 },
      },
    })
  })

  it('adds units as a line of their own', () => {
    const order = anOrder()
    const after = taken(order, stepOf(order, [...quantitiesOf(order, [3]), { variantId: 13, quantity: 2 }]))
    expect(after.lines.map(({ variantId, quantity }) => [variantId, quantity])).toEqual([
      [11, 2],
      [12, 1],
      [11, 1],
      [13, 2],
    ])
    expect(after.total).toBe(5_500)
  })

  it('may not leave nothing to pay, nor no units', () => {
    const free = anOrder({ lines: anOrder().lines.slice(0, 1), ...plainTotals(2_000) })
    expect(reasonOf(stepOf(free, quantitiesOf(free, [0])))).toBe('nothing_left')
    const [paid, gift] = anOrder().lines
    if (paid === undefined || gift === undefined) throw new Error('Two lines')
    const withGift = anOrder({
      ...plainTotals(2_000),
      lines: [paid, { ...gift, unitPrice: 0, subtotal: 0, total: 0 }],
    })
    expect(reasonOf(stepOf(withGift, quantitiesOf(withGift, [0])))).toBe('nothing_due')
  })

  it('leaves an amount that can be charged', () => {
    const order = anOrder({ ...plainTotals(2_500) })
    const [mug, paper] = order.lines
    if (mug === undefined || paper === undefined) throw new Error('Two lines')
    const cheap = {
      ...order,
      lines: [mug, { ...paper, unitPrice: 20, subtotal: 20, total: 20 }],
      ...plainTotals(2_020),
    }
    expect(reasonOf(stepOf(cheap, quantitiesOf(cheap, [0])))).toBe('amount_not_chargeable')
  })
})

describe('an edit in dinars of Kuwait, of which Stripe takes multiples of 0.01', () => {
  /** Two lines of 1.005 each. */
  const dinars = (over: Partial<Order>): Order => {
    const lines = aShippableOrder().lines.map((line) => ({
      ...line,
      ...{ quantity: 1, unitPrice: 1_005, isGiftCard: false, ...plainPart(1_005) },
    }))
    const charged = { ...plainTotals(2_010), chargedAmount: 2_010 }
    return aShippableOrder({ currency: currency('KWD'), lines, ...charged, ...over })
  }

  it.each<[string, Partial<Order>]>([
    ['an authorized order leaves what can be captured', { paymentStatus: 'authorized', capturedAmount: 0 }],
    ['a paid order takes off what can be refunded', { capturedAmount: 2_010 }],
  ])('of %s', (_, over) => {
    const order = dinars(over)
    expect(reasonOf(stepOf(order, quantitiesOf(order, [0])))).toBe('amount_not_chargeable')
    expect(reasonOf(stepOf(order, [], { note: 'Ring twice' }))).toBe('edited')
  })
})

describe('an edit of an order with gift cards', () => {
  /** Two mugs of 10.00 and a gift card of 5.00, of which gift cards pay so much. */
  const sellingCard = (giftCardAmount: number, over: Partial<Order> = {}): Order => {
    const order = aShippableOrder()
    const [mugs, card] = order.lines
    if (mugs === undefined || card === undefined) throw new Error('Two lines')
    const charged = 2_500 - giftCardAmount
    return {
      ...{ ...order, giftCardAmount, chargedAmount: charged, capturedAmount: charged },
      ...{ lines: [mugs, { ...card, isGiftCard: true }], ...over },
    }
  }

  it('never lets gift cards pay for a gift card', () => {
    for (const order of [sellingCard(1_500), sellingCard(2_000), sellingCard(1_001)]) {
      expect(reasonOf(stepOf(order, quantitiesOf(order, [1])))).toBe('gift_card_paid')
    }
    const pending = { status: 'pending', paymentStatus: 'unpaid', chargedAmount: 0, capturedAmount: 0 } as const
    const unpaid = sellingCard(1_200, pending)
    expect(reasonOf(stepOf(unpaid, quantitiesOf(unpaid, [1])))).toBe('gift_card_paid')
  })

  it('is made if what remains beside the sold gift cards is worth what gift cards pay', () => {
    const order = sellingCard(1_000)
    expect(edited(order, 1)).toMatchObject({ total: 1_500, creditedAmount: 1_000 })
    const returned = sellingCard(2_000, { giftCardReturned: 1_000, refundedAmount: 1_000 })
    expect(edited(returned, 1)).toMatchObject({ total: 1_500 })
  })

  it('is made if it leaves the lines, or takes off or adds gift cards that money pays', () => {
    const order = sellingCard(2_000)
    expect(reasonOf(stepOf(order, [], { note: 'ring twice' }))).toBe('edited')
    expect(edited(order, undefined, 0)).toMatchObject({ total: 2_000 })
    expect(edited(order, undefined, 2)).toMatchObject({ total: 3_500 })
  })
})

describe('an edit of a paid order', () => {
  it('makes what it adds due under the next charge, and sells it once that is paid', () => {
    const order = aShippableOrder()
    const after = taken(order, stepOf(order, [{ variantId: 13, quantity: 1 }]))
    expect(after).toMatchObject({ total: 3_500, chargeNo: 2, stockCommitted: true, status: 'processing' })
  })

  it('gives back what it takes off, by a refund that payments makes', () => {
    const order = aShippableOrder()
    const step = stepOf(order, quantitiesOf(order, [1]))
    const after = taken(order, step)
    expect(after).toMatchObject({ total: 1_500, creditedAmount: 1_000, chargeNo: 1 })
    expect(after.lineRefunds).toMatchObject([{ origin: 'edit', state: 'reserved', amount: 1_000, items: [] }])
    expect(step).toMatchObject({ value: { refundDue: { storeCredit: 0 } } })
  })

  it('nets what it adds and takes off, and sells what it adds at once where nothing is due', () => {
    const order = aShippableOrder()
    const after = taken(order, stepOf(order, [...quantitiesOf(order, [1]), { variantId: 13, quantity: 1 }]))
    expect(after).toMatchObject({
      total: 2_500,
      creditedAmount: 0,
      chargeNo: 1,
      lineRefunds: [],
      stockCommitted: false,
    })
  })

  it('gives back no more than was paid, and not what is on its way back already', () => {
    const partly = aShippableOrder({
      capturedAmount: 2_500,
      refundedAmount: 2_000,
      paymentStatus: 'partially_refunded',
    })
    expect(edited(partly, 1)).toMatchObject({ creditedAmount: 1_000, lineRefunds: [{ amount: 500 }] })
    const twice = edited(edited(aShippableOrder(), 1), 0)
    expect(twice.lineRefunds.map(({ amount }) => amount)).toEqual([1_000, 1_000])
  })

  it('takes unpaid additions off again without a refund', () => {
    const order = aShippableOrder()
    const added = taken(order, stepOf(order, [{ variantId: 13, quantity: 1 }]))
    const after = edited(added, undefined, undefined, 0)
    expect(after).toMatchObject({ total: 2_500, creditedAmount: 0, lineRefunds: [], chargeNo: 3 })
    expect(after.lines).toHaveLength(2)
  })

  it('keeps units that are packed, have shipped or were refunded', () => {
    const partly = shipped(aShippableOrder(), [1, 0])
    expect(stepOf(partly, quantitiesOf(partly, [0]))).toMatchObject({
      failure: { code: 'line_quantity_too_low', lineId: partly.lines[0]?.id, requested: 0, minimum: 1 },
    })
    expect(edited(partly, 1).lines[0]).toMatchObject({ quantity: 1, units: { shipped: 1 } })
  })

  it('keeps so many units that a line is worth what was refunded of it', () => {
    const order = aShippableOrder()
    const [mugs, papers] = order.lines
    if (mugs === undefined || papers === undefined) throw new Error('Two lines')
    const units = { ...mugs.units, shipped: 1, removed: 0, refunded: 1, refundedAmount: 1_001 }
    const uneven = { ...order, lines: [{ ...mugs, units }, papers] }
    expect(stepOf(uneven, quantitiesOf(uneven, [1]))).toMatchObject({
      failure: { code: 'line_quantity_too_low', requested: 1, minimum: 2 },
    })
  })

  it('takes nothing off where staff captured only a part, which may be what it would pay back', () => {
    const order = aShippableOrder({ chargedAmount: 2_500, capturedAmount: 1_500 })
    expect(reasonOf(stepOf(order, quantitiesOf(order, [1])))).toBe('partly_captured')
    expect(stepOf(order, [{ variantId: 13, quantity: 1 }])).toMatchObject({ ok: true })
  })

  it('credits what went back by a refund before once, so that its documents add up to what the shop keeps', () => {
    const plain = aShippableOrder({ chargedAmount: 2_500 })
    const order = { ...plain, invoiced: invoicePaid(plain).invoiced }
    const refundOf = (refundId = newId('refund'), amount = 2_000) =>
      ({
        orderId: order.id,
        paymentId: order.paymentId ?? newId('payment'),
        refundId,
        amount,
        captured: 2_500,
      }) as const
    const details = { reason: 'late', isCounted: false }
    const refunded = taken(order, ok(recordRefund(order, refundOf(), details)))
    const after = edited(refunded, 0)
    expect(after).toMatchObject({ total: 500, invoiced: { total: 0 }, lineRefunds: [{ amount: 500 }] })
    const [due] = after.lineRefunds
    const end = taken(after, ok(recordRefund(after, refundOf(due?.refundId, due?.amount), details)))
    expect(end).toMatchObject({ refundedAmount: 2_500, invoiced: { total: 0 } })
  })

  it('changes nothing where everything is as it was', () => {
    const order = aShippableOrder()
    expect(stepOf(order, quantitiesOf(order, [2, 1]), { note: order.note })).toEqual({
      ok: true,
      value: { kind: 'unchanged' },
    })
  })
})

describe('an edit is refused', () => {
  it.each<[string, Partial<Order>]>([
    ['cancelled', { status: 'cancelled', cancelReason: 'expired' }],
    ['expired', { expiresAt: new Date(0) }],
    ['shipped', { status: 'shipped', paymentStatus: 'paid' }],
    ['refunded', { status: 'processing', paymentStatus: 'refunded', stockCommitted: true }],
    ['stripe_tax', { taxProvider: 'stripe', taxCalculationId: 'taxcalc_1' }],
    ['order_changed', { status: 'processing', paymentStatus: 'paid', stockCommitted: false }],
  ])('of an order that is %s', (reason, over) => {
    const order = anOrder(over)
    expect(reasonOf(stepOf(order, quantitiesOf(order, [1])))).toBe(reason)
  })

  it('of an order that does not have the line', () => {
    expect(stepOf(anOrder(), [{ lineId: newId('orderLine'), quantity: 1 }])).toMatchObject({
      failure: { code: 'order_line_not_found' },
    })
  })
})

describe('an edit of the address', () => {
  it('leaves all amounts as they are', () => {
    const order = aShippableOrder({ shippingAddress: berlin })
    const moved = { ...berlin, line1: 'Am Ring 2' }
    const after = taken(order, stepOf(order, [], { shippingAddress: moved, note: 'Ring twice' }))
    expect(after).toMatchObject({ shippingAddress: moved, note: 'Ring twice', total: order.total, chargeNo: 1 })
  })

  it('is refused to another country, or to one that nobody can tell', () => {
    const order = aShippableOrder({ shippingAddress: berlin })
    expect(reasonOf(stepOf(order, [], { shippingAddress: { ...berlin, country: 'FR' } }))).toBe('other_country')
    expect(reasonOf(stepOf(order, [], { shippingAddress: 'Around the corner' }))).toBe('other_country')
  })

  it('is refused once a part has left', () => {
    const order = shipped(aShippableOrder({ shippingAddress: berlin }), [1, 0])
    expect(reasonOf(stepOf(order, [], { shippingAddress: berlin }))).toBe('has_left')
  })
})

describe('a line with fewer units', () => {
  it('keeps its share of discount and tax, rounded so that no more goes back than the share of what was removed', () => {
    const [mug] = anOrder().lines
    if (mug === undefined) throw new Error('A line')
    const line = {
      ...{ ...mug, quantity: 3, unitPrice: 10, subtotal: 30, discount: 1, tax: 5, total: 34 },
      adjustments: [{ promotionId: 'promo_a', amount: 1 }],
      taxLines: [{ rateId: 'taxrate_a', name: 'VAT', rate: '0.19', amount: 5 }],
    }
    expect(shrinkLine(line, 1, false)).toMatchObject({ subtotal: 10, discount: 0, tax: 2, total: 12 })
    expect(shrinkLine(line, 1, true)).toMatchObject({ tax: 2, total: 10 })
    expect(shrinkLine({ ...line, discount: 12, total: 23 }, 2, false)).toMatchObject({ discount: 8, tax: 4, total: 16 })
    expect(shrinkLine(line, 0, false)).toMatchObject({ subtotal: 0, discount: 0, tax: 0, total: 0 })
  })

  it('divides what is left among its promotions and tax rates, in proportion', () => {
    const [mug] = anOrder().lines
    if (mug === undefined) throw new Error('A line')
    const rate = (rateId: string, amount: number) => ({ rateId, name: 'VAT', rate: '0.1', amount })
    const line = {
      ...{ ...mug, quantity: 4, unitPrice: 100, subtotal: 400, discount: 80, tax: 40, total: 360 },
      adjustments: [
        { promotionId: 'promo_a', amount: 60 },
        { promotionId: 'promo_b', amount: 20 },
      ],
      taxLines: [rate('a', 10), rate('b', 30)],
    }
    expect(shrinkLine(line, 1, false)).toMatchObject({
      ...{ discount: 20, tax: 10 },
      adjustments: [{ amount: 15 }, { amount: 5 }],
      taxLines: [
        { rateId: 'a', amount: 3 },
        { rateId: 'b', amount: 7 },
      ],
    })
    const untaxed = { ...line, tax: 0, taxLines: [rate('a', 0)] }
    expect(shrinkLine(untaxed, 1, false).taxLines).toEqual([rate('a', 0)])
  })
})
