import type { Destination } from '@shop/addresses/destination'
import { EU_MEMBERS } from './eu-members.ts'
import type { TaxCountryFields } from './tax-country.ts'
import type { TaxRate } from './tax-rate.ts'

/** A VAT id of the EU. Its form and check digits are right. */
export type VatId = {
  /** ISO 3166-1 alpha-2, so GR for an id that begins with EL. */
  country: string
  /** In capitals, without spaces, and with its prefix: `DE136695976`. */
  number: string
  /** Whether the register of VAT ids confirmed it. */
  isConfirmed: boolean
}

/** What a sale to a country is taxed by. */
export type TaxOfCountry = {
  /** Those of the country that have not ended. */
  rates: readonly TaxRate[]
  country: TaxCountryFields
  /** Whether staff have exempted the buyer there. */
  isExempt: boolean
}

type Sale = {
  /** Where the shop sells from. */
  origin: Destination
  destination: Destination
  /** Whether staff have exempted the buyer there. */
  isExempt: boolean
  vatId: VatId | null
}

/** On what terms a sale is taxed. */
export type TaxTerms = {
  /** Where the rates that apply are. */
  place: Destination
  pricesIncludeTax: boolean
  /** Why the buyer pays no tax; null where they do. Prices that include tax are then reduced by `withoutTax`. */
  exemption: 'buyer' | 'reverse_charge' | null
}

/** @param country the settings of the country of the destination */
export function taxTermsOf(country: TaxCountryFields, { origin, destination, isExempt, vatId }: Sale): TaxTerms {
  const isDomestic = origin.country === destination.country
  const isReversed = vatId !== null && country.allowsReverseCharge && isBetweenMembers(origin, destination, vatId)
  return {
    place: isDomestic && country.taxedAt === 'origin' ? origin : destination,
    pricesIncludeTax: country.pricesIncludeTax,
    exemption: isExempt ? 'buyer' : isReversed ? 'reverse_charge' : null,
  }
}

/**
 * Whether goods go from one member state to another, to a business that is registered in another one than the shop:
 * Directive 2006/112/EC, article 138.
 */
function isBetweenMembers(origin: Destination, destination: Destination, vatId: VatId): boolean {
  const [from, to] = [origin.country, destination.country]
  return [from, to, vatId.country].every((country) => EU_MEMBERS.has(country)) && from !== to && from !== vatId.country
}
