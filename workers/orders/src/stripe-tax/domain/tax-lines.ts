import { allocate } from '../../pricing/domain/allocate.ts'
import type { TaxLine } from '../../pricing/domain/pricing.ts'

/** A tax that Stripe names as a part of the tax of a line. `percentage` as Stripe writes it: 8.5 % is '8.5'. */
export type TaxPart = {
  amount: number
  country: string
  state: string | null
  type: string
  name: string
  percentage: string
}

/**
 * The taxes of a line as an order keeps them. Authorities of one place (state, county, city) are one line with their rates
 * together, as buyers know them.
 *
 * @param amount of all taxes together, in minor units. The parts are made to add up to it
 * @returns undefined where an amount has no part that explains it
 */
export function toTaxLines(amount: number, parts: readonly TaxPart[]): TaxLine[] | undefined {
  const groups = [...Map.groupBy(parts, ({ country, state, type }) => JSON.stringify([country, state, type])).values()]
  const weights = groups.map((group) => group.reduce((sum, part) => sum + BigInt(part.amount), 0n))
  if (amount > 0 && weights.every((weight) => weight === 0n)) return undefined
  const amounts = allocate(BigInt(amount), weights)
  return groups.flatMap((group, index) => {
    const [first] = group
    if (first === undefined) return []
    const rate = toRate(group.map(({ percentage }) => percentage))
    const place = [first.country, ...(first.state === null ? [] : [first.state])].join('-')
    // With the rate, since lines of one order may have different ones in one place.
    return [{ rateId: `stripe:${place}-${first.type}-${rate}`, name: first.name, rate, amount: Number(amounts[index]) }]
  })
}

/** Digits after the point that are kept of a percentage, and of the fraction that it is. */
const PERCENT_DIGITS = 6
const RATE_DIGITS = PERCENT_DIGITS + 2

/** The sum of percentages as a decimal fraction: '0.0725' of '6.0' and '1.25'. */
function toRate(percentages: readonly string[]): string {
  const sum = percentages.reduce((total, percentage) => {
    const [whole = '0', decimals = ''] = percentage.split('.')
    return total + BigInt(whole + decimals.slice(0, PERCENT_DIGITS).padEnd(PERCENT_DIGITS, '0'))
  }, 0n)
  const digits = String(sum).padStart(RATE_DIGITS + 1, '0')
  const fraction = digits.slice(-RATE_DIGITS).replace(/0+$/, '')
  return fraction === '' ? digits.slice(0, -RATE_DIGITS) : `${digits.slice(0, -RATE_DIGITS)}.${fraction}`
}
