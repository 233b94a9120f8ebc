import { type CurrencyCode, currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import type { Promotion } from '../../../src/promotions/domain/promotion.ts'
import {
  aLine,
  aPromotion,
  discounts,
  FREE_SHIPPING,
  HUF,
  inUsd,
  JPY,
  KWD,
  linesOf,
  price,
  refusals,
  shippingFor,
  TEN_PERCENT,
  USD,
} from '../../support/pricing/carts.ts'

const percentage = (value: string, over: Partial<Promotion> = {}) => aPromotion({ value, ...over })

describe('a percentage', () => {
  it.each<[string, CurrencyCode, string, number[], number[]]>([
    ['one line', USD, '10', [1_000], [100]],
    ['a fraction of a percent', USD, '12.5', [1_000], [125]],
    ['two lines: 10 % of 1,999 is 200', USD, '10', [999, 1_000], [100, 100]],
    ['three lines: 10 % of 105 is 11, and the first of equals get the odd cents', USD, '10', [35, 35, 35], [4, 4, 3]],
    ['half a cent, rounded up', USD, '50', [1], [1]],
    ['less than half a cent: nothing', USD, '49.9', [1], [0]],
    ['once over all lines, not line by line: 3 × 0.5 is 2', USD, '50', [1, 1, 1], [1, 1, 0]],
    ['everything', USD, '100', [999, 1, 0], [999, 1, 0]],
    ['nothing', USD, '0', [1_000], [0]],
    ['yen, which have no decimals: 100.5', JPY, '10', [1_005], [101]],
    ['forints in fillér: 1,234.5', HUF, '10', [12_345], [1_235]],
    ['dinars in steps of 10 fils, as cards do: 125', KWD, '12.5', [1_000], [130]],
    ['dinars to the fils where a price is no multiple of 10: 125.625', KWD, '12.5', [1_005], [126]],
  ])('takes off %s', (_, code, value, prices, expected) => {
    expect(discounts(linesOf(...prices), [percentage(value)], code)).toEqual(expected)
  })

  it('takes off the minor unit where nothing can be charged in the currency', () => {
    expect(discounts(linesOf(1_005), [percentage('10')], currency('KPW'))).toEqual([101])
  })

  it('takes off nothing without a value', () => {
    const cart = price(linesOf(1_000), { promotions: [{ ...TEN_PERCENT, value: null }] })
    expect([cart.discountTotal, ...refusals(cart)]).toEqual([0, ['promo_ten', 'nothing_applies']])
  })

  it('is of the price times the quantity', () => {
    expect(discounts([aLine(1, 333, { quantity: 3 })], [percentage('10')])).toEqual([100])
  })

  it('says what it took off each line, and off all of them', () => {
    const cart = price(linesOf(999, 1_000), { promotions: [TEN_PERCENT] })
    expect(cart).toMatchObject({ subtotal: 1_999, discountTotal: 200, taxTotal: 0, total: 1_799, refused: [] })
    expect(cart.adjustments).toEqual([
      { promotionId: 'promo_ten', code: 'TEN', name: 'Promotion', type: 'percentage', amount: 200 },
    ])
    expect(cart.lines[0]).toEqual({
      ...{ id: 'line_1', unitPrice: 999, quantity: 1, subtotal: 999, discount: 100, tax: 0, total: 899 },
      ...{ adjustments: [{ promotionId: 'promo_ten', amount: 100 }], taxLines: [] },
    })
  })
})

describe('a fixed amount', () => {
  const off = (amount: number, code = USD) =>
    aPromotion({ type: 'fixed_amount', amounts: [{ currency: code, amount }] })

  it.each<[string, number, number[], number[]]>([
    ['divided over the lines by their value', 500, [1_000, 3_000], [125, 375]],
    ['with the odd cent on the largest remainder: 66.7, 133.3', 200, [1_000, 1_999], [67, 133]],
    ['with the odd cents on the first of equals', 100, [500, 500, 500], [34, 33, 33]],
    ['and no more than there is', 5_000, [1_000, 3_000], [1_000, 3_000]],
    ['and nothing off a free line', 100, [0, 500], [0, 100]],
  ])('is %s', (_, amount, prices, expected) => {
    expect(discounts(linesOf(...prices), [off(amount)])).toEqual(expected)
  })

  it('is that of the currency of the cart', () => {
    const amounts = [
      { currency: USD, amount: 500 },
      { currency: JPY, amount: 700 },
    ]
    const promotions = [aPromotion({ type: 'fixed_amount', code: 'OFF', amounts })]
    expect(discounts(linesOf(5_000), promotions, JPY)).toEqual([700])
    const inDinars = price(linesOf(5_000), { currency: KWD, promotions })
    expect([inDinars.discountTotal, ...refusals(inDinars)]).toEqual([0, ['promo_1', 'currency_not_included']])
  })

  it('of dinars is taken in steps of 10 fils', () => {
    expect(discounts(linesOf(1_000, 1_000, 1_000), [off(1_005, KWD)], KWD)).toEqual([340, 340, 330])
  })
})

describe('free shipping', () => {
  it('takes off the price of shipping, and nothing else', () => {
    const cart = price(linesOf(1_000), { shipping: shippingFor(499), promotions: [FREE_SHIPPING] })
    expect(cart).toMatchObject({ subtotal: 1_000, discountTotal: 499, shippingTotal: 499, total: 1_000 })
    expect(cart.lines[0]).toMatchObject({ discount: 0, adjustments: [] })
    expect(cart.shipping).toEqual({
      ...{ optionId: 'shopt_1', name: 'Parcel', subtotal: 499, discount: 499, tax: 0, total: 0, taxLines: [] },
      adjustments: [{ promotionId: 'promo_free', amount: 499 }],
    })
  })

  it('gives nothing without shipping, or where shipping is free already', () => {
    const [none, free] = [null, shippingFor(0)].map((shipping) =>
      refusals(price(linesOf(1_000), { shipping, promotions: [FREE_SHIPPING] })),
    )
    expect([none, free]).toEqual([[['promo_free', 'no_shipping']], [['promo_free', 'nothing_applies']]])
  })

  it('needs one of its products in the cart', () => {
    const promotions = [{ ...FREE_SHIPPING, appliesTo: { productIds: [2], categoryIds: [], collectionIds: [] } }]
    const shipping = shippingFor(499)
    expect(refusals(price(linesOf(1_000), { shipping, promotions }))).toEqual([['promo_free', 'nothing_applies']])
    expect(price(linesOf(1_000, 1_000), { shipping, promotions }).discountTotal).toBe(499)
  })

  it('is given once', () => {
    const again = { ...FREE_SHIPPING, id: 'promo_more', code: 'MORE' }
    const cart = price(linesOf(1_000), { shipping: shippingFor(499), promotions: [FREE_SHIPPING, again] })
    expect(cart).toMatchObject({ discountTotal: 499, adjustments: [{ promotionId: 'promo_free' }] })
    expect(refusals(cart)).toEqual([['promo_more', 'nothing_applies']])
  })
})

describe('tiers', () => {
  const tiered = (tiers: Promotion['tiers']) => aPromotion({ type: 'tiered', code: 'TIER', tiers })
  const byQuantity = tiered([
    { minQuantity: 5, minSubtotal: null, value: '20' },
    { minQuantity: 3, minSubtotal: null, value: '10' },
  ])
  const bySubtotal = tiered([
    { minQuantity: null, minSubtotal: inUsd(5_000), value: '5' },
    { minQuantity: null, minSubtotal: inUsd(10_000), value: '12.5' },
  ])

  it.each<[string, Promotion, number, number, number]>([
    ['nothing for 2 units', byQuantity, 2, 1_000, 0],
    ['10 % for 3 units', byQuantity, 3, 1_000, 300],
    ['10 % for 4 units', byQuantity, 4, 1_000, 400],
    ['20 % for 5 units', byQuantity, 5, 1_000, 1_000],
    ['nothing for 49.99', bySubtotal, 1, 4_999, 0],
    ['5 % for 50.00', bySubtotal, 1, 5_000, 250],
    ['5 % for 99.98', bySubtotal, 2, 4_999, 500],
    ['12.5 % for 100.00', bySubtotal, 2, 5_000, 1_250],
  ])('give %s', (_, promotion, quantity, unitPrice, expected) => {
    expect(discounts([aLine(1, unitPrice, { quantity })], [promotion])).toEqual([expected])
  })

  it.each<[string, Promotion, CurrencyCode, string]>([
    ['too few units', byQuantity, USD, 'below_minimum_quantity'],
    ['too low a subtotal', bySubtotal, USD, 'below_minimum_subtotal'],
    ['another currency', bySubtotal, JPY, 'currency_not_included'],
    ['no tier', tiered([]), USD, 'nothing_applies'],
    ['either', tiered([...byQuantity.tiers, ...bySubtotal.tiers]), USD, 'below_minimum_subtotal'],
    [
      'the units of the only currency',
      tiered([...bySubtotal.tiers, ...byQuantity.tiers]),
      JPY,
      'below_minimum_quantity',
    ],
  ])('give nothing for %s', (_, promotion, code, reason) => {
    const cart = price(linesOf(100), { promotions: [promotion], currency: code })
    expect([cart.discountTotal, ...refusals(cart)]).toEqual([0, ['promo_1', reason]])
  })

  it('have to meet both minimums where both are given', () => {
    const promotion = tiered([{ minQuantity: 2, minSubtotal: inUsd(1_000), value: '10' }])
    const off = (quantity: number, unitPrice: number) => discounts([aLine(1, unitPrice, { quantity })], [promotion])
    expect([off(1, 1_000), off(2, 499), off(2, 500)]).toEqual([[0], [0], [100]])
  })

  it('give the highest percentage that is met, however they are ordered', () => {
    const tiers = ['5', '9.5', '10', '7'].map((value) => ({ minQuantity: 1, minSubtotal: null, value }))
    expect(discounts(linesOf(1_000), [tiered(tiers)])).toEqual([100])
  })
})
