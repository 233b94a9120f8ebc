import { CHARGED_IN_HUNDREDTHS } from '@shop/contracts/payments/charge-limits'
import type { AmountNotChargeable, AmountTooSmall } from '@shop/contracts/payments/failures'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { type InvalidAmount, type Money, toMajor, toMinor } from '@shop/kernel/money'
import { fail, ok, type Result } from '@shop/kernel/result'

/**
 * Stripe's minimum charges, in ISO minor units. For other currencies Stripe itself refuses what is too small.
 * Source: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
 */
const MINIMUM: Partial<Record<string, number>> = {
  USD: 50,
  AED: 200,
  AUD: 50,
  BGN: 100,
  BRL: 50,
  CAD: 50,
  CHF: 50,
  CZK: 1_500,
  DKK: 250,
  EUR: 50,
  GBP: 30,
  HKD: 400,
  HUF: 17_500,
  INR: 50,
  JPY: 50,
  MXN: 1_000,
  MYR: 200,
  NOK: 300,
  NZD: 50,
  PLN: 200,
  RON: 200,
  SEK: 300,
  SGD: 50,
  THB: 1_000,
}

/** Currencies with three decimals, of which Stripe accepts two. */
const IN_TENS: ReadonlySet<string> = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND'])

/** Currencies with two decimals (an ariary is five iraimbilanja) that Stripe counts in whole units. */
const IN_WHOLE: ReadonlySet<string> = new Set(['MGA'])

/** Checks that an amount can be charged: it is not below Stripe's minimum, nor finer than Stripe's unit. */
export function checkChargeAmount(money: Money): Result<undefined, AmountTooSmall | AmountNotChargeable> {
  const { minor, currency } = money
  const minimum = MINIMUM[currency] ?? 1
  if (minor < minimum) return fail({ code: 'amount_too_small', minimum: toMajor(minimum, currency), currency })
  const amount = toStripeAmount(money)
  return amount.ok ? ok() : amount
}

/** An amount in Stripe's unit, exact. A part of a charge, captured or refunded, may be below the minimum. */
export function toStripeAmount({ minor, currency }: Money): Result<number, AmountNotChargeable> {
  if (IN_TENS.has(currency) && minor % 10 !== 0) return fail({ code: 'amount_not_chargeable' })
  if (IN_WHOLE.has(currency)) return minor % 100 === 0 ? ok(minor / 100) : fail({ code: 'amount_not_chargeable' })
  return ok(CHARGED_IN_HUNDREDTHS.has(currency) ? minor * 100 : minor)
}

/** The inverse of {@link toStripeAmount}: ISO minor units of an amount in Stripe's unit. */
export function fromStripeAmount({ minor, currency }: Money): number {
  if (IN_WHOLE.has(currency)) return minor * 100
  return CHARGED_IN_HUNDREDTHS.has(currency) ? minor / 100 : minor
}

/**
 * Minor units of the part of a payment that staff want to capture or refund.
 *
 * @param amount in major units; undefined stands for all of it
 */
export function partAmount(
  amount: number | undefined,
  currency: CurrencyCode,
): Result<number | undefined, InvalidAmount | AmountNotChargeable> {
  if (amount === undefined) return ok(undefined)
  const minor = toMinor(amount, currency)
  if (!minor.ok) return minor
  const part = toStripeAmount({ minor: minor.value, currency })
  return part.ok ? minor : part
}
