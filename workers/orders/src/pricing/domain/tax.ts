import { allocate } from './allocate.ts'
import type { AppliedTax, TaxRounding } from './pricing.ts'
import {
  add,
  divide,
  multiply,
  ONE,
  parseDecimal,
  type Rational,
  rational,
  roundHalfUp,
  sum,
  toWholeWeights,
  ZERO,
} from './rational.ts'

/** An amount after discounts, in minor units, and the taxes on it: a line, or a part of shipping. */
export type Taxable = { amount: bigint; taxes: readonly AppliedTax[] }

/** What one tax amounts to, in minor units. */
export type TaxAmount = { tax: AppliedTax; amount: bigint }

/** `unit`: tax that is added to prices is a multiple of it, in minor units. */
export type TaxRules = { pricesIncludeTax: boolean; rounding: TaxRounding; unit: bigint }

/**
 * The taxes of several parts.
 *
 * Each rate is rounded half up: on each part by itself, or on the sum of all parts that have the same taxes, which is then
 * divided over them by largest remainder. Tax that prices include never exceeds the price.
 *
 * @param parts equal remainders are decided by their order
 * @returns for each part, what each of its taxes amounts to
 */
export function taxesOf(parts: readonly Taxable[], rules: TaxRules): TaxAmount[][] {
  const groups = rules.rounding === 'order' ? groupByTaxes(parts) : parts.map((part) => [part])
  const amounts = new Map(groups.flatMap((group) => taxesOfGroup(group, rules)))
  return parts.map((part) => part.taxes.map((tax, index) => ({ tax, amount: amounts.get(part)?.[index] ?? 0n })))
}

/** Parts with the same taxes together, in the order of the first of each. */
export function groupByTaxes<T extends { taxes: readonly AppliedTax[] }>(parts: readonly T[]): T[][] {
  return [
    ...Map.groupBy(parts, ({ taxes }) =>
      JSON.stringify(taxes.map((tax) => [tax.id, tax.rate, tax.isCompound])),
    ).values(),
  ]
}

/** Rounds the taxes of parts that have the same ones, and divides them: over the parts first, then over the rates. */
function taxesOfGroup(group: readonly Taxable[], rules: TaxRules): [Taxable, bigint[]][] {
  const unit = rules.pricesIncludeTax ? 1n : rules.unit
  let left = roundedTaxes(group, rules.pricesIncludeTax, unit)
  const weights = group.map(({ amount }) => amount)
  const ofParts = allocate(sum(left), weights, unit)
  return group.map((part, index) => {
    // In proportion to what is left of each rate, so that the last part gets exactly the rest.
    const amounts = allocate(ofParts[index] ?? 0n, left, unit)
    left = left.map((amount, rate) => amount - (amounts[rate] ?? 0n))
    return [part, amounts]
  })
}

function roundedTaxes(group: readonly Taxable[], pricesIncludeTax: boolean, unit: bigint): bigint[] {
  const amount = sum(group.map((part) => part.amount))
  const shares = taxShares(group[0]?.taxes ?? [], pricesIncludeTax)
  const rounded = shares.map((share) => roundHalfUp(multiply(rational(amount), share), unit))
  if (!pricesIncludeTax || sum(rounded) <= amount) return rounded
  // Rates of more than 100 % together can exceed a price of few minor units when each is rounded up.
  const whole = roundHalfUp(multiply(rational(amount), shares.reduce(add, ZERO)))
  return allocate(whole, toWholeWeights(shares))
}

/** Each tax as a fraction of the price: of a price without tax, or of one that includes all of them. */
function taxShares(taxes: readonly AppliedTax[], pricesIncludeTax: boolean): Rational[] {
  let before = ZERO
  const added = taxes.map(({ rate, isCompound }) => {
    const share = multiply(parseDecimal(rate), isCompound ? add(ONE, before) : ONE)
    before = add(before, share)
    return share
  })
  if (!pricesIncludeTax) return added
  const gross = add(ONE, before)
  return added.map((share) => divide(share, gross))
}
