/**
 * Active currencies of ISO 4217 (list one) by number of decimals; funds codes, metals and test codes are left out.
 * Source: ISO 4217 maintenance agency, https://www.six-group.com/en/products-services/financial-information/data-standards.html
 */
const CODES_BY_EXPONENT = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP ' +
    'CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR ' +
    'JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN ' +
    'NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP ' +
    'SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
} as const

declare const brand: unique symbol
/** An upper-case ISO 4217 code that {@link isCurrencyCode} has checked. */
export type CurrencyCode = string & { readonly [brand]: 'CurrencyCode' }

const EXPONENTS: ReadonlyMap<string, number> = new Map(
  Object.entries(CODES_BY_EXPONENT).flatMap(([exponent, codes]) =>
    codes.split(' ').map((code) => [code, Number(exponent)] as const),
  ),
)

export function isCurrencyCode(code: string): code is CurrencyCode {
  return EXPONENTS.has(code)
}

/** Number of decimals of a currency: 2 for USD, 0 for JPY, 3 for KWD. */
export function currencyExponent(currency: CurrencyCode): number {
  const exponent = EXPONENTS.get(currency)
  if (exponent === undefined) throw new RangeError(`Not an ISO 4217 currency: ${currency}`)
  return exponent
}

/** For constants in code: throws on a code that is not in the list, so that a typo fails at once. */
export function currency(code: string): CurrencyCode {
  if (!isCurrencyCode(code)) throw new RangeError(`Not an ISO 4217 currency: ${code}`)
  return code
}
