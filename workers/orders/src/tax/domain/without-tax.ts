import type { DueTax } from './taxes-for.ts'

/** Digits after the point that the rate of a tax may have. */
const RATE_DIGITS = 6
const ONE = 10n ** BigInt(RATE_DIGITS)

/**
 * A price without the taxes that it includes, for a buyer who pays none.
 *
 * @param amount minor units, 0 or more
 * @returns minor units, rounded once, half up; exact in between
 */
export function withoutTax(amount: number, taxes: readonly Pick<DueTax, 'rate' | 'isCompound'>[]): number {
  // The price before tax is 1; both are in parts of `scale`.
  let scale = 1n
  let taxed = 0n
  for (const { rate, isCompound } of taxes) {
    const base = isCompound ? scale + taxed : scale
    taxed = taxed * ONE + base * millionths(rate)
    scale *= ONE
  }
  const divisor = scale + taxed
  return Number((2n * BigInt(amount) * scale + divisor) / (2n * divisor))
}

/** @param rate as {@link DueTax} has it */
function millionths(rate: string): bigint {
  const [whole = '0', fraction = ''] = rate.split('.')
  return BigInt(whole + fraction.padEnd(RATE_DIGITS, '0'))
}
