import type { AccessFailure, Caller, Forbidden } from './caller.ts'
import type { ApiKeyId, UserId } from './ids.ts'
import { fail, ok, type Result } from './result.ts'
import { ROLE_SCOPES } from './roles.ts'
import type { Scope } from './scopes.ts'

/** A caller with an identity: an account, or a secret key. */
export type NamedCaller = Exclude<Caller, { kind: 'anonymous' }>
/** Who acts, as it is stored with what was done. */
export type ActorId = UserId | ApiKeyId

const NONE: ReadonlySet<Scope> = new Set()

/** Everything that the caller may do beyond what is theirs. */
export function scopesOf(caller: Caller): ReadonlySet<Scope> {
  if (caller.kind === 'anonymous') return NONE
  return caller.kind === 'user' ? ROLE_SCOPES[caller.role] : new Set(caller.scopes)
}

export function hasScope(caller: Caller, scope: Scope): boolean {
  return scopesOf(caller).has(scope)
}

/** Whether the caller may do anything that customers may not. What they may do, each operation decides by scope. */
export function isStaff(caller: Caller): boolean {
  return scopesOf(caller).size > 0
}

/** Passes callers with the scope on; 401 for anonymous callers, 403 for all others. */
export function requireScope(caller: Caller, scope: Scope): Result<NamedCaller, AccessFailure> {
  if (caller.kind === 'anonymous') return fail({ code: 'authentication_required' })
  return hasScope(caller, scope) ? ok(caller) : fail(forbiddenTo(caller, scope))
}

/**
 * The refusal of a caller without the scope. Staff and machines are told which one it is, so that they can ask for it.
 * Customers cannot have any: for them it would only be a map of what staff may do.
 */
export function forbiddenTo(caller: Caller, requiredScope: Scope | undefined): Forbidden {
  return requiredScope !== undefined && isStaff(caller) ? { code: 'forbidden', requiredScope } : { code: 'forbidden' }
}

export const actorIdOf = (caller: NamedCaller): ActorId => (caller.kind === 'user' ? caller.userId : caller.keyId)

/** Whether the first may grant all scopes of the second: nobody grants more than they have. */
export function covers(granter: ReadonlySet<Scope>, granted: Iterable<Scope>): boolean {
  return [...granted].every((scope) => granter.has(scope))
}
