import type { InvalidTaxRate, TaxRateNotFound } from '@shop/contracts/orders/place-failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { OrdersDeps } from '../deps.ts'
import { decideTaxRate, type TaxRate, type TaxRateChanges } from './domain/tax-rate.ts'

type UpdateDeps = Pick<OrdersDeps, 'taxRates' | 'now'>
type UpdateFailure = AccessFailure | TaxRateNotFound | InvalidTaxRate | VersionConflict

/** Changes the given fields of a rate, for orders from now on: an order keeps the taxes that it was placed with. */
export async function updateTaxRate(
  deps: UpdateDeps,
  caller: Caller,
  { id, changes, versions }: { id: string; changes: TaxRateChanges; versions: ExpectedVersions },
): Promise<Result<TaxRate, UpdateFailure>> {
  const staff = requireScope(caller, 'taxes:write')
  if (!staff.ok) return staff
  return untilSaved<Result<TaxRate, UpdateFailure>>(async () => {
    const decidedFrom = await deps.taxRates.find(id)
    if (decidedFrom === undefined) return fail({ code: 'tax_rate_not_found', taxRateId: id })
    const current = checkVersion(versions, decidedFrom.version)
    if (!current.ok) return current
    if (Object.values(changes).every((change) => change === undefined)) return ok(decidedFrom)
    const fields = decideTaxRate(decidedFrom, changes)
    if (!fields.ok) return fields
    const updated = { ...decidedFrom, ...fields.value, updatedAt: deps.now(), version: decidedFrom.version + 1 }
    return (await deps.taxRates.save(updated)) ? ok(updated) : undefined
  })
}
