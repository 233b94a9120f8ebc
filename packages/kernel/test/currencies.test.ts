import { describe, expect, it } from 'vitest'
import { type CurrencyCode, chargeStep, currency, currencyExponent, isCurrencyCode } from '../src/currencies.ts'
import { Amount, Currency } from '../src/money.ts'

describe('a currency', () => {
  it.each([
    ['USD', 2],
    ['AED', 2],
    ['COP', 2],
    ['ZWG', 2],
    ['JPY', 0],
    ['KWD', 3],
  ])('%s has %d decimals', (code, exponent) => {
    expect(isCurrencyCode(code)).toBe(true)
    expect(currencyExponent(currency(code))).toBe(exponent)
  })

  it.each(['XYZ', 'usd', 'XAU', '', ' ', 'USD EUR'])(
    '%j is none, and a constant of it in code fails by name',
    (code) => {
      expect(isCurrencyCode(code)).toBe(false)
      expect(() => currency(code)).toThrow(new RangeError(`Not an ISO 4217 currency: ${code}`))
      // What an unchecked row of the database could contain.
      expect(() => currencyExponent(code as CurrencyCode)).toThrow(new RangeError(`Not an ISO 4217 currency: ${code}`))
    },
  )

  it('in a request may have lower-case letters', () => {
    expect(Currency.parse('usd')).toBe('USD')
    expect(Currency.parse('KWD')).toBe('KWD')
  })

  it.each(['XYZ', 'US', '', 1, null])('in a request is refused when it is %j', (code) => {
    expect(Currency.safeParse(code).success).toBe(false)
  })

  it('that is unknown is refused in words', () => {
    expect(Currency.safeParse('XYZ').error?.issues).toMatchObject([{ message: 'must be an ISO 4217 currency code' }])
  })
})

describe('an amount in a request', () => {
  it('is zero or more', () => {
    expect([0, 0.01, 1299.99].map((amount) => Amount.safeParse(amount).success)).toEqual([true, true, true])
    expect([-0.01, '1', null].map((amount) => Amount.safeParse(amount).success)).toEqual([false, false, false])
  })
})

it('charges in steps: of 10 in currencies of three decimals, mostly of 1', () => {
  expect(['KWD', 'USD', 'JPY'].map((code) => chargeStep(currency(code)))).toEqual([10, 1, 1])
})
