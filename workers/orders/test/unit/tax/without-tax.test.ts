import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withoutTax } from '../../../src/tax/domain/without-tax.ts'

type Tax = { rate: string; isCompound: boolean }
const vat = (rate: string): Tax[] => [{ rate, isCompound: false }]

const taxes = fc.array(
  fc.record({
    rate: fc.nat({ max: 1_000_000 }).map((millionths) => String(millionths / 1_000_000)),
    isCompound: fc.boolean(),
  }),
  { maxLength: 4 },
)

/** The price with all taxes for a price of 1 without, from the rule alone: a compound tax is on all before it. */
const factorOf = (list: readonly Tax[]) =>
  list.reduce((sum, { rate, isCompound }) => sum + Number(rate) * (isCompound ? sum : 1), 1)

describe('a price without the taxes that it includes', () => {
  it.each([
    [11_900, vat('0.19'), 10_000],
    [999, vat('0.2'), 833],
    // 100 / 1.07 is 93.457…
    [100, vat('0.07'), 93],
    [0, vat('0.19'), 0],
    [500, [], 500],
    [500, vat('0'), 500],
    // Half a unit is rounded up: 3 / 2.
    [3, vat('1'), 2],
    [114_975, [...vat('0.05'), { rate: '0.09975', isCompound: false }], 100_000],
    [12_000, [...vat('0.1'), { rate: '0.1', isCompound: true }], 9_917],
    [999_999_999_999_999, vat('0.000001'), 999_999_000_000_999],
  ])('is of %i with %j %i', (amount, list, expected) => {
    expect(withoutTax(amount, list)).toBe(expected)
  })

  it('is within half a minor unit of the exact one, and never above the price', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10_000_000 }), taxes, (amount, list) => {
        const net = withoutTax(amount, list)
        expect(Math.abs(net - amount / factorOf(list))).toBeLessThanOrEqual(0.5 + 1e-6)
        expect(net).toBeLessThanOrEqual(amount)
        expect(net).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 2_000 },
    )
  })

  it('is the price that one tax was added to, wherever that was exact', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1_000_000_000 }), fc.nat({ max: 100 }), (hundreds, percent) => {
        const net = hundreds * 100
        expect(withoutTax(net + hundreds * percent, vat(String(percent / 100)))).toBe(net)
      }),
    )
  })
})
