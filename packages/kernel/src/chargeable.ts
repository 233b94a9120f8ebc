import { chargeRule } from './currencies.ts'
import { type Money, toMajor } from './money.ts'
import { fail, ok, type Result } from './result.ts'

/** The range is in major units. It is absent where nothing can be charged in the currency. */
export type AmountNotChargeable = {
  code: 'amount_not_chargeable'
  currency?: string
  minimum?: number
  maximum?: number
  step?: number
}

/** Checks that an amount can be charged at once: not too small, not too large, not finer than Stripe accepts. */
export function checkChargeable({ minor, currency }: Money): Result<undefined, AmountNotChargeable> {
  const rule = chargeRule(currency)
  if (rule === undefined) return fail({ code: 'amount_not_chargeable', currency })
  const { minimum, maximum, step } = rule
  if (minimum <= minor && minor <= maximum && minor % step === 0) return ok()
  return fail({
    code: 'amount_not_chargeable',
    currency,
    minimum: toMajor(minimum, currency),
    maximum: toMajor(maximum, currency),
    step: toMajor(step, currency),
  })
}
