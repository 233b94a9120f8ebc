export const TAXED_AT = ['destination', 'origin'] as const

/** How tax applies in a country. */
export type TaxCountryFields = {
  /** Whether prices, that of shipping too, include the taxes of the country. */
  pricesIncludeTax: boolean
  /**
   * Whose rates apply to what is sold there: those of the address of delivery, or, where the shop is in the country, those
   * of the shop's address, as some states of the US have it.
   */
  taxedAt: (typeof TAXED_AT)[number]
  /** Whether a business of another EU country with a VAT id pays no tax here, and owes it itself. */
  allowsReverseCharge: boolean
}

export type TaxCountry = TaxCountryFields & {
  /** ISO 3166-1 alpha-2. */
  country: string
  updatedAt: Date
  version: number
}

/** Of a country that staff have set nothing for. */
export const DEFAULT_TAX_COUNTRY: TaxCountryFields = {
  pricesIncludeTax: false,
  taxedAt: 'destination',
  allowsReverseCharge: false,
}
