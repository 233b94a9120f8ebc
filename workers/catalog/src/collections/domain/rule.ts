import type { InvalidCollectionRule } from '@shop/contracts/catalog/failures'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { FieldError } from '@shop/kernel/failures'
import { toMajor, toMinor } from '@shop/kernel/money'
import { fail, ok, type Result } from '@shop/kernel/result'

/**
 * The conditions of a collection, as data: a product is in it when it meets all that are there. Each list is met by any of
 * its values.
 */
export type CollectionRule = {
  tags?: string[] | undefined
  brands?: string[] | undefined
  /** These, and all below them. */
  categoryIds?: number[] | undefined
  /** Minor units; one bound or both, which count. */
  price?: { currency: CurrencyCode; min?: number | undefined; max?: number | undefined } | undefined
  inStock?: boolean | undefined
  createdWithinDays?: number | undefined
}

/** A rule as staff send it. `priceMin` and `priceMax` are in major units. */
export type RuleDraft = Omit<CollectionRule, 'price'> & {
  priceMin?: number | undefined
  priceMax?: number | undefined
  currency?: CurrencyCode | undefined
}

/** A merge patch: absent members stay, null removes a condition. */
export type RuleChanges = { [K in keyof RuleDraft]: RuleDraft[K] | null }

/** @param defaultCurrency of the bounds of a price, where the draft names none */
export function decideRule(
  draft: RuleDraft,
  defaultCurrency: CurrencyCode,
): Result<CollectionRule, InvalidCollectionRule> {
  const { priceMin, priceMax, currency = defaultCurrency, ...conditions } = draft
  const price = { currency, min: minorUnits(priceMin, currency), max: minorUnits(priceMax, currency) }
  const hasPrice = priceMin !== undefined || priceMax !== undefined
  const rule = hasPrice
    ? { ...conditions, price: { currency, min: price.min.units, max: price.max.units } }
    : conditions
  const errors: FieldError[] = [
    ...(Object.values(rule).some((condition) => condition !== undefined)
      ? []
      : [{ field: 'rule', message: 'must have a condition' }]),
    ...(price.min.message ? [{ field: 'rule.price_min', message: price.min.message }] : []),
    ...(price.max.message ? [{ field: 'rule.price_max', message: price.max.message }] : []),
    ...((price.min.units ?? 0) > (price.max.units ?? Number.POSITIVE_INFINITY)
      ? [{ field: 'rule.price_max', message: 'must not be below price_min' }]
      : []),
    ...(draft.currency !== undefined && !hasPrice
      ? [{ field: 'rule.currency', message: 'must come with price_min or price_max' }]
      : []),
  ]
  return errors.length === 0 ? ok(rule) : fail({ code: 'invalid_collection_rule', errors })
}

/** The rule as staff would send it. */
export function toRuleDraft({ price, ...conditions }: CollectionRule): RuleDraft {
  if (price === undefined) return conditions
  const { currency, min, max } = price
  return {
    ...conditions,
    currency,
    ...(min === undefined ? {} : { priceMin: toMajor(min, currency) }),
    ...(max === undefined ? {} : { priceMax: toMajor(max, currency) }),
  }
}

/** Applies a merge patch. A currency that no bound needs any more goes with the last bound. */
export function patchRule(
  rule: CollectionRule,
  changes: RuleChanges,
  defaultCurrency: CurrencyCode,
): Result<CollectionRule, InvalidCollectionRule> {
  const given = Object.entries(changes).filter(([, change]) => change !== undefined)
  const merged: RuleChanges = { ...toRuleDraft(rule), ...Object.fromEntries(given) }
  const kept = Object.fromEntries(Object.entries(merged).filter(([, condition]) => condition !== null)) as RuleDraft
  const { currency, ...conditions } = kept
  const isUnused = kept.priceMin === undefined && kept.priceMax === undefined && changes.currency === undefined
  return decideRule(isUnused ? conditions : { ...conditions, currency }, defaultCurrency)
}

function minorUnits(amount: number | undefined, currency: CurrencyCode): { units?: number; message?: string } {
  if (amount === undefined) return {}
  const minor = toMinor(amount, currency)
  return minor.ok ? { units: minor.value } : { message: `is not an amount of ${currency}: ${minor.failure.reason}` }
}
