import type { AmountNotChargeable } from './chargeable.ts'
import { chargeStep, currencyExponent, stripeExponent } from './currencies.ts'
import type { Money } from './money.ts'
import { fail, ok, type Result } from './result.ts'

/** An amount in Stripe's unit, exact. A part of a charge, captured or refunded, may be below the minimum. */
export function toStripeAmount({ minor, currency }: Money): Result<number, AmountNotChargeable> {
  if (minor % chargeStep(currency) !== 0) return fail({ code: 'amount_not_chargeable' })
  return ok(scaled(minor, stripeExponent(currency) - currencyExponent(currency)))
}

/** The inverse of {@link toStripeAmount}: ISO minor units of an amount in Stripe's unit. */
export function fromStripeAmount({ minor, currency }: Money): number {
  return scaled(minor, currencyExponent(currency) - stripeExponent(currency))
}

/** Divides by a whole number, since a product with 0.01 is not exact. */
const scaled = (amount: number, digits: number) => (digits < 0 ? amount / 10 ** -digits : amount * 10 ** digits)
