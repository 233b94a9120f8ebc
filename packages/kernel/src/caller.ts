import type { ApiKeyId, SessionId, UserId } from './ids.ts'
import type { Proof } from './proof.ts'
import { fail, ok, type Result } from './result.ts'
import type { Scope } from './scopes.ts'

export const ROLES = ['customer', 'support', 'catalog_manager', 'fulfillment', 'finance', 'admin'] as const
export type Role = (typeof ROLES)[number]

/**
 * The caller, as the gateway established it from a verified token or an API key. The scopes of a user follow from the role; a
 * secret key has its own, and no account. `sessionId` and `proof` are absent where no session was used. `storefrontKeyId` is of a
 * publishable key: only the limits of the gateway tell its callers from others.
 */
export type Caller =
  | { kind: 'anonymous'; storefrontKeyId?: ApiKeyId | undefined }
  | { kind: 'user'; userId: UserId; role: Role; sessionId?: SessionId | undefined; proof?: Proof | undefined }
  | { kind: 'key'; keyId: ApiKeyId; scopes: readonly Scope[] }
export type UserCaller = Extract<Caller, { kind: 'user' }>

export const ANONYMOUS: Caller = { kind: 'anonymous' }

export type AuthenticationRequired = { code: 'authentication_required' }
/** `requiredScope`: what a caller with other scopes lacks. */
export type Forbidden = { code: 'forbidden'; requiredScope?: Scope }
export type AccessFailure = AuthenticationRequired | Forbidden

/** Passes a signed-in caller on. A key is no account, so it is refused. */
export function requireUser(caller: Caller): Result<UserCaller, AuthenticationRequired> {
  return caller.kind === 'user' ? ok(caller) : fail({ code: 'authentication_required' })
}

/** The caller as the gateway passes it to a worker. Only the gateway is public, so only it can set this. */
export const CALLER_HEADER = 'x-shop-caller'

/** The address by which limits count a client, as the gateway passes it to a worker. */
export const ADDRESS_HEADER = 'x-shop-address'

/** Where the client is, as far as the platform knows: city and country, percent-encoded. */
export const PLACE_HEADER = 'x-shop-place'
