import type { ApiKeyNotFound } from '@shop/contracts/users/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import type { ApiKey } from './domain/api-key.ts'

/** Ends a key: for writes at once, for reads within a minute. Done twice it is the same. */
export async function revokeApiKey(
  deps: Pick<UsersDeps, 'apiKeys' | 'now'>,
  caller: Caller,
  { id }: { id: string },
): Promise<Result<ApiKey, AccessFailure | ApiKeyNotFound>> {
  const staff = requireScope(caller, 'api_keys:write')
  if (!staff.ok) return staff
  const revoked = isId('apiKey', id) ? await deps.apiKeys.revoke(id, deps.now()) : undefined
  return revoked === undefined ? fail({ code: 'api_key_not_found' }) : ok(revoked)
}
