import { type CurrencyCode, currencyExponent } from '@shop/kernel/currencies'

/**
 * Bounds of a price in minor units, from decimal numbers in major units. A bound that is finer than the currency becomes
 * the next amount inside.
 */
export function boundsOf(
  { min, max }: { min?: string | undefined; max?: string | undefined },
  currency: CurrencyCode,
): { min?: number; max?: number } | undefined {
  if (min === undefined && max === undefined) return undefined
  return {
    ...(min === undefined ? {} : { min: minorUnits(min, currency, Math.ceil) }),
    ...(max === undefined ? {} : { max: minorUnits(max, currency, Math.floor) }),
  }
}

/** @param amount digits with at most 12 before the point, so that the result is exact */
function minorUnits(amount: string, currency: CurrencyCode, round: (units: number) => number): number {
  const exponent = currencyExponent(currency)
  const [whole = '0', fraction = ''] = amount.split('.')
  const units = Number(whole + fraction.padEnd(exponent, '0').slice(0, exponent))
  const isExact = /^0*$/.test(fraction.slice(exponent))
  return isExact ? units : round(units + 0.5)
}
