import { compareWhole, sum } from './rational.ts'

/**
 * Divides an amount in proportion to weights, by largest remainder: each part is its exact share rounded down to `unit`, and
 * the units that are left go, one each, to the parts that were rounded down most; among equals to the first.
 *
 * A part with a weight of 0 gets nothing. If the amount is at most the sum of the weights, no part exceeds its own weight,
 * rounded up to `unit`.
 *
 * @param amount 0 or more, a multiple of `unit`
 * @param weights 0 or more each
 * @returns the parts in the order of their weights; they add up to the amount
 * @throws RangeError when there is something to divide and no weight above 0
 */
export function allocate(amount: bigint, weights: readonly bigint[], unit = 1n): bigint[] {
  const whole = sum(weights) * unit
  if (whole === 0n && amount > 0n) throw new RangeError('An amount needs a part that it can be given to')
  if (whole === 0n) return weights.map(() => 0n)
  const shares = weights.map((weight) => ({
    part: ((amount * weight) / whole) * unit,
    remainder: (amount * weight) % whole,
  }))
  const unitsLeft = Number((amount - sum(shares.map(({ part }) => part))) / unit)
  // Sorting is stable, so equal remainders stay in the order of the weights.
  const byRemainder = [...shares].sort((a, b) => compareWhole(b.remainder, a.remainder))
  for (const share of byRemainder.slice(0, unitsLeft)) share.part += unit
  return shares.map(({ part }) => part)
}
