import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { DEFAULT_LIMIT, decodeCursor, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import type { ApiKey } from './domain/api-key.ts'

const LIST = 'API keys'

/** A page of keys, revoked ones included, newest first. */
export async function listApiKeys(
  { apiKeys }: Pick<UsersDeps, 'apiKeys'>,
  caller: Caller,
  { cursor, limit = DEFAULT_LIMIT }: { cursor?: string | undefined; limit?: number | undefined },
): Promise<Result<{ items: ApiKey[]; nextCursor: string | null }, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'api_keys:read')
  if (!staff.ok) return staff
  const isOfList = ({ sortKey, id }: { sortKey: string; id: string }) => sortKey === LIST && isId('apiKey', id)
  const before = cursor === undefined ? ok(undefined) : decodeCursor(cursor, isOfList)
  if (!before.ok) return before
  const rows = await apiKeys.list({ before: before.value?.id, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ id }) => ({ sortKey: LIST, id })))
}
