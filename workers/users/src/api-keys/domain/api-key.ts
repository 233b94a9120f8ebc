import type { ApiKeyKind } from '@shop/kernel/api-key'
import type { Caller, Role } from '@shop/kernel/caller'
import type { ApiKeyId, UserId } from '@shop/kernel/ids'
import { ROLE_SCOPES } from '@shop/kernel/roles'
import type { Scope } from '@shop/kernel/scopes'

/** A key without its secret. A publishable one has no scopes: it does what a guest may do. */
export type ApiKey = {
  id: ApiKeyId
  kind: ApiKeyKind
  name: string
  /** Its first characters. */
  hint: string
  scopes: Scope[]
  createdBy: UserId
  createdAt: Date
  expiresAt: Date | null
  /** At most an hour old. */
  lastUsedAt: Date | null
  revokedAt: Date | null
}

/** Whom a key stands for. It has at most what the account that made it has now. */
export function callerOf(key: Pick<ApiKey, 'id' | 'kind' | 'scopes'>, makerRole: Role): Caller {
  if (key.kind === 'publishable') return { kind: 'anonymous', storefrontKeyId: key.id }
  return { kind: 'key', keyId: key.id, scopes: key.scopes.filter((scope) => ROLE_SCOPES[makerRole].has(scope)) }
}
