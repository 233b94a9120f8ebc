import { type CurrencyCode, chargeRule } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import type { AppliedTax } from '../../../src/pricing/domain/pricing.ts'
import {
  aLine,
  aTax,
  FREE_SHIPPING,
  HUF,
  JPY,
  KWD,
  price,
  shippingFor,
  TEN_PERCENT,
  USD,
} from '../../support/pricing/carts.ts'

const GST = aTax('0.05')
const QST = aTax('0.09975')
const COMPOUND_QST = { ...QST, isCompound: true }
const [STANDARD, REDUCED] = [aTax('0.19'), aTax('0.07')]
const HALVES = [aTax('0.09', { id: 'taxrate_central' }), aTax('0.09', { id: 'taxrate_state' })]

/** A line of product 1, 2, 3… for each price. */
const taxed = (taxes: AppliedTax[], ...prices: number[]) =>
  prices.map((unitPrice, index) => aLine(index + 1, unitPrice, { taxes }))
const amounts = (part: { taxLines: { amount: number }[] } | null) => part?.taxLines.map(({ amount }) => amount)

describe('tax that is added to a price', () => {
  it.each<[string, CurrencyCode, AppliedTax[], number, number[]]>([
    ['of 19 %', USD, [STANDARD], 1_000, [190]],
    ['of half a cent, rounded up: 9.5', USD, [STANDARD], 50, [10]],
    ['of 0 %, which is named', USD, [aTax('0')], 1_000, [0]],
    ['without a rate', USD, [], 1_000, []],
    ['of two rates, each by itself: 50 and 99.75', USD, [GST, QST], 1_000, [50, 100]],
    ['of a compound rate: 9.975 % of 1,050 is 104.74', USD, [GST, COMPOUND_QST], 1_000, [50, 105]],
    ['of a compound rate that comes first', USD, [COMPOUND_QST, GST], 1_000, [100, 50]],
    ['of two equal rates, equally: 9.45 each', USD, HALVES, 105, [9, 9]],
    ['of yen: 96 × 10 %', JPY, [aTax('0.1')], 96, [10]],
    ['of forints: 12,345 × 27 %', HUF, [aTax('0.27')], 12_345, [3_333]],
    ['of dinars in steps of 10 fils: 61.5', KWD, [GST], 1_230, [60]],
    ['of dinars to the fils where the price is no multiple of 10: 61.75', KWD, [GST], 1_235, [62]],
  ])('is %s', (_, currency, taxes, unitPrice, expected) => {
    const cart = price(taxed(taxes, unitPrice), { currency })
    const tax = expected.reduce((sum, amount) => sum + amount, 0)
    expect(amounts(cart)).toEqual(expected)
    expect(cart).toMatchObject({ subtotal: unitPrice, taxTotal: tax, total: unitPrice + tax })
    expect(cart.lines[0]).toMatchObject({ subtotal: unitPrice, tax, total: unitPrice + tax })
  })

  it('is of the price after discounts, and of all units', () => {
    const lines = [aLine(1, 500, { quantity: 4, taxes: [STANDARD] })]
    expect(price(lines, { promotions: [TEN_PERCENT] })).toMatchObject({
      discountTotal: 200,
      taxTotal: 342,
      total: 2_142,
    })
  })

  it('leaves totals that can be charged in dinars', () => {
    const { total } = price(taxed([GST], 1_230, 770, 10), { currency: KWD, promotions: [TEN_PERCENT] })
    expect(total % (chargeRule(KWD)?.step ?? 0)).toBe(0)
  })
})

