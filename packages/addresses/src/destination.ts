import { regionCodeOf, regionsUpFrom } from './regions.ts'

/** Where something is delivered or sold from, as zones of shipping and rates of tax are matched with it. */
export type Destination = {
  country: string
  /** The codes of its region and of those that it lies in; empty where none is known. */
  regions: readonly string[]
  postalCode: string | null
}

/** What an address of any slice has of a place. */
type Placed = { country: string; region?: string | null | undefined; postal_code?: string | null | undefined }

export function destinationOf({ country, region, postal_code: postalCode }: Placed): Destination {
  const code = region ? regionCodeOf(country, region) : undefined
  return { country, regions: code === undefined ? [] : regionsUpFrom(country, code), postalCode: postalCode ?? null }
}
