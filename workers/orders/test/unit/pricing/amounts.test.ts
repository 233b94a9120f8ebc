import { MAX_MINOR } from '@shop/kernel/money'
import { describe, expect, it } from 'vitest'
import type { PricingLine } from '../../../src/pricing/domain/pricing.ts'
import {
  aLine,
  aPromotion,
  aTax,
  FREE_SHIPPING,
  inUsd,
  price,
  shippingFor,
  TEN_PERCENT,
} from '../../support/pricing/carts.ts'

const HALF = { ...TEN_PERCENT, value: '50' }
const ALL = { ...TEN_PERCENT, value: '100' }

describe('a cart', () => {
  it('may be empty', () => {
    expect(price([])).toEqual({
      ...{ currency: 'USD', pricesIncludeTax: false, lines: [], shipping: null },
      ...{ subtotal: 0, discountTotal: 0, shippingTotal: 0, taxTotal: 0, total: 0 },
      ...{ adjustments: [], taxLines: [], refused: [] },
    })
  })

  it('may cost nothing', () => {
    const lines = [aLine(1, 1_000, { taxes: [aTax('0.19')] })]
    const cart = price(lines, { shipping: shippingFor(499), promotions: [ALL, FREE_SHIPPING] })
    expect(cart).toMatchObject({ subtotal: 1_000, discountTotal: 1_499, shippingTotal: 499, taxTotal: 0, total: 0 })
  })

  it('keeps its lines in the order in which they were entered', () => {
    const lines = [aLine(3, 300), aLine(1, 100), aLine(2, 200)]
    expect(price(lines).lines.map(({ id, subtotal }) => [id, subtotal])).toEqual([
      ['line_3', 300],
      ['line_1', 100],
      ['line_2', 200],
    ])
  })

  it('has lines with ids of their own: anything else is a bug', () => {
    const error = new RangeError('Each line of a cart has an id of its own')
    expect(() => price([aLine(1, 100), { ...aLine(2, 100), id: 'line_1' }])).toThrow(error)
  })

  it.each([
    ['variant', 1, aLine(1, 100, { id: 'b' }), aLine(2, 100, { id: 'a' })],
    ['price', 1, aLine(1, 50, { id: 'b', quantity: 2 }), aLine(1, 100, { id: 'a' })],
    // 2 cents are 0.5 and 1.5.
    ['quantity', 2, aLine(1, 100, { id: 'b' }), aLine(1, 100, { id: 'a', quantity: 3 })],
    ['id', 1, aLine(1, 100, { id: 'a' }), aLine(1, 100, { id: 'b' })],
  ])('gives the odd cent to the line that is first by %s, however they were entered', (_, amount, first, second) => {
    const promotions = [aPromotion({ type: 'fixed_amount', amounts: inUsd(amount) })]
    const discountOfFirst = (lines: PricingLine[]) =>
      price(lines, { promotions }).lines.find(({ id }) => id === first.id)?.discount
    expect([discountOfFirst([first, second]), discountOfFirst([second, first])]).toEqual([1, 1])
  })
})

describe('large amounts', () => {
  it('are exact', () => {
    const lines = [aLine(1, MAX_MINOR, { quantity: 5 }), aLine(2, MAX_MINOR - 2, { quantity: 4 })]
    const cart = price(lines, { promotions: [{ ...TEN_PERCENT, value: '33.3333' }] })
    const subtotal = 5n * BigInt(MAX_MINOR) + 4n * BigInt(MAX_MINOR - 2)
    // Half up: 333,333 / 1,000,000
    const discount = (subtotal * 333_333n * 2n + 1_000_000n) / 2_000_000n
    expect([cart.subtotal, cart.discountTotal].map(BigInt)).toEqual([subtotal, discount])
    expect(cart.lines.map((line) => BigInt(line.discount)).reduce((sum, amount) => sum + amount)).toBe(discount)
    expect(BigInt(cart.total)).toBe(subtotal - discount)
  })

  it('beyond what a number can hold are the nearest, and refuse nothing', () => {
    const cart = price([aLine(1, MAX_MINOR, { quantity: 1_000_000 })], { promotions: [HALF] })
    expect(cart.total).toBe(Number((BigInt(MAX_MINOR) * 1_000_000n) / 2n))
    expect(price([aLine(1, MAX_MINOR, { quantity: 1_000_000 })], { promotions: [ALL] }).total).toBe(0)
  })
})
