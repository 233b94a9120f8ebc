import type { CurrencyCode } from '@shop/kernel/currencies'

/**
 * The largest amount Stripe charges at once, in its own unit.
 * Source: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
 */
const MAX_CHARGE = 99_999_999

/**
 * Currencies without decimals that Stripe nevertheless counts in hundredths.
 *
 * Source: https://docs.stripe.com/currencies#special-cases
 */
export const CHARGED_IN_HUNDREDTHS: ReadonlySet<CurrencyCode | string> = new Set(['ISK', 'UGX'])

/** The largest amount that can be charged at once, in ISO minor units. */
export function maximumCharge(currency: CurrencyCode): number {
  return CHARGED_IN_HUNDREDTHS.has(currency) ? Math.floor(MAX_CHARGE / 100) : MAX_CHARGE
}
