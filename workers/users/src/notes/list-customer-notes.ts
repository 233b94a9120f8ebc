import type { UserNotFound } from '@shop/contracts/users/failures'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { DEFAULT_LIMIT, decodeCursor, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import { getUserMetadata } from '../accounts/get-user-metadata.ts'
import type { UsersDeps } from '../deps.ts'
import type { CustomerNote } from './domain/customer-note.ts'

type ListNotes = { userId: string; cursor?: string | undefined; limit?: number | undefined }

/** A page of the notes about a customer, newest first, for staff. */
export async function listCustomerNotes(
  deps: Pick<UsersDeps, 'accounts' | 'customerNotes'>,
  caller: Caller,
  { userId, cursor, limit = DEFAULT_LIMIT }: ListNotes,
): Promise<Result<{ items: CustomerNote[]; nextCursor: string | null }, AccessFailure | UserNotFound | InvalidCursor>> {
  const found = await getUserMetadata(deps, caller, { id: userId })
  if (!found.ok) return found
  const isOfList = ({ sortKey, id }: { sortKey: string; id: string }) => sortKey === userId && isId('customerNote', id)
  const before = cursor === undefined ? ok(undefined) : decodeCursor(cursor, isOfList)
  if (!before.ok) return before
  const query = { userId: found.value.id, before: before.value?.id, limit: limit + 1 }
  const rows = await deps.customerNotes.list(query)
  return ok(toPage(rows, limit, ({ id }) => ({ sortKey: userId, id })))
}
