import { describe, expect, it } from 'vitest'
import type { Pricing } from '../../../src/pricing/domain/pricing.ts'
import { codeKey } from '../../../src/promotions/domain/code-key.ts'
import type { Promotion } from '../../../src/promotions/domain/promotion.ts'
import {
  aLine,
  aPromotion,
  FREE_SHIPPING,
  inUsd,
  JPY,
  linesOf,
  NO_CONDITIONS,
  price,
  refusals,
  shippingFor,
  TEN_PERCENT,
} from '../../support/pricing/carts.ts'

const percent = (id: string, value: string, over: Partial<Promotion> = {}) =>
  aPromotion({ id, code: id.toUpperCase(), value, ...over })
const off = (id: string, amount: number, over: Partial<Promotion> = {}) =>
  aPromotion({ id, code: id.toUpperCase(), type: 'fixed_amount', amounts: inUsd(amount), ...over })
const alone = { stackable: false }

/** What each promotion takes off a line of 100.00, in the order in which they are applied. */
const given = (...promotions: Promotion[]) =>
  price(linesOf(10_000), { promotions }).adjustments.map(({ promotionId, amount }) => [promotionId, amount])
const refused = (...promotions: Promotion[]) => refusals(price(linesOf(10_000), { promotions }))

describe('promotions that stack', () => {
  it('are applied by priority, then id, each on what the ones before have left', () => {
    const [half, tenth, fixed] = [percent('b', '50'), percent('a', '10'), off('c', 1_000, { priority: -1 })]
    expect(given(half, tenth, fixed)).toEqual([
      ['c', 1_000],
      ['a', 900],
      ['b', 4_050],
    ])
  })

  it('compare priorities as numbers, and ids by code units', () => {
    const later = [percent('z', '1', { priority: 9 }), percent('a', '1', { priority: 10 })]
    expect(given(...later, percent('b', '1'), percent('Z', '1')).map(([id]) => id)).toEqual(['Z', 'b', 'z', 'a'])
  })

  it('give nothing when nothing is left', () => {
    expect(given(percent('a', '100'), percent('b', '10'))).toEqual([['a', 10_000]])
    expect(refused(percent('a', '100'), percent('b', '10'))).toEqual([['b', 'nothing_applies']])
  })

  it('meet their minimums at prices before any discount', () => {
    const conditions = { ...NO_CONDITIONS, minSubtotal: inUsd(10_000) }
    expect(given(percent('a', '50'), percent('b', '10', { conditions }))).toEqual([
      ['a', 5_000],
      ['b', 500],
    ])
  })
})

describe('a promotion that does not stack', () => {
  it.each<[string, Promotion[], [string, number][], [string, string][]]>([
    [
      'excludes smaller ones',
      [percent('a', '20', alone), percent('b', '10'), percent('c', '5')],
      [['a', 2_000]],
      [
        ['b', 'excluded_by_another'],
        ['c', 'excluded_by_another'],
      ],
    ],
    [
      'is excluded by several that are larger together: 10 % + 10 % of the rest is 19 %',
      [percent('a', '18.9', alone), percent('b', '10'), percent('c', '10')],
      [
        ['b', 1_000],
        ['c', 900],
      ],
      [['a', 'excluded_by_another']],
    ],
    [
      'is excluded by others that are as large',
      [percent('a', '19', alone), percent('b', '10'), percent('c', '10')],
      [
        ['b', 1_000],
        ['c', 900],
      ],
      [['a', 'excluded_by_another']],
    ],
    [
      'is excluded by a larger one of its kind, whatever the priority',
      [percent('a', '10', { ...alone, priority: -1 }), percent('b', '15', alone)],
      [['b', 1_500]],
      [['a', 'excluded_by_another']],
    ],
    [
      'comes first of equals of its kind',
      [off('b', 1_000, alone), percent('a', '10', alone)],
      [['a', 1_000]],
      [['b', 'excluded_by_another']],
    ],
    [
      'says why it gives nothing by itself',
      [percent('a', '0', alone), percent('b', '10')],
      [['b', 1_000]],
      [['a', 'nothing_applies']],
    ],
  ])('%s', (_, promotions, expected, reasons) => {
    expect(given(...promotions)).toEqual(expected)
    expect(refused(...promotions)).toEqual(reasons)
  })

  it('is compared with the discount of shipping, too', () => {
    const cart = (shipping: number) =>
      price(linesOf(10_000), {
        shipping: shippingFor(shipping),
        promotions: [percent('a', '10', alone), FREE_SHIPPING],
      }).adjustments.map(({ promotionId }) => promotionId)
    expect([cart(999), cart(1_000)]).toEqual([['a'], ['promo_free']])
  })
})

