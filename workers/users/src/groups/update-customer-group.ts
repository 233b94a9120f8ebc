import type { CustomerGroupNameTaken, CustomerGroupNotFound } from '@shop/contracts/users/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import type { MetadataTooLarge } from '@shop/kernel/metadata'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { UsersDeps } from '../deps.ts'
import { type CustomerGroup, type CustomerGroupChanges, changeGroup } from './domain/customer-group.ts'

type UpdateFailure = AccessFailure | CustomerGroupNotFound | CustomerGroupNameTaken | MetadataTooLarge | VersionConflict

/** Changes the given fields of a group. */
export async function updateCustomerGroup(
  deps: Pick<UsersDeps, 'customerGroups' | 'now'>,
  caller: Caller,
  { id, changes, versions }: { id: string; changes: CustomerGroupChanges; versions: ExpectedVersions },
): Promise<Result<CustomerGroup, UpdateFailure>> {
  const staff = requireScope(caller, 'customers:write')
  if (!staff.ok) return staff
  return untilSaved<Result<CustomerGroup, UpdateFailure>>(async () => {
    const decidedFrom = await deps.customerGroups.find(id)
    if (decidedFrom === undefined) return fail({ code: 'customer_group_not_found' })
    const current = checkVersion(versions, decidedFrom.version)
    if (!current.ok) return current
    const changed = changeGroup(decidedFrom, changes)
    if (!changed.ok) return changed
    if (changed.value === undefined) return ok(decidedFrom)
    const group = { ...changed.value, updatedAt: deps.now() }
    const saved = await deps.customerGroups.save(group)
    if (!saved.ok) return saved
    return saved.value ? ok(group) : undefined
  })
}