describe('tax that a price includes', () => {
  it.each<[string, CurrencyCode, AppliedTax[], number, number[]]>([
    ['of 19 %', USD, [STANDARD], 1_190, [190]],
    ['rounded half up: 1,000 × 19 / 119 is 159.66', USD, [STANDARD], 1_000, [160]],
    ['of 0 %, which is named', USD, [aTax('0')], 1_000, [0]],
    ['of 100 %', USD, [aTax('1')], 1, [1]],
    ['of two rates: 1,149.75 for 1,000', USD, [GST, QST], 1_150, [50, 100]],
    ['of a compound rate: 1,154.74 for 1,000', USD, [GST, COMPOUND_QST], 1_155, [50, 105]],
    ['of two equal rates, equally: 100 × 9 / 118 is 7.63', USD, HALVES, 100, [8, 8]],
    ['of yen: 96 × 10 / 110 is 8.73', JPY, [aTax('0.1')], 96, [9]],
    ['of forints: 12,345 × 27 / 127 is 2,624.53', HUF, [aTax('0.27')], 12_345, [2_625]],
    ['of dinars to the fils, since it changes no total: 58.57', KWD, [GST], 1_230, [59]],
  ])('is %s', (_, currency, taxes, unitPrice, expected) => {
    const cart = price(taxed(taxes, unitPrice), { currency, pricesIncludeTax: true })
    const tax = expected.reduce((sum, amount) => sum + amount, 0)
    expect(amounts(cart)).toEqual(expected)
    expect(cart).toMatchObject({ subtotal: unitPrice, taxTotal: tax, total: unitPrice })
    expect(cart.lines[0]).toMatchObject({ subtotal: unitPrice, tax, total: unitPrice })
  })

  it('is at most the price, even if four rates of 50 % are each rounded up', () => {
    const four = ['a', 'b', 'c', 'd'].map((id) => aTax('0.5', { id }))
    // Each is half a cent of 3 cents, and all together are 2 cents.
    expect(amounts(price(taxed(four, 3), { pricesIncludeTax: true }))).toEqual([1, 1, 0, 0])
  })
})

describe('rounding', () => {
  it.each<['line' | 'order', boolean, number[], number[]]>([
    // 9.5 each; 28.5 together
    ['line', false, [50, 50, 50], [10, 10, 10]],
    ['order', false, [50, 50, 50], [10, 10, 9]],
    // 9.58, 9.58 and 1.76 of 60, 60 and 11; 20.92 together
    ['line', true, [60, 60, 11], [10, 10, 2]],
    ['order', true, [60, 60, 11], [10, 9, 2]],
  ])('by %s, included %s: %j', (rounding, pricesIncludeTax, prices, expected) => {
    const cart = price(taxed([STANDARD], ...prices), { rounding, pricesIncludeTax })
    expect(cart.lines.map(({ tax }) => tax)).toEqual(expected)
    expect(amounts(cart)).toEqual([expected.reduce((sum, amount) => sum + amount, 0)])
  })

  it('by order is of all lines with the same taxes together, not of others', () => {
    const lines = [...taxed([STANDARD], 50, 50), aLine(3, 50, { taxes: [REDUCED] }), aLine(4, 50, { taxes: [REDUCED] })]
    // 19 % of 100 is 19, 7 % of 100 is 7; line by line it would be 20 and 8.
    const cart = price(lines, { rounding: 'order' })
    expect(amounts(cart)).toEqual([19, 7])
    expect(cart.lines.map(({ tax }) => tax)).toEqual([10, 9, 4, 3])
  })

  it('by order rounds each rate, and divides both over the same lines', () => {
    // 5 % and 9.975 % of 30 are 1.5 and 2.99: 2 and 3. Of their sum, 5, the lines get 2, 2 and 1.
    const cart = price(taxed([GST, QST], 10, 10, 10), { rounding: 'order' })
    expect(amounts(cart)).toEqual([2, 3])
    expect(cart.lines.map(({ tax }) => tax)).toEqual([2, 2, 1])
    expect(cart.lines.map(amounts)).toEqual([
      [1, 1],
      [1, 1],
      [0, 1],
    ])
  })

  it('by order adds dinars in steps of 10 fils', () => {
    // 5 % of 120 each is 6; together 18, which is 20: one step of 10 on each of the first two.
    const cart = price(taxed([GST], 120, 120, 120), { rounding: 'order', currency: KWD })
    expect(cart.lines.map(({ tax }) => tax)).toEqual([10, 10, 0])
  })
})

