import { covers, requireScope, scopesOf } from '@shop/kernel/access'
import { type ApiKeyKind, apiKeyHint, newApiKey } from '@shop/kernel/api-key'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { sha256Hex } from '@shop/kernel/hash'
import { requireRecentProof, type StepUpRequired } from '@shop/kernel/recent-proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Scope } from '@shop/kernel/scopes'
import type { UsersDeps } from '../deps.ts'
import type { ApiKey } from './domain/api-key.ts'

type NewKey = { kind: ApiKeyKind; name: string; scopes: Scope[]; expiresAt: Date | null }

/**
 * Makes a key with at most the scopes of the caller.
 *
 * @returns the key itself too, which nobody can read again
 */
export async function createApiKey(
  deps: Pick<UsersDeps, 'apiKeys' | 'newApiKeyId' | 'newKeyBytes' | 'now'>,
  caller: Caller,
  { kind, name, scopes, expiresAt }: NewKey,
): Promise<Result<{ apiKey: ApiKey; key: string }, AccessFailure | StepUpRequired>> {
  const staff = requireScope(caller, 'api_keys:write')
  if (!staff.ok) return staff
  const createdAt = deps.now()
  const proven = requireRecentProof(caller, createdAt)
  if (!proven.ok) return proven
  if (!covers(scopesOf(caller), scopes)) return fail({ code: 'forbidden' })
  const key = newApiKey(kind, deps.newKeyBytes())
  const apiKey: ApiKey = {
    ...{ id: deps.newApiKeyId(), kind, name, hint: apiKeyHint(key), scopes: [...new Set(scopes)] },
    ...{ createdBy: proven.value.userId, createdAt, expiresAt, lastUsedAt: null, revokedAt: null },
  }
  await deps.apiKeys.insert(apiKey, await sha256Hex(key))
  return ok({ apiKey, key })
}
