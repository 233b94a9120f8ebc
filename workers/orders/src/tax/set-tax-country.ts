import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ExpectedVersions, VersionConflict } from '@shop/kernel/versions'
import type { OrdersDeps } from '../deps.ts'
import type { TaxCountry, TaxCountryFields } from './domain/tax-country.ts'

type SetDeps = Pick<OrdersDeps, 'taxCountries' | 'now'>
type SetRequest = { country: string; fields: TaxCountryFields; versions: ExpectedVersions }

/** Sets how tax applies in a country, whether or not it had settings; the same request twice has the same effect. */
export async function setTaxCountry(
  { taxCountries, now }: SetDeps,
  caller: Caller,
  { country, fields, versions }: SetRequest,
): Promise<Result<TaxCountry, AccessFailure | VersionConflict>> {
  const staff = requireScope(caller, 'taxes:write')
  if (!staff.ok) return staff
  const saved = await taxCountries.put({ country, ...fields, updatedAt: now() }, versions)
  return saved === undefined ? fail({ code: 'version_conflict' }) : ok(saved)
}
