import type { TaxCountryNotFound } from '@shop/contracts/orders/place-failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { OrdersDeps } from '../deps.ts'

type DeleteFailure = AccessFailure | TaxCountryNotFound | VersionConflict

/** Removes the settings of a country, so that it has the defaults. Its rates stay. */
export async function deleteTaxCountry(
  { taxCountries }: Pick<OrdersDeps, 'taxCountries'>,
  caller: Caller,
  { country, versions }: { country: string; versions: ExpectedVersions },
): Promise<Result<undefined, DeleteFailure>> {
  const staff = requireScope(caller, 'taxes:write')
  if (!staff.ok) return staff
  return untilSaved<Result<undefined, DeleteFailure>>(async () => {
    const decidedFrom = await taxCountries.find(country)
    if (decidedFrom === undefined) return fail({ code: 'tax_country_not_found', country })
    const current = checkVersion(versions, decidedFrom.version)
    if (!current.ok) return current
    return (await taxCountries.delete(decidedFrom)) ? ok() : undefined
  })
}
