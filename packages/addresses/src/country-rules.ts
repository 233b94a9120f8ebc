import type { Address } from './address.ts'
import { phoneOf } from './phone.ts'
import { isPostalCode, normalPostalCode } from './postal-code.ts'
import { regionCodeOf } from './regions.ts'
import { needsPostalCode, needsRegion, writesRegionAsCode } from './requirements.ts'

type PartError = { part: 'region' | 'postal_code' | 'phone'; message: string }
type Checked = { value?: string; error?: string }

/** The address as its country writes it, and what is wrong with its parts. */
export function applyCountryRules(parts: Address): { address: Address; errors: PartError[] } {
  const { region: _region, postal_code: _postalCode, phone: _phone, ...others } = parts
  const checks = { region: checkRegion(parts), postal_code: checkPostalCode(parts), phone: checkPhone(parts) }
  const { region, postal_code, phone } = checks
  const address: Address = {
    ...others,
    ...(region.value === undefined ? {} : { region: region.value }),
    ...(postal_code.value === undefined ? {} : { postal_code: postal_code.value }),
    ...(phone.value === undefined ? {} : { phone: phone.value }),
  }
  const errors = (['region', 'postal_code', 'phone'] as const).flatMap((part) => {
    const message = checks[part].error
    return message === undefined ? [] : [{ part, message }]
  })
  return { address, errors }
}

function checkRegion({ country, region }: Address): Checked {
  if (region === undefined) return needsRegion(country) ? { error: `is required in ${country}` } : {}
  if (!writesRegionAsCode(country)) return { value: region }
  const code = regionCodeOf(country, region)
  return code === undefined ? { error: `is not a region of ${country}` } : { value: code }
}

function checkPostalCode({ country, postal_code: text }: Address): Checked {
  if (text === undefined) return needsPostalCode(country) ? { error: `is required in ${country}` } : {}
  const code = normalPostalCode(text)
  return isPostalCode(country, code) ? { value: code } : { error: `is not a postal code of ${country}` }
}

function checkPhone({ country, phone }: Address): Checked {
  if (phone === undefined) return {}
  const number = phoneOf(phone, country)
  return number === undefined ? { error: 'is not a phone number, or has an extension' } : { value: number }
}
