import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { DEFAULT_LIMIT, decodeCursor, type InvalidCursor, isInstantText, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import type { UserRecord } from './domain/user.ts'

export type ListUsers = { search?: string | undefined; limit?: number | undefined; cursor?: string | undefined }

/** A page of the accounts, newest first, for staff. `search` is the beginning of an address or of a name. */
export async function listUsers(
  { accounts }: Pick<UsersDeps, 'accounts'>,
  caller: Caller,
  { search, cursor, limit = DEFAULT_LIMIT }: ListUsers,
): Promise<Result<{ items: UserRecord[]; nextCursor: string | null }, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'customers:read')
  if (!staff.ok) return staff
  const after =
    cursor === undefined
      ? ok(undefined)
      : decodeCursor(cursor, ({ sortKey, id }) => isInstantText(sortKey) && isId('user', id))
  if (!after.ok) return after
  const rows = await accounts.list({ search, after: after.value, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ createdAt, id }) => ({ sortKey: createdAt.toISOString(), id })))
}
