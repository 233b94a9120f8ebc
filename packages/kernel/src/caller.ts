import type { SessionId, UserId } from './ids.ts'
import type { Proof } from './proof.ts'
import { fail, ok, type Result } from './result.ts'

export const ROLES = ['customer', 'admin'] as const
export type Role = (typeof ROLES)[number]

/**
 * The caller, as the gateway established it from a verified token. `sessionId` and `proof` are absent where no session was
 * used.
 */
export type Caller =
  | { kind: 'anonymous' }
  | { kind: 'user'; userId: UserId; role: Role; sessionId?: SessionId | undefined; proof?: Proof | undefined }
export type UserCaller = Extract<Caller, { kind: 'user' }>

export const ANONYMOUS: Caller = { kind: 'anonymous' }

export type AuthenticationRequired = { code: 'authentication_required' }
export type Forbidden = { code: 'forbidden' }
export type AccessFailure = AuthenticationRequired | Forbidden

export function isStaff(caller: Caller): boolean {
  return caller.kind === 'user' && caller.role === 'admin'
}

/** Passes a signed-in caller on. */
export function requireUser(caller: Caller): Result<UserCaller, AuthenticationRequired> {
  return caller.kind === 'user' ? ok(caller) : fail({ code: 'authentication_required' })
}

/** Passes staff on; 401 for anonymous callers, 403 for customers. */
export function requireStaff(caller: Caller): Result<UserCaller, AccessFailure> {
  if (caller.kind !== 'user') return fail({ code: 'authentication_required' })
  return isStaff(caller) ? ok(caller) : fail({ code: 'forbidden' })
}

/** The caller as the gateway passes it to a worker. Only the gateway is public, so only it can set this. */
export const CALLER_HEADER = 'x-shop-caller'

/** The address by which limits count a client, as the gateway passes it to a worker. */
export const ADDRESS_HEADER = 'x-shop-address'