describe('shipping', () => {
  const items = [aLine(1, 3_000, { taxes: [STANDARD] }), aLine(2, 1_000, { taxes: [REDUCED] })]

  it('is taxed as its items, by their value', () => {
    // 500 is 375 at 19 % (71.25) and 125 at 7 % (8.75).
    const cart = price(items, { shipping: shippingFor(500) })
    expect(cart.shipping).toMatchObject({ subtotal: 500, discount: 0, tax: 80, total: 580 })
    expect(amounts(cart.shipping)).toEqual([71, 9])
    expect(amounts(cart)).toEqual([570 + 71, 70 + 9])
    expect(cart).toMatchObject({ subtotal: 4_000, shippingTotal: 500, taxTotal: 720, total: 5_220 })
  })

  it('includes its tax where prices do', () => {
    // 375 × 19 / 119 is 59.87, 125 × 7 / 107 is 8.18.
    const cart = price(items, { shipping: shippingFor(500), pricesIncludeTax: true })
    expect(cart.shipping).toMatchObject({ subtotal: 500, tax: 68, total: 500 })
    expect(amounts(cart.shipping)).toEqual([60, 8])
    expect(cart.total).toBe(4_500)
  })

  it('is divided by the value of the items after discounts', () => {
    const promotion = {
      ...TEN_PERCENT,
      value: '100',
      appliesTo: { productIds: [1], categoryIds: [], collectionIds: [] },
    }
    expect(amounts(price(items, { shipping: shippingFor(500), promotions: [promotion] }).shipping)).toEqual([0, 35])
  })

  it('is not taxed as what is digital, unless nothing else is bought', () => {
    const [parcel, download] = [items[0], { ...aLine(2, 1_000, { taxes: [REDUCED] }), isShipped: false }]
    if (parcel === undefined) throw new Error('No item')
    const ofMixed = price([parcel, download], { shipping: shippingFor(500) }).shipping
    expect(ofMixed?.taxLines).toEqual([{ rateId: STANDARD.id, name: STANDARD.name, rate: '0.19', amount: 95 }])
    expect(amounts(price([download], { shipping: shippingFor(500) }).shipping)).toEqual([35])
  })

  it('is divided by the number of units if all items are worth 0', () => {
    const free = [aLine(1, 0, { quantity: 3, taxes: [STANDARD] }), aLine(2, 0, { taxes: [REDUCED] })]
    expect(amounts(price(free, { shipping: shippingFor(500) }).shipping)).toEqual([71, 9])
  })

  it('is divided in whole cents, the odd one on the largest remainder', () => {
    // Of 100, 33.33 and 66.67 are 33 and 67: 6.27 and 4.69.
    const lines = [aLine(1, 10, { taxes: [STANDARD] }), aLine(2, 20, { taxes: [REDUCED] })]
    expect(amounts(price(lines, { shipping: shippingFor(100) }).shipping)).toEqual([6, 5])
  })

  it('is rounded with the items by order, as the last of them', () => {
    // 19 % of 50 + 50 is 19, of each 9.5; the item comes first.
    const cart = price(taxed([STANDARD], 50), { shipping: shippingFor(50), rounding: 'order' })
    expect([cart.lines[0]?.tax, cart.shipping?.tax, cart.taxTotal]).toEqual([10, 9, 19])
  })

  it('is not taxed where it is free, or without items', () => {
    const free = price(items, { shipping: shippingFor(500), promotions: [FREE_SHIPPING] })
    expect(free.shipping).toMatchObject({ discount: 500, tax: 0, total: 0 })
    const empty = price([], { shipping: shippingFor(500) })
    expect(empty).toMatchObject({ subtotal: 0, taxTotal: 0, total: 500, taxLines: [], lines: [] })
    expect(empty.shipping).toMatchObject({ tax: 0, total: 500, taxLines: [] })
  })
})

describe('tax lines', () => {
  it('add up each rate over items and shipping, and keep its name', () => {
    const lines = [aLine(1, 1_000, { taxes: [GST, QST] }), aLine(2, 1_000, { taxes: [GST] })]
    const cart = price(lines, { shipping: shippingFor(1_000) })
    expect(cart.taxLines).toEqual([
      { rateId: 'taxrate_0.05', name: 'Tax of 0.05', rate: '0.05', amount: 150 },
      { rateId: 'taxrate_0.09975', name: 'Tax of 0.09975', rate: '0.09975', amount: 150 },
    ])
    // 99.75 of the item and 49.88 of half the shipping
    expect(amounts(cart.lines[0] ?? null)).toEqual([50, 100])
    expect(amounts(cart.shipping)).toEqual([50, 50])
  })
})
