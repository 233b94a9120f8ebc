import { type CurrencyCode, currencyExponent } from './currencies.ts'
import { toMajor } from './money.ts'

/**
 * How a language writes amounts of a currency, with the digits that the currency has. Sums and differences may be negative.
 *
 * @param display `code` writes EUR instead of €
 * @returns takes minor units
 */
export function formatMoney(
  currency: CurrencyCode,
  locale: string,
  display: 'symbol' | 'code' = 'symbol',
): (minor: number) => string {
  const digits = currencyExponent(currency)
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: display,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return (minor) => format.format(toMajor(minor, currency))
}
