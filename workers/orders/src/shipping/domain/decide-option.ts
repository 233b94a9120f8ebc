import type { InvalidShippingOption } from '@shop/contracts/orders/place-failures'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { FieldError } from '@shop/kernel/failures'
import { toMinor } from '@shop/kernel/money'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { BandPrice, OptionFields, PricingKind } from './option.ts'

/** A price as staff send it, in major units. */
type BandPriceDraft = {
  currency: CurrencyCode
  amount: number
  fromWeightGrams?: number | undefined
  fromSubtotal?: number | undefined
}

type AmountDraft = { currency: CurrencyCode; amount: number }

/** The fields that staff send; absent members stay as they are. Null where there is none. */
export type OptionChanges = {
  name?: string | undefined
  estimate?: string | null | undefined
  isPickup?: boolean | undefined
  pricing?: PricingKind | undefined
  prices?: readonly BandPriceDraft[] | undefined
  freeFrom?: readonly AmountDraft[] | null | undefined
  maxWeightGrams?: number | null | undefined
  excludedShippingClasses?: readonly string[] | null | undefined
}

/** What an option has unless staff say otherwise. It has no price yet. */
export const BLANK_OPTION: Omit<OptionFields, 'name'> = {
  ...{ estimate: null, isPickup: false, pricing: 'flat', prices: [], freeFrom: [], maxWeightGrams: null },
  excludedShippingClasses: [],
}

/** The fields after a change. Another pricing needs prices that fit it. */
export function decideOption(
  current: OptionFields,
  { prices, freeFrom, excludedShippingClasses, ...changes }: OptionChanges,
): Result<OptionFields, InvalidShippingOption> {
  const kept = { ...current, ...given(changes) }
  const bands = prices === undefined ? keptBands(current, kept.pricing) : decideBands(prices, kept.pricing)
  const free = freeFrom === undefined ? { amounts: current.freeFrom, errors: [] } : decideAmounts(freeFrom ?? [])
  const errors = [...bands.errors, ...free.errors]
  if (errors.length > 0) return fail({ code: 'invalid_shipping_option', errors })
  const excluded = excludedShippingClasses === undefined ? current.excludedShippingClasses : excludedShippingClasses
  return ok({ ...kept, prices: bands.prices, freeFrom: free.amounts, excludedShippingClasses: [...new Set(excluded)] })
}

/** The members that are there. */
function given<T extends object>(changes: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  // Exactly the members that are undefined are left out.
  return Object.fromEntries(Object.entries(changes).filter(([, change]) => change !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}

type Bands = { prices: readonly BandPrice[]; errors: FieldError[] }

function keptBands({ prices, pricing: before }: OptionFields, pricing: PricingKind): Bands {
  if (prices.length === 0) return { prices, errors: [{ field: 'prices', message: 'must have a price' }] }
  if (pricing === before) return { prices, errors: [] }
  return { prices, errors: [{ field: 'prices', message: `must come with the pricing ${pricing}` }] }
}

/** Rows in the order of their currencies and of where they begin. */
function decideBands(drafts: readonly BandPriceDraft[], pricing: PricingKind): Bands {
  const errors: FieldError[] = []
  const prices: BandPrice[] = []
  for (const [index, draft] of drafts.entries()) {
    const band = decideBand(draft, pricing, `prices.${index}`)
    errors.push(...band.errors)
    const { price } = band
    if (prices.some(({ currency, from }) => currency === price.currency && from === price.from)) {
      errors.push({ field: `prices.${index}`, message: 'begins where another one of its currency does' })
    }
    prices.push(price)
  }
  return { prices: prices.toSorted(byCurrencyAndStart), errors }
}

const byCurrencyAndStart = (one: BandPrice, other: BandPrice) =>
  one.currency === other.currency ? one.from - other.from : one.currency < other.currency ? -1 : 1

function decideBand(
  draft: BandPriceDraft,
  pricing: PricingKind,
  field: string,
): { price: BandPrice; errors: FieldError[] } {
  const { currency, fromWeightGrams, fromSubtotal } = draft
  const amount = minorUnits(draft.amount, currency, `${field}.amount`)
  const start = minorUnits(fromSubtotal ?? 0, currency, `${field}.from_subtotal`)
  const errors = [...amount.errors, ...start.errors]
  if (fromWeightGrams !== undefined && pricing !== 'by_weight') {
    errors.push({ field: `${field}.from_weight_grams`, message: 'must come with the pricing by_weight only' })
  }
  if (fromSubtotal !== undefined && pricing !== 'by_subtotal') {
    errors.push({ field: `${field}.from_subtotal`, message: 'must come with the pricing by_subtotal only' })
  }
  const from = pricing === 'by_weight' ? (fromWeightGrams ?? 0) : start.units
  return { price: { currency, amount: amount.units, from }, errors }
}

function decideAmounts(drafts: readonly AmountDraft[]) {
  const errors: FieldError[] = []
  const amounts = drafts.map(({ currency, amount }, index) => {
    const decided = minorUnits(amount, currency, `free_from.${index}.amount`)
    errors.push(...decided.errors)
    if (drafts.findIndex((other) => other.currency === currency) < index) {
      errors.push({ field: `free_from.${index}.currency`, message: 'is there already' })
    }
    return { currency, amount: decided.units }
  })
  return { amounts, errors }
}

function minorUnits(amount: number, currency: CurrencyCode, field: string): { units: number; errors: FieldError[] } {
  const minor = toMinor(amount, currency)
  if (minor.ok) return { units: minor.value, errors: [] }
  return { units: 0, errors: [{ field, message: `is not an amount of ${currency}: ${minor.failure.reason}` }] }
}
