import type { CustomerGroupNotFound, CustomersNotFound } from '@shop/contracts/users/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { UsersDeps } from '../deps.ts'
import type { CustomerGroup } from './domain/customer-group.ts'

type ChangeMembers = { id: string; add: string[]; remove: string[]; versions: ExpectedVersions }
type ChangeFailure = AccessFailure | CustomerGroupNotFound | CustomersNotFound | VersionConflict

/**
 * Adds accounts to a group and removes others: all of it, or nothing where an account to add does not exist. Done twice it
 * is the same, so it needs no idempotency key. Orders learns of it by the event.
 */
export async function changeGroupCustomers(
  deps: Pick<UsersDeps, 'customerGroups' | 'now' | 'wakeDeliveries'>,
  caller: Caller,
  { id, add, remove, versions }: ChangeMembers,
): Promise<Result<CustomerGroup, ChangeFailure>> {
  const staff = requireScope(caller, 'customers:write')
  if (!staff.ok) return staff
  return untilSaved<Result<CustomerGroup, ChangeFailure>>(async () => {
    const found = await deps.customerGroups.find(id)
    if (found === undefined) return fail({ code: 'customer_group_not_found' })
    const current = checkVersion(versions, found.version)
    if (!current.ok) return current
    // Malformed ids name nobody, and may be text that the database cannot store.
    const malformed = add.filter((userId) => !isId('user', userId))
    if (malformed.length > 0) return fail({ code: 'customers_not_found', userIds: malformed })
    // Without If-Match, changes by others in between do not matter.
    const version = versions === undefined ? undefined : found.version
    const leaving = remove.filter((userId) => isId('user', userId))
    const change = { id: found.id, add, remove: leaving, version }
    const saved = await deps.customerGroups.changeMembers(change, deps.now())
    if (!saved.ok) return saved
    if (saved.value === undefined) return undefined
    await deps.wakeDeliveries()
    return ok(saved.value)
  })
}
