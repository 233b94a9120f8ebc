import type { FieldError, ProblemTable } from '@shop/kernel/failures'

export type ShippingZoneNotFound = { code: 'shipping_zone_not_found'; zoneId: string }
/** A region that its country does not have, or a range of postal codes that is none. */
export type InvalidShippingZone = { code: 'invalid_shipping_zone'; errors: FieldError[] }
export type ShippingOptionNotFound = { code: 'shipping_option_not_found'; optionId: string }
/** Prices that do not fit the pricing, their currencies or each other. */
export type InvalidShippingOption = { code: 'invalid_shipping_option'; errors: FieldError[] }
export type TaxRateNotFound = { code: 'tax_rate_not_found'; taxRateId: string }
export type InvalidTaxRate = { code: 'invalid_tax_rate'; errors: FieldError[] }
/** The country has the default settings, which are not stored. */
export type TaxCountryNotFound = { code: 'tax_country_not_found'; country: string }
export type TaxExemptionNotFound = { code: 'tax_exemption_not_found'; taxExemptionId: string }

/** Of where the shop delivers to, and how that is taxed. */
export type PlacesFailure =
  | ShippingZoneNotFound
  | InvalidShippingZone
  | ShippingOptionNotFound
  | InvalidShippingOption
  | TaxRateNotFound
  | InvalidTaxRate
  | TaxCountryNotFound
  | TaxExemptionNotFound

export const PLACES_PROBLEMS = {
  shipping_zone_not_found: { status: 404, title: 'Shipping zone not found' },
  invalid_shipping_zone: { status: 422, title: 'The areas of the zone are not valid' },
  shipping_option_not_found: { status: 404, title: 'Shipping option not found' },
  invalid_shipping_option: { status: 422, title: 'The prices of the option are not valid' },
  tax_rate_not_found: { status: 404, title: 'Tax rate not found' },
  invalid_tax_rate: { status: 422, title: 'The tax rate is not valid' },
  tax_country_not_found: { status: 404, title: 'The country has no tax settings of its own' },
  tax_exemption_not_found: { status: 404, title: 'Tax exemption not found' },
} as const satisfies ProblemTable<PlacesFailure>
