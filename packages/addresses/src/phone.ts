import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'

/**
 * A phone number in E.164, such as `+12133734253`. One without the prefix of a country is of `country`.
 *
 * Only its length is checked, as Google advises: ranges of numbers are opened more often than a library is updated.
 *
 * @returns undefined for a text that is no number, and for one with an extension, which E.164 cannot express
 */
export function phoneOf(text: string, country: string): string | undefined {
  const defaults = isSupportedCountry(country) ? { defaultCountry: country } : {}
  // Without `extract`, a number within other text would be taken for the whole.
  const parsed = parsePhoneNumberFromString(text, { ...defaults, extract: false })
  return parsed?.ext === undefined && parsed?.isPossible() ? parsed.number : undefined
}
