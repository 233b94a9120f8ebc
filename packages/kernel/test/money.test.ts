import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { currency, currencyExponent } from '../src/currencies.ts'
import { MAX_MINOR, roundDown, toMajor, toMinor } from '../src/money.ts'

const currencies = fc.constantFrom('USD', 'JPY', 'KWD').map(currency)
const minorUnits = fc.integer({ min: 0, max: MAX_MINOR })

describe('an amount', () => {
  it('survives the round trip to the wire and back, whatever the exponent', () => {
    fc.assert(
      fc.property(minorUnits, currencies, (minor, code) => {
        const wire = JSON.parse(JSON.stringify(toMajor(minor, code))) as number
        expect(toMinor(wire, code)).toEqual({ ok: true, value: minor })
      }),
      { numRuns: 2_000 },
    )
  })

  it('is read from its decimal text, not by multiplying a double', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 12 }), fc.integer({ min: 0, max: 99 }), (whole, cents) => {
        const amount = Number(`${whole}.${String(cents).padStart(2, '0')}`)
        expect(toMinor(amount, currency('USD'))).toEqual({ ok: true, value: whole * 100 + cents })
      }),
    )
  })

  it('is refused when one digit finer than its currency', () => {
    fc.assert(
      fc.property(
        currencies,
        fc.integer({ min: 0, max: 10 ** 9 }),
        fc.integer({ min: 1, max: 9 }),
        (code, whole, digit) => {
          const finer = Number(`${whole}.${'0'.repeat(currencyExponent(code))}${digit}`)
          expect(toMinor(finer, code)).toEqual({ ok: false, failure: { code: 'invalid_amount', reason: 'too_fine' } })
        },
      ),
    )
  })

  it.each([
    [1299.99, 'USD', 129_999],
    [0.1, 'USD', 10],
    [1.1, 'KWD', 1_100],
    [1.005, 'KWD', 1_005],
    [500, 'JPY', 500],
    [0, 'USD', 0],
    [9_999_999_999_999.99, 'USD', MAX_MINOR],
    [100.0, 'JPY', 100],
  ])('of %d %s is %d minor units', (amount, code, minor) => {
    expect(toMinor(amount, currency(code))).toEqual({ ok: true, value: minor })
  })

  it.each([
    [-129_999, 'USD', -1299.99],
    [-5, 'USD', -0.05],
    [-5, 'JPY', -5],
  ])('below 0, as a difference may be, of %d minor units of %s is %d', (minor, code, amount) => {
    expect(toMajor(minor, currency(code))).toBe(amount)
  })

  it.each([
    [0.1 + 0.2, 'USD', 'too_fine'],
    [0.001, 'USD', 'too_fine'],
    [1e-7, 'USD', 'too_fine'],
    [0.5, 'JPY', 'too_fine'],
    [-0.01, 'USD', 'negative'],
    [Number.NaN, 'USD', 'not_finite'],
    [Number.POSITIVE_INFINITY, 'USD', 'not_finite'],
    [10_000_000_000_000, 'USD', 'too_large'],
    [1e21, 'USD', 'too_large'],
    [Number.MAX_VALUE, 'JPY', 'too_large'],
  ])('of %d %s is refused as %s', (amount, code, reason) => {
    expect(toMinor(amount, currency(code))).toEqual({ ok: false, failure: { code: 'invalid_amount', reason } })
  })
})

it('rounds amounts down to whole steps', () => {
  expect([0, 9, 10, 1_005].map((minor) => roundDown(minor, 10))).toEqual([0, 0, 10, 1_000])
  expect(roundDown(1_005, 1)).toBe(1_005)
})