describe('a condition', () => {
  const under = (conditions: Partial<Promotion['conditions']>): Promotion => ({
    ...TEN_PERCENT,
    conditions: { ...NO_CONDITIONS, ...conditions },
  })
  const abroad = { buyer: { country: 'DE', groupIds: [], isFirstOrder: true } }
  const unknown = { buyer: { country: null, groupIds: ['group_b'], isFirstOrder: false } }

  it.each<[string, Promotion, Partial<Pricing>, string | undefined]>([
    ['is the country of the destination', under({ countries: ['AT', 'DE'] }), abroad, undefined],
    ['is not another country', under({ countries: ['AT'] }), abroad, 'country_not_included'],
    ['is no country while it is unknown', under({ countries: ['AT'] }), unknown, 'country_not_included'],
    ['is one of the customer’s groups', under({ groupIds: ['group_a', 'group_b'] }), unknown, undefined],
    ['is not another group', under({ groupIds: ['group_a'] }), unknown, 'customer_not_included'],
    ['is a first order', under({ isFirstOrder: true }), abroad, undefined],
    ['is not a second order', under({ isFirstOrder: true }), unknown, 'not_first_order'],
    ['is a minimum subtotal', under({ minSubtotal: inUsd(3_000) }), {}, undefined],
    ['is not a smaller subtotal', under({ minSubtotal: inUsd(3_001) }), {}, 'below_minimum_subtotal'],
    ['has a minimum in the currency', under({ minSubtotal: inUsd(1) }), { currency: JPY }, 'currency_not_included'],
    ['is a minimum of units', under({ minQuantity: 3 }), {}, undefined],
    ['is not fewer units', under({ minQuantity: 4 }), {}, 'below_minimum_quantity'],
    ['of the buyer is named first', under({ countries: ['AT'], minQuantity: 4 }), abroad, 'country_not_included'],
  ])('%s', (_, promotion, over, reason) => {
    const cart = price([aLine(1, 1_000, { quantity: 2 }), aLine(2, 1_000)], { promotions: [promotion], ...over })
    expect(cart.discountTotal).toBe(reason === undefined ? 300 : 0)
    expect(cart.refused).toEqual(reason === undefined ? [] : [{ promotionId: 'promo_ten', code: 'TEN', reason }])
  })

  it('of an automatic promotion is not worth a message', () => {
    const promotion = { ...under({ minQuantity: 4 }), code: null }
    expect(price(linesOf(1_000), { promotions: [promotion] })).toMatchObject({ discountTotal: 0, refused: [] })
  })
})

describe('a promotion on some products', () => {
  const lines = [
    aLine(1, 1_000, { categoryIds: [10, 11] }),
    aLine(2, 2_000, { categoryIds: [11], collectionIds: [20] }),
    aLine(3, 4_000),
  ]
  const on = (over: Partial<Promotion['appliesTo']>, conditions: Partial<Promotion['conditions']> = {}): Promotion => ({
    ...TEN_PERCENT,
    appliesTo: { productIds: [], categoryIds: [], collectionIds: [], ...over },
    conditions: { ...NO_CONDITIONS, ...conditions },
  })
  const cart = (promotion: Promotion) => price(lines, { promotions: [promotion] })

  it.each<[string, Promotion, number[]]>([
    ['products', on({ productIds: [3, 9] }), [0, 0, 400]],
    ['categories', on({ categoryIds: [11] }), [100, 200, 0]],
    ['collections', on({ collectionIds: [20, 21] }), [0, 200, 0]],
    ['any of them', on({ productIds: [3], collectionIds: [20] }), [0, 200, 400]],
    ['any of all three', on({ productIds: [3], categoryIds: [10], collectionIds: [21] }), [100, 0, 400]],
  ])('is on %s', (_, promotion, expected) => {
    expect(cart(promotion).lines.map(({ discount }) => discount)).toEqual(expected)
  })

  it('counts only those for its minimums', () => {
    expect(cart(on({ productIds: [3] }, { minSubtotal: inUsd(4_000) })).discountTotal).toBe(400)
    expect(refusals(cart(on({ productIds: [3] }, { minSubtotal: inUsd(4_001) })))).toEqual([
      ['promo_ten', 'below_minimum_subtotal'],
    ])
    expect(refusals(cart(on({ productIds: [3] }, { minQuantity: 2 })))).toEqual([
      ['promo_ten', 'below_minimum_quantity'],
    ])
  })

  it('does not apply to a cart without them, or to an empty one', () => {
    const reasons = [['promo_ten', 'nothing_applies']]
    expect(refusals(cart(on({ productIds: [9] })))).toEqual(reasons)
    expect(refusals(price([], { promotions: [TEN_PERCENT] }))).toEqual(reasons)
  })
})

describe('codes', () => {
  it.each([
    ['TEN', 'ten'],
    [' Ten\t', 'TEN'],
  ])('are the same without case and surrounding blanks: %j and %j', (one, other) => {
    expect(codeKey(one)).toBe(codeKey(other))
  })

  it('differ by blanks within', () => {
    expect(codeKey('T EN')).not.toBe(codeKey('TEN'))
  })

  it('of one promotion apply once, the first of them', () => {
    const promotions = ['B-2', 'a-1'].map((code) => ({ ...TEN_PERCENT, code }))
    const cart = price(linesOf(1_000), { promotions })
    expect(cart).toMatchObject({ discountTotal: 100, adjustments: [{ code: 'a-1' }] })
    expect(cart.refused).toEqual([{ promotionId: 'promo_ten', code: 'B-2', reason: 'excluded_by_another' }])
  })

  it('that are entered twice count once', () => {
    const cart = price(linesOf(1_000), { promotions: [TEN_PERCENT, { ...TEN_PERCENT, code: ' ten' }] })
    expect(cart).toMatchObject({ discountTotal: 100, refused: [] })
  })

  it('of a promotion that does not stack apply once, too', () => {
    const promotions = ['A', 'B'].map((code) => ({ ...TEN_PERCENT, code, stackable: false }))
    const cart = price(linesOf(1_000), { promotions })
    expect(cart).toMatchObject({ discountTotal: 100, adjustments: [{ code: 'A' }] })
    expect(refusals(cart)).toEqual([['promo_ten', 'excluded_by_another']])
  })
})
