import type { CustomerGroupNotFound } from '@shop/contracts/users/failures'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { DEFAULT_LIMIT, decodeCursor, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { User } from '../accounts/domain/user.ts'
import type { UsersDeps } from '../deps.ts'
import { getCustomerGroup } from './get-customer-group.ts'

type ListMembers = { id: string; cursor?: string | undefined; limit?: number | undefined }

/** A page of the accounts in a group, newest account first, for staff. */
export async function listGroupCustomers(
  deps: Pick<UsersDeps, 'customerGroups'>,
  caller: Caller,
  { id: groupId, cursor, limit = DEFAULT_LIMIT }: ListMembers,
): Promise<
  Result<{ items: User[]; nextCursor: string | null }, AccessFailure | CustomerGroupNotFound | InvalidCursor>
> {
  const group = await getCustomerGroup(deps, caller, { id: groupId })
  if (!group.ok) return group
  const isOfList = ({ sortKey, id }: { sortKey: string; id: string }) => sortKey === groupId && isId('user', id)
  const before = cursor === undefined ? ok(undefined) : decodeCursor(cursor, isOfList)
  if (!before.ok) return before
  const rows = await deps.customerGroups.listMembers({ groupId, before: before.value?.id, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ id }) => ({ sortKey: groupId, id })))
}
