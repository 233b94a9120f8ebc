import { type AmountNotChargeable, type AmountTooSmall, CHARGED_IN_HUNDREDTHS } from '@shop/contracts'
import { fail, type Money, ok, type Result, toMajor } from '@shop/kernel'

/**
 * Stripe's smallest charges, in ISO minor units; for other currencies Stripe itself says.
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

/** Currencies with three decimals, of which Stripe takes two. */
const IN_TENS: ReadonlySet<string> = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND'])

/** Currencies with two decimals (an ariary is five iraimbilanja) that Stripe counts in whole units. */
const IN_WHOLE: ReadonlySet<string> = new Set(['MGA'])

/** The amount of a new charge in the unit Stripe counts it in, exact, or why it cannot be charged. */
export function toChargeAmount(money: Money): Result<number, AmountTooSmall | AmountNotChargeable> {
  const { minor, currency } = money
  const minimum = MINIMUM[currency] ?? 1
  if (minor < minimum) return fail({ code: 'amount_too_small', minimum: toMajor(minimum, currency), currency })
  return toPartAmount(money)
}

/** The same for a part of a charge, captured or given back, which may be smaller. */
export function toPartAmount({ minor, currency }: Money): Result<number, AmountNotChargeable> {
  if (IN_TENS.has(currency) && minor % 10 !== 0) return fail({ code: 'amount_not_chargeable' })
  if (IN_WHOLE.has(currency)) return minor % 100 === 0 ? ok(minor / 100) : fail({ code: 'amount_not_chargeable' })
  return ok(CHARGED_IN_HUNDREDTHS.has(currency) ? minor * 100 : minor)
}

/** The inverse of {@link toPartAmount}: ISO minor units of an amount as Stripe counts it. */
export function fromChargeAmount({ minor, currency }: Money): number {
  if (IN_WHOLE.has(currency)) return minor * 100
  return CHARGED_IN_HUNDREDTHS.has(currency) ? minor / 100 : minor
}
