import { describe, expect, it } from 'vitest'
import type { PricingLine } from '../../../src/pricing/domain/pricing.ts'
import type { Promotion } from '../../../src/promotions/domain/promotion.ts'
import { aLine, aPromotion, discounts, KWD, linesOf, price, refusals } from '../../support/pricing/carts.ts'

const EVERYTHING = { productIds: [], collectionIds: [] }
const [SHOES, SOCKS] = [1, 2]

type Side = { quantity: number; productIds?: number[]; collectionIds?: number[] }

const buyGet = (buy: Side, get: Side & { percentOff?: string }, over: Partial<Promotion> = {}) =>
  aPromotion({
    ...{ type: 'buy_x_get_y', code: 'GET', buy: { ...EVERYTHING, ...buy } },
    get: { percentOff: '100', ...EVERYTHING, ...get },
    ...over,
  })

const shoes = (productId: number, unitPrice: number, quantity = 1) =>
  aLine(productId, unitPrice, { quantity, collectionIds: [SHOES] })
const socks = (productId: number, unitPrice: number, quantity = 1) =>
  aLine(productId, unitPrice, { quantity, collectionIds: [SOCKS] })

describe('buy 2, get 1 of the same', () => {
  const promotion = buyGet({ quantity: 2 }, { quantity: 1 })

  it.each([
    [3, 1],
    [4, 1],
    [5, 1],
    [6, 2],
    [300, 100],
  ])('of %d units makes %d free', (quantity, free) => {
    expect(discounts([aLine(1, 1_000, { quantity })], [promotion])).toEqual([free * 1_000])
  })

  it('needs 3 units', () => {
    const cart = price([aLine(1, 1_000, { quantity: 2 })], { promotions: [promotion] })
    expect(refusals(cart)).toEqual([['promo_1', 'below_minimum_quantity']])
  })

  it.each<[string, number[], number[]]>([
    ['the cheapest of three', [3_000, 1_000, 2_000], [0, 1_000, 0]],
    ['the two cheapest of six', [600, 500, 400, 300, 200, 100], [0, 0, 0, 0, 200, 100]],
    ['the first of equals', [500, 500, 500], [500, 0, 0]],
  ])('makes free %s', (_, prices, expected) => {
    expect(discounts(linesOf(...prices), [promotion])).toEqual(expected)
  })

  it('makes free only as many units of a line as belong to it', () => {
    const lines = [aLine(1, 900, { quantity: 4 }), aLine(2, 100), aLine(3, 500)]
    expect(discounts(lines, [promotion])).toEqual([0, 100, 500])
    expect(discounts([aLine(1, 900, { quantity: 5 }), aLine(2, 100)], [promotion])).toEqual([900, 100])
  })
})

describe('buy shoes, get socks at half the price', () => {
  const promotion = buyGet(
    { quantity: 1, collectionIds: [SHOES] },
    { quantity: 1, collectionIds: [SOCKS], percentOff: '50' },
  )

  it.each<[string, PricingLine[], number[]]>([
    ['one pair of each', [shoes(1, 5_000), socks(2, 500)], [0, 250]],
    ['more socks than shoes: those of one pair of shoes', [shoes(1, 5_000), socks(2, 500, 3)], [0, 250]],
    ['more shoes than socks: all socks', [shoes(1, 5_000, 3), socks(2, 500, 2)], [0, 500]],
    ['different socks: the cheaper', [shoes(1, 5_000), socks(2, 700), socks(3, 500)], [0, 0, 250]],
    [
      'half a cent of two lines, rounded once: 0.5 × (5 + 6) is 6',
      [shoes(1, 50, 2), socks(2, 5), socks(3, 6)],
      [0, 3, 3],
    ],
  ])('discounts of %s', (_, lines, expected) => {
    expect(discounts(lines, [promotion])).toEqual(expected)
  })

  it.each<[string, PricingLine[]]>([
    ['only shoes', [shoes(1, 5_000, 2)]],
    ['only socks', [socks(1, 500, 2)]],
    ['neither', linesOf(1_000, 1_000)],
  ])('does not apply to %s', (_, lines) => {
    expect(refusals(price(lines, { promotions: [promotion] }))).toEqual([['promo_1', 'nothing_applies']])
  })
})

