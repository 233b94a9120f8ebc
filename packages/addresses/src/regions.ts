import { iso31662 } from 'iso-3166'

/** A subdivision of a country. `code` is that of ISO 3166-2 without the country: `CA` for US-CA. */
type Region = { code: string; name: string; parent: string | undefined }

/** By which the United States Postal Service delivers beside the states: to the forces, and to freely associated states. */
const POSTAL_REGIONS: Readonly<Record<string, readonly Region[]>> = {
  US: [
    { code: 'AA', name: 'Armed Forces Americas', parent: undefined },
    { code: 'AE', name: 'Armed Forces Europe', parent: undefined },
    { code: 'AP', name: 'Armed Forces Pacific', parent: undefined },
    { code: 'FM', name: 'Federated States of Micronesia', parent: undefined },
    { code: 'MH', name: 'Marshall Islands', parent: undefined },
    { code: 'PW', name: 'Palau', parent: undefined },
  ],
}

type Regions = { byCode: ReadonlyMap<string, Region>; byName: ReadonlyMap<string, Region> }

/** Filled when a country is first asked for: most requests need one or none of them. */
const known = new Map<string, Regions>()
let listed: Map<string, Region[]> | undefined

function regionsOf(country: string): Regions {
  const found = known.get(country)
  if (found !== undefined) return found
  listed ??= listByCountry()
  const regions = [...(listed.get(country) ?? []), ...(POSTAL_REGIONS[country] ?? [])]
  const made = { byCode: new Map(regions.map((region) => [region.code, region])), byName: byName(regions) }
  known.set(country, made)
  return made
}

function listByCountry(): Map<string, Region[]> {
  const listing = new Map<string, Region[]>()
  for (const { code, name, parent } of iso31662) {
    const country = code.slice(0, 2)
    const region = { code: code.slice(3), name, parent: parent === country ? undefined : parent.slice(3) }
    const regions = listing.get(country)
    if (regions === undefined) listing.set(country, [region])
    else regions.push(region)
  }
  return listing
}

/** Of two with one name the lower one, such as the province of a community; neither where none is below the other. */
function byName(regions: readonly Region[]): Map<string, Region> {
  const names = Map.groupBy(regions, ({ name }) => folded(name))
  return new Map(
    [...names].flatMap(([name, sharing]) => {
      const lowest = sharing.filter(({ code }) => !sharing.some(({ parent }) => parent === code))
      return lowest.length === 1 && lowest[0] !== undefined ? [[name, lowest[0]]] : []
    }),
  )
}

/** A name as it is compared: without case, accents, punctuation and spaces around it. */
function folded(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/**
 * The code of a region without that of its country, by its code, with or without the country, or by its name:
 * `CA` for `us-ca` and for `California`. Undefined for a text that names no region of the country.
 */
export function regionCodeOf(country: string, text: string): string | undefined {
  const { byCode, byName } = regionsOf(country)
  const code = text.trim().toUpperCase()
  const own = code.startsWith(`${country}-`) ? code.slice(country.length + 1) : code
  return (byCode.get(own) ?? byName.get(folded(text)))?.code
}

/** The region of a code, then those that it lies in, from below: `TF` and `CN` for Tenerife in the Canary Islands. */
export function regionsUpFrom(country: string, code: string): string[] {
  const { byCode } = regionsOf(country)
  const codes: string[] = []
  let region = byCode.get(code)
  while (region !== undefined && !codes.includes(region.code)) {
    codes.push(region.code)
    region = region.parent === undefined ? undefined : byCode.get(region.parent)
  }
  return codes
}
