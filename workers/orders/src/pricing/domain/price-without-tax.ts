import { withoutTax } from '../../tax/domain/without-tax.ts'
import { allocate } from './allocate.ts'
import type { AppliedTax } from './pricing.ts'
import { groupByTaxes } from './tax.ts'

/** A line that is shipped. `value` in minor units. */
type Shipped = { value: number; quantity: number; taxes: readonly AppliedTax[] }

/**
 * A price of shipping without the tax that it includes, for a buyer who pays none: it is taxed as the items, by their value,
 * or by their number if all are worth nothing.
 *
 * @param price minor units, 0 or more
 */
export function priceWithoutTax(price: number, lines: readonly Shipped[]): number {
  const groups = groupByTaxes(lines)
  if (groups.length === 0) return price
  const [values, units] = (['value', 'quantity'] as const).map((member) =>
    groups.map((group) => group.reduce((sum, line) => sum + BigInt(line[member]), 0n)),
  )
  const weights = values?.some((value) => value > 0n) ? values : (units ?? [])
  const parts = allocate(BigInt(price), weights)
  return groups.reduce((sum, group, index) => sum + withoutTax(Number(parts[index] ?? 0n), group[0]?.taxes ?? []), 0)
}
