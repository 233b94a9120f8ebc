import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  add,
  compare,
  divide,
  multiply,
  parseDecimal,
  parsePercent,
  rational,
  roundDown,
  roundHalfUp,
  toWholeWeights,
} from '../../../src/pricing/domain/rational.ts'

const natural = fc.bigInt({ min: 0n, max: 10n ** 20n })
const fraction = fc.tuple(natural, fc.bigInt({ min: 1n, max: 10n ** 20n })).map(([n, d]) => rational(n, d))

describe('a decimal text', () => {
  it.each([
    ['0', 0n, 1n],
    ['1', 1n, 1n],
    ['0.19', 19n, 100n],
    ['0.1900', 19n, 100n],
    ['12.5', 25n, 2n],
    ['0.09975', 399n, 4_000n],
    ['007.50', 15n, 2n],
  ])('is read exactly: %s', (text, numerator, denominator) => {
    expect(parseDecimal(text)).toEqual({ numerator, denominator })
  })

  it.each(['', '.5', '5.', '-1', '+1', '1e3', '0x10', '1,5', ' 1', '1 ', '1\n', 'NaN', '1.2.3'])(
    'is nothing else: %j',
    (text) => {
      expect(() => parseDecimal(text)).toThrow(new RangeError(`Not a decimal number: ${text}`))
    },
  )

  it('is a fraction of 1 as a percentage', () => {
    expect(parsePercent('12.5')).toEqual(rational(1n, 8n))
  })
})

describe('a fraction', () => {
  it('is kept in lowest terms', () => {
    expect(rational(0n, 7n)).toEqual({ numerator: 0n, denominator: 1n })
    expect(rational(6n, 4n)).toEqual({ numerator: 3n, denominator: 2n })
    expect(add(rational(1n, 6n), rational(1n, 3n))).toEqual(rational(1n, 2n))
    expect(multiply(rational(2n, 3n), rational(3n, 4n))).toEqual(rational(1n, 2n))
    expect(divide(rational(1n, 2n), rational(3n, 4n))).toEqual(rational(2n, 3n))
  })

  it('can be compared', () => {
    expect(compare(rational(1n, 3n), rational(2n, 6n))).toBe(0)
    expect(compare(rational(1n, 3n), rational(1n, 2n))).toBeLessThan(0)
    expect(compare(rational(2n, 3n), rational(1n, 2n))).toBeGreaterThan(0)
  })

  it.each([
    [rational(0n), 0n, 0n],
    [rational(49n, 100n), 0n, 0n],
    [rational(1n, 2n), 0n, 1n],
    [rational(3n, 2n), 1n, 2n],
    [rational(149n, 100n), 1n, 1n],
    [rational(2n), 2n, 2n],
  ])('is rounded down, or half up: %o', (value, down, halfUp) => {
    expect([roundDown(value), roundHalfUp(value)]).toEqual([down, halfUp])
  })

  it.each([
    [rational(1_230n), 1_230n, 1_230n],
    [rational(1_234n), 1_230n, 1_230n],
    [rational(1_235n), 1_230n, 1_240n],
    [rational(12_349n, 10n), 1_230n, 1_230n],
    [rational(4n), 0n, 0n],
  ])('is rounded to a multiple of 10: %o', (value, down, halfUp) => {
    expect([roundDown(value, 10n), roundHalfUp(value, 10n)]).toEqual([down, halfUp])
  })

  it('is at most half a unit from where it is rounded to, and above by exactly half at most', () => {
    fc.assert(
      fc.property(fraction, fc.constantFrom(1n, 10n, 100n), ({ numerator, denominator }, unit) => {
        const rounded = roundHalfUp({ numerator, denominator }, unit)
        expect(rounded % unit).toBe(0n)
        const doubled = 2n * (rounded * denominator - numerator)
        expect(doubled > -unit * denominator && doubled <= unit * denominator).toBe(true)
      }),
    )
  })
})

describe('whole weights', () => {
  it('are in the proportions of the fractions', () => {
    expect(toWholeWeights([rational(1n, 2n), rational(2n, 3n), rational(0n)])).toEqual([3n, 4n, 0n])
    expect(toWholeWeights([])).toEqual([])
  })
})
