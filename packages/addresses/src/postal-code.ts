import { postcodeValidator, postcodeValidatorExistsForCountry } from 'postcode-validator'

/** A postal code as it is stored: in capitals, with single spaces. */
export function normalPostalCode(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toUpperCase()
}

/** Whether the country has codes of this form; true where its form is not known. It may be a code that nobody has. */
export function isPostalCode(country: string, code: string): boolean {
  return !postcodeValidatorExistsForCountry(country) || postcodeValidator(code, country)
}
