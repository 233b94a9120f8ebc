import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { figuresOf, type SalesSums } from '../../../src/reports/domain/sales.ts'

const NOTHING: SalesSums = {
  ...{
    orders: 0,
    gross: 0,
    discounts: 0,
    shipping: 0,
    tax: 0,
    includedTax: 0,
    giftCards: 0,
    adjustments: 0,
    refunds: 0,
    credited: 0,
    disputes: 0,
  },
}

describe('the figures of a report', () => {
  it('follow from the sums where tax is added to prices', () => {
    const sums = { ...NOTHING, orders: 2, gross: 25_000, discounts: 2_500, shipping: 1_000, tax: 4_150, refunds: 4_000 }
    expect(figuresOf(sums)).toEqual({ ...sums, total: 27_650, captured: 27_650, net: 23_650 })
  })

  it('count tax that is in the prices once', () => {
    const sums = { ...NOTHING, orders: 1, gross: 11_900, tax: 1_900, includedTax: 1_900 }
    expect(figuresOf(sums)).toEqual({ ...sums, total: 11_900, captured: 11_900, net: 11_900 })
  })

  it('show what was not captured as a negative adjustment', () => {
    const sums = { ...NOTHING, orders: 1, gross: 5_000, adjustments: -2_000, disputes: 1_000 }
    expect(figuresOf(sums)).toEqual({ ...sums, total: 5_000, captured: 3_000, net: 2_000 })
  })

  it('take no money for what gift cards paid, and none for refunds to gift cards', () => {
    const sums = { ...NOTHING, orders: 1, gross: 5_000, giftCards: 3_000, credited: 1_000 }
    expect(figuresOf(sums)).toEqual({ ...sums, total: 5_000, captured: 2_000, net: 2_000 })
  })

  it('are negative where only refunds and disputes fall into the period', () => {
    expect(figuresOf({ ...NOTHING, refunds: 700, disputes: 300 })).toMatchObject({ total: 0, captured: 0, net: -1_000 })
  })

  it('of all parts add up to those of the whole, whatever the parts', () => {
    const amount = fc.integer({ min: -(10 ** 12), max: 10 ** 12 })
    const sums = fc.record<SalesSums>({
      ...{ orders: fc.nat(), gross: amount, discounts: amount, shipping: amount, tax: amount, includedTax: amount },
      ...{ giftCards: amount, adjustments: amount, refunds: amount, credited: amount, disputes: amount },
    })
    const add = <T extends Record<string, number>>(all: T[]): Record<string, number> =>
      all.reduce<Record<string, number>>((sum, one) => {
        for (const [name, value] of Object.entries(one)) sum[name] = (sum[name] ?? 0) + value
        return sum
      }, {})
    fc.assert(
      fc.property(fc.array(sums, { minLength: 1, maxLength: 20 }), (parts) => {
        expect(add(parts.map(figuresOf))).toEqual(figuresOf(add(parts) as SalesSums))
      }),
    )
  })

  it('are refused when they are too large to be exact', () => {
    expect(() => figuresOf({ ...NOTHING, gross: 2 ** 53 })).toThrow(RangeError)
  })
})
