import type { Destination } from '@shop/addresses/destination'
import { hasPostalCode, type PostalCodes } from './postal-codes.ts'

/** A part of the world: a country, or some of its regions, or of its postal codes, or what is in both. */
export type Area = {
  country: string
  /** Any of these, by the codes of ISO 3166-2 without the country. Empty: the whole country. */
  regions: readonly string[]
  /** Any of these. Empty: all. */
  postalCodes: readonly PostalCodes[]
}

/** How closely an area is described: by country, by region, by postal code. */
export type Closeness = 1 | 2 | 3

/** How closely an area that a destination lies in is described; undefined where it does not lie in it. */
export function closenessOf(area: Area, { country, regions, postalCode }: Destination): Closeness | undefined {
  if (area.country !== country) return undefined
  if (area.regions.length > 0 && !area.regions.some((region) => regions.includes(region))) return undefined
  if (area.postalCodes.length === 0) return area.regions.length === 0 ? 1 : 2
  if (postalCode === null) return undefined
  return area.postalCodes.some((codes) => hasPostalCode(codes, country, postalCode)) ? 3 : undefined
}
