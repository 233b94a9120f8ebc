/** Region codes of CLDR that ISO 3166-1 does not assign: groups of countries, parts of countries, tests, unknown. */
const NO_COUNTRY = new Set('EU EZ QO UN AC CP CQ DG EA IC TA XA XB ZZ'.split(' '))

const regionNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
const languageNames = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' })

/** Whether it is a country code of ISO 3166-1, or XK for Kosovo. */
export function isCountry(code: string): boolean {
  if (!/^[A-Z]{2}$/.test(code) || NO_COUNTRY.has(code) || regionNames.of(code) === undefined) return false
  // Codes of countries that were renamed become the new ones, such as UK and DD.
  return new Intl.Locale(`und-${code}`).region === code
}

/** Whether `Intl` knows the time zone by this name. An offset such as +01:00 is none: it has no summer time. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** What is wrong with a locale: it must be a canonical BCP 47 tag of a known language. Undefined for a right one. */
export function localeProblem(tag: string): string | undefined {
  const [canonical] = canonicalLocales(tag)
  if (canonical === undefined) return 'must be a BCP 47 language tag, such as en or de-CH'
  if (canonical !== tag) return `must be written ${canonical}`
  const { language, region } = new Intl.Locale(tag)
  // `und` is the tag of an unknown language; some engines report none for it.
  if (
    !language ||
    language === 'und' ||
    languageNames.of(language) === undefined ||
    Intl.DateTimeFormat.supportedLocalesOf([tag]).length === 0
  ) {
    return 'must be of a known language'
  }
  return region === undefined || regionNames.of(region) !== undefined ? undefined : 'must be of a known region'
}

function canonicalLocales(tag: string): string[] {
  try {
    return Intl.getCanonicalLocales(tag)
  } catch {
    return []
  }
}
