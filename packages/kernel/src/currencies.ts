/**
 * The currencies of prices, and what Stripe charges in them. As of 2026-11-29.
 *
 * - Codes and decimals: active currencies of ISO 4217 (list one); funds codes, metals and test codes are left out. BGN
 *   became EUR and ANG became XCG. Source: ISO 4217 maintenance agency,
 *   https://www.six-group.com/en/products-services/financial-information/data-standards.html
 * - Charges: https://docs.stripe.com/currencies#presentment-currencies, #special-cases and
 *   #minimum-and-maximum-charge-amounts
 */
const CODES_BY_EXPONENT = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP ' +
    'CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR ' +
    'JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN ' +
    'NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP ' +
    'SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
} as const

/** Currencies in which Stripe charges nothing. */
const NOT_CHARGED = 'BTN CUP ERN GHS IQD IRR KPW LYD MRU SDG SSP STN SVC SYP TMT VED VES ZWG'

/**
 * Stripe's number of decimals where it is another one: it still counts krónur and shillings in hundredths, which must be
 * 00, and ariary in whole units. HUF and TWD are whole in payouts only; charges have two decimals.
 */
const STRIPE_EXPONENTS: Partial<Record<string, number>> = { ISK: 2, UGX: 2, MGA: 0 }

/**
 * Smallest charges, in minor units. They are those of Stripe's settlement currencies: a charge in another currency has to
 * be worth the minimum of the account's own, which only Stripe can tell.
 */
const MINIMUMS: Partial<Record<string, number>> = {
  AED: 200,
  ARS: 50,
  AUD: 50,
  BRL: 50,
  CAD: 50,
  CHF: 50,
  COP: 50,
  CZK: 1_500,
  DKK: 250,
  EUR: 50,
  GBP: 30,
  HKD: 400,
  HUF: 17_500,
  IDR: 50,
  ILS: 50,
  INR: 50,
  JPY: 50,
  KRW: 50,
  MXN: 1_000,
  MYR: 200,
  NOK: 300,
  NZD: 50,
  PHP: 50,
  PLN: 200,
  RON: 200,
  RUB: 50,
  SEK: 300,
  SGD: 50,
  THB: 1_000,
  USD: 50,
  ZAR: 50,
}

/** Digits of the largest charge in Stripe's unit, by any payment method. Cards alone may take more. */
const MAXIMUM_DIGITS: Partial<Record<string, number>> = { IDR: 12, COP: 10, INR: 9 }
const OTHER_MAXIMUM_DIGITS = 8

/** What can be charged at once, in minor units: from `minimum` to `maximum`, each a multiple of `step`. */
export type ChargeRule = { minimum: number; maximum: number; step: number }

type CurrencyRow = {
  exponent: number
  stripeExponent: number
  /** Absent where Stripe charges nothing. */
  charge?: ChargeRule
}

declare const brand: unique symbol
/** An upper-case ISO 4217 code that {@link isCurrencyCode} has checked. */
export type CurrencyCode = string & { readonly [brand]: 'CurrencyCode' }

const TABLE: ReadonlyMap<string, CurrencyRow> = new Map(
  Object.entries(CODES_BY_EXPONENT).flatMap(([exponent, codes]) =>
    codes.split(' ').map((code) => [code, rowOf(code, Number(exponent))] as const),
  ),
)

function rowOf(code: string, exponent: number): CurrencyRow {
  const stripeExponent = STRIPE_EXPONENTS[code] ?? exponent
  if (NOT_CHARGED.split(' ').includes(code)) return { exponent, stripeExponent }
  const largest = 10 ** (MAXIMUM_DIGITS[code] ?? OTHER_MAXIMUM_DIGITS) - 1
  const finer = stripeExponent - exponent
  const maximum = finer > 0 ? Math.floor(largest / 10 ** finer) : largest * 10 ** -finer
  // Card networks know two decimals, so a third one must be 0.
  const step = exponent === 3 ? 10 : 10 ** Math.max(0, -finer)
  return {
    exponent,
    stripeExponent,
    charge: { minimum: MINIMUMS[code] ?? step, maximum: maximum - (maximum % step), step },
  }
}

function rowFor(currency: CurrencyCode): CurrencyRow {
  const row = TABLE.get(currency)
  if (row === undefined) throw new RangeError(`Not an ISO 4217 currency: ${currency}`)
  return row
}

export function isCurrencyCode(code: string): code is CurrencyCode {
  return TABLE.has(code)
}

/** Number of decimals of a currency: 2 for USD, 0 for JPY, 3 for KWD. */
export function currencyExponent(currency: CurrencyCode): number {
  return rowFor(currency).exponent
}

/** Number of decimals of the amounts that Stripe takes: 2 for USD and for ISK, 0 for JPY and for MGA. */
export function stripeExponent(currency: CurrencyCode): number {
  return rowFor(currency).stripeExponent
}

/** What can be charged in a currency; undefined if nothing can. */
export function chargeRule(currency: CurrencyCode): ChargeRule | undefined {
  return rowFor(currency).charge
}

/** What can be charged, captured and refunded in a currency is a multiple of this, in minor units: 10 for KWD, mostly 1. */
export function chargeStep(currency: CurrencyCode): number {
  return chargeRule(currency)?.step ?? 1
}

/** For constants in code: throws on a code that is not in the list, so that a typo fails at once. */
export function currency(code: string): CurrencyCode {
  if (!isCurrencyCode(code)) throw new RangeError(`Not an ISO 4217 currency: ${code}`)
  return code
}
