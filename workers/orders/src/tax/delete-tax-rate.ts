import type { TaxRateNotFound } from '@shop/contracts/orders/place-failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { OrdersDeps } from '../deps.ts'

type DeleteFailure = AccessFailure | TaxRateNotFound | VersionConflict

/** Deletes a rate. Orders keep the taxes that they were placed with. */
export async function deleteTaxRate(
  { taxRates }: Pick<OrdersDeps, 'taxRates'>,
  caller: Caller,
  { id, versions }: { id: string; versions: ExpectedVersions },
): Promise<Result<undefined, DeleteFailure>> {
  const staff = requireScope(caller, 'taxes:write')
  if (!staff.ok) return staff
  return untilSaved<Result<undefined, DeleteFailure>>(async () => {
    const decidedFrom = await taxRates.find(id)
    if (decidedFrom === undefined) return fail({ code: 'tax_rate_not_found', taxRateId: id })
    const current = checkVersion(versions, decidedFrom.version)
    if (!current.ok) return current
    return (await taxRates.delete(decidedFrom)) ? ok() : undefined
  })
}
