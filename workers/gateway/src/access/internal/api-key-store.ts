import type { UsersRpc } from '@shop/contracts/users/rpc'
import type { HttpFailure } from '@shop/http/problems'
import { apiKeyKind } from '@shop/kernel/api-key'
import type { Caller } from '@shop/kernel/caller'
import { sha256Hex } from '@shop/kernel/hash'
import { fail, ok, type Result } from '@shop/kernel/result'
import { Unavailable } from '@shop/kernel/unavailable'
import { Lru } from '../../caching/domain/lru.ts'

type InvalidToken = Extract<HttpFailure, { code: 'invalid_token' }>

/** How long a revoked key may still read. */
const FRESH_MS = 60_000
const KEPT = { entries: 1_000, weight: 10_000 }
const WEIGHT = 1

export type ApiKeyStore = {
  /** @param isWrite asks users each time, so that a revoked key writes nothing more */
  callerOf(key: string, isWrite: boolean): Promise<Result<Caller, InvalidToken>>
}

/**
 * Whom API keys stand for, kept in the isolate for a minute by the hashes of the keys.
 *
 * A key with a wrong checksum is refused without asking: it is a typo or a guess.
 */
export function createApiKeyStore({
  users,
  now,
}: {
  users: Pick<UsersRpc, 'callerOfKey'>
  now: () => number
}): ApiKeyStore {
  const kept = new Lru<{ caller: Caller; until: number }>(KEPT)
  return {
    callerOf: async (key, isWrite) => {
      if (apiKeyKind(key) === undefined) return fail({ code: 'invalid_token', reason: 'malformed' })
      const hash = await sha256Hex(key)
      const known = kept.get(hash)
      if (!isWrite && known !== undefined && now() < known.until) return ok(known.caller)
      const askedAt = now()
      const found = await users.callerOfKey(hash)
      // A key that cannot be checked is not taken, not even for what it read a minute ago.
      if (!found.ok) throw new Unavailable('users')
      if (found.value === undefined) {
        kept.delete(hash)
        return fail({ code: 'invalid_token', reason: 'not_trusted' })
      }
      kept.set(hash, { caller: found.value, until: askedAt + FRESH_MS }, WEIGHT)
      return ok(found.value)
    },
  }
}
