import type { ShippingOptionNotFound } from '@shop/contracts/orders/place-failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { OrdersDeps } from '../deps.ts'

type DeleteFailure = AccessFailure | ShippingOptionNotFound | VersionConflict

/** Deletes an option. Orders keep its name and price. */
export async function deleteShippingOption(
  { shippingOptions }: Pick<OrdersDeps, 'shippingOptions'>,
  caller: Caller,
  { id, versions }: { id: string; versions: ExpectedVersions },
): Promise<Result<undefined, DeleteFailure>> {
  const staff = requireScope(caller, 'shipping:write')
  if (!staff.ok) return staff
  return untilSaved<Result<undefined, DeleteFailure>>(async () => {
    const decidedFrom = await shippingOptions.find(id)
    if (decidedFrom === undefined) return fail({ code: 'shipping_option_not_found', optionId: id })
    const current = checkVersion(versions, decidedFrom.version)
    if (!current.ok) return current
    return (await shippingOptions.delete(decidedFrom)) ? ok() : undefined
  })
}
