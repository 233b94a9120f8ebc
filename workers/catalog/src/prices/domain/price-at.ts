import type { CurrencyCode } from '@shop/kernel/currencies'
import { type FurtherPrice, isScheduled, type Price } from './price-list.ts'

/** What the prices of a variant are made of: its own price, in its first currency, and the further ones. */
export type Priced = Price & { currency: CurrencyCode; prices: readonly FurtherPrice[] }

/** `currency`: default is the first one of each variant, which all variants of a product share. */
export type Moment = { now: Date; currency?: CurrencyCode | undefined }

/**
 * The price of a variant at a moment: of the scheduled ones in force the one that started last, and of those that started
 * together the last in the list; without any, the regular one.
 *
 * `catalog.price_intervals` (packages/db/baseline/catalog.sql) has the same rule.
 *
 * @returns undefined when the variant is not sold in the currency then
 */
export function priceAt(variant: Priced, currency: CurrencyCode, now: Date): Price | undefined {
  let latest: FurtherPrice | undefined
  for (const price of variant.prices) {
    if (price.currency !== currency || !isScheduled(price) || !isInForce(price, now)) continue
    if (latest === undefined || startOf(price) >= startOf(latest)) latest = price
  }
  return latest === undefined ? regularPrice(variant, currency) : toPrice(latest)
}

/** The price without dates; undefined where the variant has none in the currency. */
export function regularPrice(variant: Priced, currency: CurrencyCode): Price | undefined {
  if (currency === variant.currency) return toPrice(variant)
  const regular = variant.prices.find((price) => price.currency === currency && !isScheduled(price))
  return regular && toPrice(regular)
}

/** The currencies in which a variant is sold at a moment, its first one first. */
export function currenciesAt(variant: Priced, now: Date): CurrencyCode[] {
  const sold = variant.prices.filter((price) => isInForce(price, now)).map(({ currency }) => currency)
  return [...new Set([variant.currency, ...sold])]
}

/** When a price of any of the variants next begins or ends after a moment; undefined for never. */
export function nextPriceChange(variants: readonly Pick<Priced, 'prices'>[], now: Date): Date | undefined {
  let next: Date | undefined
  for (const { prices } of variants) {
    for (const edge of prices.flatMap(({ startsAt, endsAt }) => [startsAt, endsAt])) {
      if (edge !== null && edge > now && (next === undefined || edge < next)) next = edge
    }
  }
  return next
}

const isInForce = ({ startsAt, endsAt }: FurtherPrice, now: Date) =>
  (startsAt === null || startsAt <= now) && (endsAt === null || now < endsAt)

const startOf = ({ startsAt }: FurtherPrice) => startsAt?.getTime() ?? Number.NEGATIVE_INFINITY

const toPrice = ({ price, compareAtPrice }: Price): Price => ({ price, compareAtPrice })
