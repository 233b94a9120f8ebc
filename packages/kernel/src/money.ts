import { z } from 'zod'
import { type CurrencyCode, currencyExponent, isCurrencyCode } from './currencies.ts'
import { fail, ok, type Result } from './result.ts'

/** An exact amount: whole minor units (cents for USD, yen for JPY, fils for KWD). */
export type Money = { minor: number; currency: CurrencyCode }

/** The largest amount kept, in minor units: below 2^53, and 15 digits print and parse as a double without loss. */
export const MAX_MINOR = 10 ** 15 - 1

export type InvalidAmount = {
  code: 'invalid_amount'
  reason: 'negative' | 'not_finite' | 'too_fine' | 'too_large'
}

/** The largest multiple of a step that an amount contains, both in minor units. */
export const roundDown = (minor: number, step: number): number => minor - (minor % step)

/**
 * Reads a wire amount (major units, such as 1299.99) as minor units.
 *
 * Works on the shortest decimal that round-trips the double, so 0.1 + 0.2 is refused as too fine, not rounded.
 *
 * @param amount a decimal number in major units
 * @returns `invalid_amount` when negative, not finite, finer than the currency allows or above {@link MAX_MINOR}
 */
export function toMinor(amount: number, currency: CurrencyCode): Result<number, InvalidAmount> {
  if (!Number.isFinite(amount)) return fail({ code: 'invalid_amount', reason: 'not_finite' })
  if (amount < 0) return fail({ code: 'invalid_amount', reason: 'negative' })
  const exponent = currencyExponent(currency)
  const text = String(amount)
  if (text.includes('e+')) return fail({ code: 'invalid_amount', reason: 'too_large' })
  if (text.includes('e-')) return fail({ code: 'invalid_amount', reason: 'too_fine' })
  const [whole = '0', fraction = ''] = text.split('.')
  if (fraction.length > exponent) return fail({ code: 'invalid_amount', reason: 'too_fine' })
  const minor = Number(whole + fraction.padEnd(exponent, '0'))
  if (minor > MAX_MINOR) return fail({ code: 'invalid_amount', reason: 'too_large' })
  return ok(minor)
}

/**
 * The wire form of an amount: a decimal number in major units. The inverse of {@link toMinor}, exact up to its bound. Sums
 * and differences may be negative.
 */
export function toMajor(minor: number, currency: CurrencyCode): number {
  if (minor < 0) return -toMajor(-minor, currency)
  const exponent = currencyExponent(currency)
  const digits = String(minor).padStart(exponent + 1, '0')
  return Number(`${digits.slice(0, digits.length - exponent)}.${digits.slice(digits.length - exponent) || '0'}`)
}

/** An amount on the wire. Its fineness depends on the currency beside it and is checked by {@link toMinor}. */
export const Amount = z
  .number()
  .min(0)
  .meta({ description: 'Decimal number in major units, no finer than the currency allows', example: 1299.99 })

export const Currency = z
  .string()
  .transform((code) => code.toUpperCase())
  .pipe(
    z.custom<CurrencyCode>((code) => typeof code === 'string' && isCurrencyCode(code), {
      message: 'must be an ISO 4217 currency code',
    }),
  )
  .meta({ type: 'string', description: 'ISO 4217 currency code', example: 'USD' })
