import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { DEFAULT_LIMIT, decodeCursor, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import type { CustomerGroup } from './domain/customer-group.ts'

const LIST = 'customer groups'

/** A page of the groups, newest first, for staff. */
export async function listCustomerGroups(
  { customerGroups }: Pick<UsersDeps, 'customerGroups'>,
  caller: Caller,
  { cursor, limit = DEFAULT_LIMIT }: { cursor?: string | undefined; limit?: number | undefined },
): Promise<Result<{ items: CustomerGroup[]; nextCursor: string | null }, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'customers:read')
  if (!staff.ok) return staff
  const isOfList = ({ sortKey, id }: { sortKey: string; id: string }) => sortKey === LIST && isId('customerGroup', id)
  const before = cursor === undefined ? ok(undefined) : decodeCursor(cursor, isOfList)
  if (!before.ok) return before
  const rows = await customerGroups.list({ before: before.value?.id, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ id }) => ({ sortKey: LIST, id })))
}
