/**
 * Some of the postal codes of a country: those that begin with `prefix`, or those whose digits are `from` to `to`, which
 * have as many digits as each other.
 */
export type PostalCodes = { prefix: string } | { from: string; to: string }

/** Their codes are an outward and an inward part, `SW1A 1AA`, and the outward part names a district. */
const WITH_DISTRICTS: ReadonlySet<string> = new Set(['GB', 'GG', 'IM', 'JE'])

const compact = (code: string) => code.toUpperCase().replace(/[\s-]/g, '')

/**
 * Whether a postal code is among some. Case, spaces and hyphens do not count, and a longer code than a range has is
 * compared by its first digits: `90210-1234` lies from 90001 to 90299.
 */
export function hasPostalCode(codes: PostalCodes, country: string, postalCode: string): boolean {
  if ('prefix' in codes) return hasPrefix(codes.prefix, country, postalCode)
  const digits = leadingDigits(postalCode)
  const { length } = codes.from
  const compared = digits.slice(0, length)
  return digits.length >= length && codes.from <= compared && compared <= codes.to
}

/** The digits of a code after the letters of a country, which some are written with: `LV-1010`, `AD500`. */
function leadingDigits(postalCode: string): string {
  return /^[A-Z]{0,3}(\d+)/.exec(compact(postalCode))?.[1] ?? ''
}

function hasPrefix(prefix: string, country: string, postalCode: string): boolean {
  const code = compact(postalCode)
  return WITH_DISTRICTS.has(country) ? hasDistrict(prefix, code) : code.startsWith(compact(prefix))
}

/**
 * A British prefix is of whole areas and districts: `E` is not EC, and `E1` not E10, but `SW1` has SW1A. After a space
 * it has the sector, too, `E1 6`, or the whole inward part.
 */
function hasDistrict(prefix: string, code: string): boolean {
  const outward = code.slice(0, -3)
  const [district = '', sector] = prefix.trim().toUpperCase().split(/\s+/)
  if (sector !== undefined) return outward === district && code.slice(-3).startsWith(sector)
  if (!outward.startsWith(district)) return code === district
  const rest = outward.slice(district.length)
  return /\d/.test(district) ? /^[A-Z]?$/.test(rest) : /^\d/.test(rest)
}
