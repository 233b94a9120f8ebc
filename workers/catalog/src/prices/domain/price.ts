import type { CurrencyCode } from '@shop/kernel/currencies'
import type { FieldError } from '@shop/kernel/failures'
import { type InvalidAmount, toMajor, toMinor } from '@shop/kernel/money'
import { fail, ok, type Result } from '@shop/kernel/result'

/** An amount that the currency cannot express, with the error of the field. */
export type InvalidPrice = InvalidAmount & { errors: FieldError[] }

/** `price` is in minor units. */
type Priced = { price: number; currency: CurrencyCode }

const MESSAGES: Record<InvalidAmount['reason'], string> = {
  negative: 'must not be negative',
  not_finite: 'must be a finite number',
  too_fine: 'has more decimals than the currency',
  too_large: 'is too large',
}

/**
 * @param amount in major units
 * @param field that has it
 * @returns minor units
 */
export function decidePrice(amount: number, currency: CurrencyCode, field = 'price'): Result<number, InvalidPrice> {
  const minor = toMinor(amount, currency)
  if (minor.ok) return minor
  const { reason } = minor.failure
  return fail({ code: 'invalid_amount', reason, errors: [{ field, message: `${MESSAGES[reason]} (${currency})` }] })
}

/**
 * Decides a change of price, currency or both. Changing only the currency keeps the figure: 1299 USD becomes 1299 JPY,
 * and 12.99 USD is refused because JPY has no decimals.
 */
export function decidePriceChange(
  current: Priced,
  change: { price?: number | undefined; currency?: CurrencyCode | undefined },
  field = 'price',
): Result<Priced, InvalidPrice> {
  const currency = change.currency ?? current.currency
  const amount = change.price ?? toMajor(current.price, current.currency)
  const price = decidePrice(amount, currency, field)
  return price.ok ? ok({ price: price.value, currency }) : price
}
