import type { CustomerGroupNotFound } from '@shop/contracts/users/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { UsersDeps } from '../deps.ts'

type DeleteFailure = AccessFailure | CustomerGroupNotFound | VersionConflict

/** Deletes a group. Its accounts stay; promotions that name no other group apply to nobody any more. */
export async function deleteCustomerGroup(
  deps: Pick<UsersDeps, 'customerGroups' | 'now' | 'wakeDeliveries'>,
  caller: Caller,
  { id, versions }: { id: string; versions: ExpectedVersions },
): Promise<Result<undefined, DeleteFailure>> {
  const staff = requireScope(caller, 'customers:write')
  if (!staff.ok) return staff
  return untilSaved<Result<undefined, DeleteFailure>>(async () => {
    const decidedFrom = await deps.customerGroups.find(id)
    if (decidedFrom === undefined) return fail({ code: 'customer_group_not_found' })
    const current = checkVersion(versions, decidedFrom.version)
    if (!current.ok) return current
    const isDeleted = await deps.customerGroups.delete(decidedFrom, deps.now())
    if (!isDeleted) return undefined
    await deps.wakeDeliveries()
    return ok()
  })
}
