import { allocate } from './allocate.ts'
import type { PricingLine } from './pricing.ts'
import { sum } from './rational.ts'
import { groupByTaxes, type Taxable } from './tax.ts'

/** A line and its price after discounts, in minor units. */
export type DiscountedLine = Pick<PricingLine, 'quantity' | 'taxes'> & { amount: bigint }

/**
 * Divides the price of shipping over the taxes of its items, so that shipping is taxed as they are: by the value of the lines
 * after discounts, or by their number of units if all are worth 0.
 *
 * @param price after its discount, in minor units
 * @returns one part for each list of taxes; none for a cart without lines, whose shipping is not taxed
 */
export function shippingParts(price: bigint, lines: readonly DiscountedLine[]): Taxable[] {
  if (lines.length === 0) return []
  const groups = groupByTaxes(lines)
  const values = groups.map((group) => sum(group.map(({ amount }) => amount)))
  const units = groups.map((group) => sum(group.map(({ quantity }) => BigInt(quantity))))
  const parts = allocate(price, sum(values) > 0n ? values : units)
  return groups.map((group, index) => ({ amount: parts[index] ?? 0n, taxes: group[0]?.taxes ?? [] }))
}
