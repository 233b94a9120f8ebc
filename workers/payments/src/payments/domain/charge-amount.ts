import type { AmountTooSmall } from '@shop/contracts/payments/failures'
import type { AmountNotChargeable } from '@shop/kernel/chargeable'
import { type CurrencyCode, chargeRule, currencyExponent, stripeExponent } from '@shop/kernel/currencies'
import { type InvalidAmount, type Money, toMajor, toMinor } from '@shop/kernel/money'
import { fail, ok, type Result } from '@shop/kernel/result'

/**
 * Checks that an amount can be charged: it is not below Stripe's minimum, nor finer than Stripe's unit. Orders are checked
 * by the same table when they are placed.
 */
export function checkChargeAmount(money: Money): Result<undefined, AmountTooSmall | AmountNotChargeable> {
  const { minor, currency } = money
  const minimum = chargeRule(currency)?.minimum ?? 1
  if (minor < minimum) return fail({ code: 'amount_too_small', minimum: toMajor(minimum, currency), currency })
  const amount = toStripeAmount(money)
  return amount.ok ? ok() : amount
}

/** An amount in Stripe's unit, exact. A part of a charge, captured or refunded, may be below the minimum. */
export function toStripeAmount({ minor, currency }: Money): Result<number, AmountNotChargeable> {
  const step = chargeRule(currency)?.step ?? 1
  if (minor % step !== 0) return fail({ code: 'amount_not_chargeable' })
  return ok(scaled(minor, stripeExponent(currency) - currencyExponent(currency)))
}

/** The inverse of {@link toStripeAmount}: ISO minor units of an amount in Stripe's unit. */
export function fromStripeAmount({ minor, currency }: Money): number {
  return scaled(minor, currencyExponent(currency) - stripeExponent(currency))
}

/** Divides by a whole number, since a product with 0.01 is not exact. */
const scaled = (amount: number, digits: number) => (digits < 0 ? amount / 10 ** -digits : amount * 10 ** digits)

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
