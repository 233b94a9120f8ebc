import { describe, expect, it } from 'vitest'
import { currency } from '../src/currencies.ts'
import { formatMoney } from '../src/format-money.ts'

describe('an amount in a language', () => {
  it.each([
    [1_250, 'EUR', 'en', '€12.50'],
    [1_250, 'EUR', 'de', '12,50 €'],
    [-5, 'USD', 'en', '-$0.05'],
    [1_250, 'JPY', 'en', '¥1,250'],
    [1_250, 'KWD', 'en', 'KWD 1.250'],
  ])('of %d minor units of %s in %s is %s', (minor, code, locale, written) => {
    expect(formatMoney(currency(code), locale)(minor).replace(/\s/g, ' ')).toBe(written)
  })

  it('has the code of its currency instead of the sign, if asked for it', () => {
    expect(formatMoney(currency('EUR'), 'en', 'code')(1_250).replace(/\s/g, ' ')).toBe('EUR 12.50')
  })
})
