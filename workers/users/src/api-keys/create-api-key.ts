import { covers, requireScope, scopesOf } from '@shop/kernel/access'
import { type ApiKeyKind, apiKeyHint } from '@shop/kernel/api-key'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey, type KeyKnown } from '@shop/kernel/create-once'
import { sha256Hex } from '@shop/kernel/hash'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { isId } from '@shop/kernel/ids'
import { requireRecentProof, type StepUpRequired } from '@shop/kernel/recent-proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Scope } from '@shop/kernel/scopes'
import type { UsersDeps } from '../deps.ts'
import type { ApiKey } from './domain/api-key.ts'

type NewKey = { kind: ApiKeyKind; name: string; scopes: Scope[]; expiresAt: Date | null }
type MadeKey = { apiKey: ApiKey; key: string }
type CreateDeps = Pick<UsersDeps, 'apiKeys' | 'creationKeys' | 'keyTexts' | 'newApiKeyId' | 'now'>

/**
 * Makes a key with at most the scopes of the caller; once, if the request has an idempotency key. The same request again gets
 * the same answer, the key included, for as long as idempotency keys are kept. Once the signing key that it was derived from is
 * deleted, the answer is `created_and_deleted`.
 *
 * @returns the API key and its text, which no other call returns
 */
export async function createApiKey(
  deps: CreateDeps,
  caller: Caller,
  request: NewKey,
  idempotencyKey?: string,
): Promise<Result<Created<MadeKey>, AccessFailure | StepUpRequired | CreateOnceFailure>> {
  const staff = requireScope(caller, 'api_keys:write')
  if (!staff.ok) return staff
  const createdAt = deps.now()
  const proven = requireRecentProof(caller, createdAt)
  if (!proven.ok) return proven
  if (!covers(scopesOf(caller), request.scopes)) return fail({ code: 'forbidden' })
  const { userId } = proven.value
  const key = await creationKey(`${userId}:createApiKey`, idempotencyKey, request)
  return createOnce(key, {
    create: () => makeKey(deps, { ...request, createdBy: userId, createdAt }, key),
    findKey: deps.creationKeys.find,
    find: (id) => findMade(deps, id, key),
  })
}

async function makeKey(
  deps: CreateDeps,
  { kind, scopes, ...request }: NewKey & Pick<ApiKey, 'createdBy' | 'createdAt'>,
  idempotencyKey: IdempotencyKey | undefined,
): Promise<Result<MadeKey, KeyKnown>> {
  const id = deps.newApiKeyId()
  const [key = deps.keyTexts.random(kind)] = idempotencyKey
    ? await deps.keyTexts.repeatable(kind, id, idempotencyKey)
    : []
  const apiKey: ApiKey = {
    ...{ ...request, id, kind, hint: apiKeyHint(key), scopes: [...new Set(scopes)] },
    ...{ lastUsedAt: null, revokedAt: null },
  }
  const saved = await deps.apiKeys.insert(apiKey, await sha256Hex(key), idempotencyKey)
  return saved.ok ? ok({ apiKey, key }) : saved
}

async function findMade(
  { apiKeys, keyTexts }: CreateDeps,
  id: string,
  idempotencyKey: IdempotencyKey | undefined,
): Promise<MadeKey | undefined> {
  const found = isId('apiKey', id) ? await apiKeys.find(id) : undefined
  if (found === undefined || idempotencyKey === undefined) return undefined
  const { keyHash, ...apiKey } = found
  for (const key of await keyTexts.repeatable(apiKey.kind, apiKey.id, idempotencyKey)) {
    if ((await sha256Hex(key)) === keyHash) return { apiKey, key }
  }
  return undefined
}
