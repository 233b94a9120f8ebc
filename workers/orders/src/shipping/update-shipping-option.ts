import type { InvalidShippingOption, ShippingOptionNotFound } from '@shop/contracts/orders/place-failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { OrdersDeps } from '../deps.ts'
import { decideOption, type OptionChanges } from './domain/decide-option.ts'
import type { ShippingOption } from './domain/option.ts'

type UpdateDeps = Pick<OrdersDeps, 'shippingOptions' | 'now'>
type UpdateFailure = AccessFailure | ShippingOptionNotFound | InvalidShippingOption | VersionConflict

/** Changes the given fields of an option. Its lists are replaced as a whole. */
export async function updateShippingOption(
  deps: UpdateDeps,
  caller: Caller,
  { id, changes, versions }: { id: string; changes: OptionChanges; versions: ExpectedVersions },
): Promise<Result<ShippingOption, UpdateFailure>> {
  const staff = requireScope(caller, 'shipping:write')
  if (!staff.ok) return staff
  return untilSaved<Result<ShippingOption, UpdateFailure>>(async () => {
    const decidedFrom = await deps.shippingOptions.find(id)
    if (decidedFrom === undefined) return fail({ code: 'shipping_option_not_found', optionId: id })
    const current = checkVersion(versions, decidedFrom.version)
    if (!current.ok) return current
    if (Object.values(changes).every((change) => change === undefined)) return ok(decidedFrom)
    const fields = decideOption(decidedFrom, changes)
    if (!fields.ok) return fields
    const updated = { ...decidedFrom, ...fields.value, updatedAt: deps.now(), version: decidedFrom.version + 1 }
    return (await deps.shippingOptions.save(updated)) ? ok(updated) : undefined
  })
}
