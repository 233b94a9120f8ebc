import type { AmountTooSmall } from '@shop/contracts/payments/failures'
import type { AmountNotChargeable } from '@shop/kernel/chargeable'
import { type CurrencyCode, chargeRule } from '@shop/kernel/currencies'
import { type InvalidAmount, type Money, toMajor, toMinor } from '@shop/kernel/money'
import { fail, ok, type Result } from '@shop/kernel/result'
import { toStripeAmount } from '@shop/kernel/stripe-amount'

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
