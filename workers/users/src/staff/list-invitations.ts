import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { DEFAULT_LIMIT, decodeCursor, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import type { Invitation } from './domain/invitation.ts'

const LIST = 'invitations'

/** A page of invitations, newest first. */
export async function listInvitations(
  { invitations }: Pick<UsersDeps, 'invitations'>,
  caller: Caller,
  { cursor, limit = DEFAULT_LIMIT }: { cursor?: string | undefined; limit?: number | undefined },
): Promise<Result<{ items: Invitation[]; nextCursor: string | null }, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'staff:read')
  if (!staff.ok) return staff
  const isOfList = ({ sortKey, id }: { sortKey: string; id: string }) => sortKey === LIST && isId('invitation', id)
  const before = cursor === undefined ? ok(undefined) : decodeCursor(cursor, isOfList)
  if (!before.ok) return before
  const rows = await invitations.list({ before: before.value?.id, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ id }) => ({ sortKey: LIST, id })))
}
