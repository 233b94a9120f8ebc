import type { InvalidPrices } from '@shop/contracts/catalog/failures'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { FieldError } from '@shop/kernel/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import { decidePrice, type InvalidPrice } from './price.ts'

export const MAX_PRICES = 100

/** Minor units of one currency. `compareAtPrice` is what the variant cost before, or elsewhere. */
export type Price = { price: number; compareAtPrice: number | null }

/**
 * A price of a variant beside its own: the regular one in another currency, or one in any currency that is in force from
 * `startsAt` until before `endsAt`, of which one may be null.
 */
export type FurtherPrice = Price & { currency: CurrencyCode; startsAt: Date | null; endsAt: Date | null }

/** What staff send. Amounts are in major units. */
export type PriceDraft = {
  currency: CurrencyCode
  amount: number
  compareAtPrice?: number | null | undefined
  startsAt?: Date | null | undefined
  endsAt?: Date | null | undefined
}

/** A price without dates is the regular one in its currency. */
export const isScheduled = ({ startsAt, endsAt }: Pick<FurtherPrice, 'startsAt' | 'endsAt'>): boolean =>
  startsAt !== null || endsAt !== null

/**
 * The further prices of a variant: in each currency at most one without dates, and in the first none, since the price of
 * the variant is that one.
 *
 * @param first currency of the variant
 * @param prefix of the field `prices`
 */
export function decidePrices(
  drafts: readonly PriceDraft[],
  first: CurrencyCode,
  prefix = '',
): Result<FurtherPrice[], InvalidPrice | InvalidPrices> {
  const prices: FurtherPrice[] = []
  const errors: FieldError[] = []
  for (const [index, draft] of drafts.entries()) {
    const field = `${prefix}prices.${index}`
    const decided = decideOne(draft, field)
    if (!decided.ok) return decided
    const message = misfit(decided.value, prices, first)
    if (message !== undefined) errors.push({ field, message })
    prices.push(decided.value)
  }
  return errors.length === 0 ? ok(prices) : fail({ code: 'invalid_prices', errors })
}

/** Refuses a first currency in which there is a further price without dates. */
export function checkFirstCurrency(
  { currency, prices }: { currency: CurrencyCode; prices: readonly FurtherPrice[] },
  field: string,
): Result<undefined, InvalidPrices> {
  const isTaken = prices.some((price) => price.currency === currency && !isScheduled(price))
  if (!isTaken) return ok()
  return fail({
    code: 'invalid_prices',
    errors: [{ field, message: `is ${currency}, of which prices has one already` }],
  })
}

function decideOne(draft: PriceDraft, field: string): Result<FurtherPrice, InvalidPrice> {
  const { currency, compareAtPrice = null, startsAt = null, endsAt = null } = draft
  const price = decidePrice(draft.amount, currency, `${field}.amount`)
  if (!price.ok) return price
  const compared =
    compareAtPrice === null ? ok(null) : decidePrice(compareAtPrice, currency, `${field}.compare_at_price`)
  if (!compared.ok) return compared
  return ok({ currency, price: price.value, compareAtPrice: compared.value, startsAt, endsAt })
}

function misfit(price: FurtherPrice, before: readonly FurtherPrice[], first: CurrencyCode): string | undefined {
  const { currency, startsAt, endsAt } = price
  if (startsAt !== null && endsAt !== null && endsAt <= startsAt) return 'must end after it starts'
  if (isScheduled(price)) return undefined
  if (currency === first) return `needs a date: the price of the variant is the one in ${first}`
  const isRepeated = before.some((other) => other.currency === currency && !isScheduled(other))
  return isRepeated ? `is a second one in ${currency} without dates` : undefined
}
