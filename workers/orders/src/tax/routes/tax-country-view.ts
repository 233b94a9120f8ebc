import { Country } from '@shop/addresses/country'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import { TAXED_AT, type TaxCountry } from '../domain/tax-country.ts'

/** Empty text counts as absent, since a form sends the fields nobody filled in. */
export const CountryFilter = z
  .literal('')
  .transform(() => undefined)
  .or(Country)
  .optional()
  .meta({ type: 'string', description: 'Of this country only', example: 'DE' })

export const pricesIncludeTax = z
  .boolean()
  .meta({ description: 'Whether prices, that of shipping too, include the taxes of the country', example: true })

export const taxedAt = z.enum(TAXED_AT).meta({
  description:
    'Whose rates apply: those of the address of delivery, or, if the shop is in the country, those of its own address',
  example: 'destination',
})

export const reverseCharge = z.boolean().meta({
  description: 'Whether a business of another EU country with a VAT id pays no tax here, and owes it itself',
  example: false,
})

export const TaxCountryView = z
  .strictObject({
    country: Country,
    prices_include_tax: pricesIncludeTax,
    taxed_at: taxedAt,
    reverse_charge: reverseCharge,
    version: z.int().meta({ description: 'Counts its changes', example: 1 }),
    updated_at: Instant,
  })
  .meta({ id: 'TaxCountry' })
type TaxCountryView = z.infer<typeof TaxCountryView>

export function toTaxCountryView({ country, version, updatedAt, ...settings }: TaxCountry): TaxCountryView {
  return {
    country,
    prices_include_tax: settings.pricesIncludeTax,
    taxed_at: settings.taxedAt,
    reverse_charge: settings.allowsReverseCharge,
    version,
    updated_at: updatedAt.toISOString(),
  }
}
