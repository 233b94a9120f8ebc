import { describe, expect, it } from 'vitest'
import { checkChargeable } from '../src/chargeable.ts'
import { chargeRule, currency, isCurrencyCode, stripeExponent } from '../src/currencies.ts'

const isChargeable = (minor: number, code: string) => checkChargeable({ minor, currency: currency(code) }).ok

describe('what can be charged', () => {
  it.each([
    ['USD', 50, 99_999_999, 1],
    ['EUR', 50, 99_999_999, 1],
    ['GBP', 30, 99_999_999, 1],
    ['JPY', 50, 99_999_999, 1],
    ['HUF', 17_500, 99_999_999, 1],
    ['TWD', 1, 99_999_999, 1],
    ['KWD', 10, 99_999_990, 10],
    ['ISK', 1, 999_999, 1],
    ['UGX', 1, 999_999, 1],
    ['MGA', 100, 9_999_999_900, 100],
    ['IDR', 50, 999_999_999_999, 1],
  ])('in %s is from %d to %d minor units, in steps of %d', (code, minimum, maximum, step) => {
    expect(chargeRule(currency(code))).toEqual({ minimum, maximum, step })
    expect([minimum, maximum].every((minor) => isChargeable(minor, code))).toBe(true)
    expect([0, minimum - step, maximum + step].some((minor) => isChargeable(minor, code))).toBe(false)
    if (step > 1) expect(isChargeable(minimum + 1, code)).toBe(false)
  })

  it('is counted by Stripe in hundredths of krónur and shillings, and in whole ariary', () => {
    expect(['ISK', 'UGX', 'MGA', 'USD', 'JPY', 'KWD'].map((code) => stripeExponent(currency(code)))).toEqual([
      2, 2, 0, 2, 0, 3,
    ])
  })

  it('is stated in major units where an amount is refused', () => {
    expect(checkChargeable({ minor: 1_235, currency: currency('KWD') })).toEqual({
      ok: false,
      failure: { code: 'amount_not_chargeable', currency: 'KWD', minimum: 0.01, maximum: 99_999.99, step: 0.01 },
    })
  })

  it('is nothing in a currency that Stripe does not take', () => {
    expect(checkChargeable({ minor: 100, currency: currency('IRR') })).toEqual({
      ok: false,
      failure: { code: 'amount_not_chargeable', currency: 'IRR' },
    })
  })
})

describe('the table of currencies', () => {
  it('has none that was replaced', () => {
    expect(['BGN', 'ANG', 'HRK', 'EUR', 'XCG'].map(isCurrencyCode)).toEqual([false, false, false, true, true])
  })
})
