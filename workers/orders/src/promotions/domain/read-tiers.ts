import type { FieldError } from '@shop/kernel/failures'
import { readAmounts, readPercent } from './field-checks.ts'
import type { AmountIn, Promotion } from './promotion.ts'
import type { TierDraft } from './promotion-draft.ts'

type Tier = Promotion['tiers'][number]

/**
 * The tiers of a promotion. All have the same kind of minimum, in the same currencies, and each is above the one before.
 * Adds to `errors` what is wrong.
 */
export function readTiers(drafts: readonly TierDraft[], errors: FieldError[]): Tier[] {
  const tiers = drafts.map(({ minQuantity = null, minSubtotal = null, value }, index) => ({
    minQuantity,
    minSubtotal: minSubtotal === null ? null : readAmounts(minSubtotal, `tiers.${index}.min_subtotal`, errors),
    value: readPercent(value, `tiers.${index}.value`, errors),
  }))
  for (const [index, tier] of tiers.entries()) {
    const message = misfit(tier, tiers[index - 1])
    if (message !== undefined) errors.push({ field: `tiers.${index}`, message })
  }
  return tiers
}

function misfit(tier: Tier, before: Tier | undefined): string | undefined {
  if ((tier.minQuantity === null) === (tier.minSubtotal === null)) {
    return 'must have one of min_quantity and min_subtotal'
  }
  if (before === undefined) return undefined
  if ((tier.minQuantity === null) !== (before.minQuantity === null)) return 'must have the minimum that the others have'
  if (tier.minSubtotal !== null && !areSameCurrencies(tier.minSubtotal, before.minSubtotal ?? [])) {
    return 'must have its minimum in the currencies of the others'
  }
  return isAbove(tier, before) ? undefined : 'must be above the tier before'
}

function areSameCurrencies(amounts: readonly AmountIn[], others: readonly AmountIn[]): boolean {
  const [own, theirs] = [new Set(currenciesOf(amounts)), new Set(currenciesOf(others))]
  return own.size === theirs.size && own.isSubsetOf(theirs)
}

const currenciesOf = (amounts: readonly AmountIn[]) => amounts.map(({ currency }) => currency)

function isAbove(tier: Tier, before: Tier): boolean {
  if (tier.minQuantity !== null) return tier.minQuantity > (before.minQuantity ?? 0)
  return (tier.minSubtotal ?? []).every(({ currency, amount }) => {
    const below = before.minSubtotal?.find((other) => other.currency === currency)
    return below !== undefined && amount > below.amount
  })
}
