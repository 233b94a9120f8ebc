import { describe, expect, it } from 'vitest'
import { sumsOf } from '../../../src/order-edits/domain/order-sums.ts'
import type { Order } from '../../../src/orders/domain/order.ts'
import { aTaxedOrder } from '../../support/invoiced-orders.ts'

/** 20.00 - 2.00 for two mugs, 5.00 for a book and 4.90 for shipping, of which a code takes 0.90. */
function aDiscountedOrder(): Order {
  const order = aTaxedOrder()
  const [mugs, book] = order.lines
  if (mugs === undefined || book === undefined || order.shipping === null) throw new Error('An order of two lines')
  const named = (promotionId: string) =>
    ({ promotionId, code: null, name: 'Sale', type: 'percentage', amount: 999 }) as const
  return {
    ...order,
    lines: [{ ...mugs, adjustments: [{ promotionId: 'promo_a', amount: 200 }] }, book],
    shipping: {
      ...order.shipping,
      ...{ discount: 90, total: 400 },
      adjustments: [
        { promotionId: 'promo_a', amount: 40 },
        { promotionId: 'promo_b', amount: 50 },
      ],
    },
    adjustments: [named('promo_a'), named('promo_b'), named('promo_gone')],
  }
}

describe('the totals of an order', () => {
  it('are the sums of its lines and shipping, which is no part of the subtotal', () => {
    expect(sumsOf(aDiscountedOrder())).toMatchObject({
      ...{ subtotal: 2_500, discountTotal: 290, taxTotal: 398, total: 2_700 },
    })
    expect(sumsOf({ ...aDiscountedOrder(), shipping: null, shippingTotal: 0 })).toMatchObject({
      ...{ subtotal: 2_500, discountTotal: 200, taxTotal: 320, total: 2_300 },
    })
  })

  it('name each promotion that still takes something off, with what it takes', () => {
    expect(sumsOf(aDiscountedOrder()).adjustments).toMatchObject([
      { promotionId: 'promo_a', name: 'Sale', amount: 240 },
      { promotionId: 'promo_b', amount: 50 },
    ])
  })

  it('have one tax line for each rate, and two for a rate that has changed since', () => {
    const order = aDiscountedOrder()
    const [mugs, book] = order.lines
    if (mugs === undefined || book === undefined) throw new Error('An order of two lines')
    const vat = { rateId: 'standard', name: 'VAT' }
    expect(sumsOf(order).taxLines).toEqual([
      { ...vat, rate: '0.19', amount: 365 },
      { rateId: 'reduced', name: 'VAT', rate: '0.07', amount: 33 },
    ])
    const changed = { ...book, taxLines: [{ ...vat, rate: '0.2', amount: 33 }] }
    expect(sumsOf({ ...order, lines: [mugs, changed] }).taxLines).toEqual([
      { ...vat, rate: '0.19', amount: 365 },
      { ...vat, rate: '0.2', amount: 33 },
    ])
  })
})