describe('a unit that may be bought or discounted', () => {
  const anyWithShoes = buyGet({ quantity: 1, collectionIds: [SHOES] }, { quantity: 1 })

  it('counts once: a pair of shoes alone is not its own gift', () => {
    const cart = price([shoes(1, 5_000)], { promotions: [anyWithShoes] })
    expect(refusals(cart)).toEqual([['promo_1', 'below_minimum_quantity']])
  })

  it('is discounted if it is the cheapest and enough are bought without it', () => {
    expect(discounts([shoes(1, 5_000), shoes(2, 3_000), aLine(3, 4_000)], [anyWithShoes])).toEqual([0, 3_000, 0])
  })

  it('is bought, although it is the cheapest, if nothing else can be', () => {
    expect(discounts([shoes(1, 1_000), aLine(2, 2_000)], [anyWithShoes])).toEqual([0, 2_000])
  })

  it('is bought in part and discounted in part', () => {
    // Four pairs and one shirt: two pairs are bought, the other two are cheaper than the shirt, and free.
    expect(discounts([shoes(1, 1_000, 4), aLine(2, 1_500)], [anyWithShoes])).toEqual([2_000, 0])
    // Two pairs and two shirts: both pairs are bought, both shirts are free.
    expect(discounts([shoes(1, 1_000, 2), aLine(2, 1_500, { quantity: 2 })], [anyWithShoes])).toEqual([0, 3_000])
    // Three pairs and one shirt: two are bought, one pair and the shirt are free.
    expect(discounts([shoes(1, 1_000, 3), aLine(2, 1_500)], [anyWithShoes])).toEqual([1_000, 1_500])
  })
})

describe('units that were discounted before', () => {
  const first = (value: string) =>
    aPromotion({ id: 'promo_0', value, appliesTo: { productIds: [1], categoryIds: [], collectionIds: [] } })
  const buyOneGetOne = buyGet({ quantity: 1 }, { quantity: 1 })

  it('cost what is left of their line', () => {
    // 50 % off 4 × 1,000 leaves 500 a unit: cheaper than the other product, and two of them are free.
    const lines = [aLine(1, 1_000, { quantity: 4 }), aLine(2, 800)]
    expect(discounts(lines, [first('50'), buyOneGetOne])).toEqual([3_000, 0])
  })

  it('cost an equal part of what is left, to the fraction of a cent', () => {
    // 9 of 10 cents are left of 2 units. One costs 4.5 cents, so its discount is 4, not 5.
    expect(discounts([aLine(1, 5, { quantity: 2 })], [first('10'), buyOneGetOne])).toEqual([1 + 4])
  })

  it('are worth nothing if nothing is left', () => {
    const cart = price([aLine(1, 1_000, { quantity: 2 })], { promotions: [first('100'), buyOneGetOne] })
    expect([cart.total, ...refusals(cart)]).toEqual([0, ['promo_1', 'nothing_applies']])
  })
})

describe('the discount of units', () => {
  it('has its odd cent on the first of equal remainders, not on the cheapest', () => {
    const promotion = buyGet({ quantity: 1 }, { quantity: 2, percentOff: '50' })
    // 50 % of 5 + 4 is 5: 2.78 and 2.22. 50 % of 7 + 3 is 5: 3.5 and 1.5.
    expect(discounts(linesOf(5, 4, 900), [promotion])).toEqual([3, 2, 0])
    expect(discounts(linesOf(7, 3, 900), [promotion])).toEqual([4, 1, 0])
  })

  it('of dinars is a multiple of 10 fils', () => {
    const promotion = buyGet({ quantity: 1 }, { quantity: 1, percentOff: '25' })
    // 25 % of 1,010 is 252.5, the nearest multiple of 10 is 250.
    expect(discounts([aLine(1, 1_010, { quantity: 2 })], [promotion], KWD)).toEqual([250])
  })

  it('is only of lines that the promotion applies to', () => {
    const appliesTo = { productIds: [1], categoryIds: [], collectionIds: [] }
    const promotion = buyGet({ quantity: 1 }, { quantity: 1 }, { appliesTo })
    expect(discounts([aLine(1, 1_000, { quantity: 2 }), aLine(2, 10)], [promotion])).toEqual([1_000, 0])
  })

  it('is nothing while either side is missing', () => {
    const promotion = buyGet({ quantity: 1 }, { quantity: 1 })
    const reasons = [{ buy: null }, { get: null }].map((over) =>
      refusals(price(linesOf(1_000, 1_000), { promotions: [{ ...promotion, ...over }] })),
    )
    expect(reasons).toEqual([[['promo_1', 'nothing_applies']], [['promo_1', 'nothing_applies']]])
  })
})
