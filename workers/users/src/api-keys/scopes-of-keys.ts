import type { KeyScopes } from '@shop/contracts/users/rpc'
import { ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import { callerOf } from './domain/api-key.ts'

/** What secret keys may do now, by their ids; unknown, expired and revoked ones are left out. It is no use of the keys. */
export async function scopesOfKeys(
  { apiKeys, now }: Pick<UsersDeps, 'apiKeys' | 'now'>,
  { keyIds }: { keyIds: readonly string[] },
): Promise<Result<KeyScopes[], never>> {
  const found = await apiKeys.findValid(keyIds, now())
  return ok(
    found.flatMap(({ key, makerRole }) => {
      const caller = callerOf(key, makerRole)
      return caller.kind === 'key' ? [{ keyId: caller.keyId, scopes: caller.scopes }] : []
    }),
  )
}
