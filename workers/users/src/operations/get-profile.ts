import type { User } from '@shop/contracts'
import { type AuthenticationRequired, type Caller, fail, ok, type Result, requireUser } from '@shop/kernel'
import type { Deps } from '../ports.ts'

/** The caller's own account. A token can outlive the account; then nobody is signed in. */
export async function getProfile(deps: Deps, caller: Caller): Promise<Result<User, AuthenticationRequired>> {
  const allowed = requireUser(caller)
  if (!allowed.ok) return allowed
  const user = await deps.users.findUser(allowed.value.userId)
  return user === null ? fail({ code: 'authentication_required' }) : ok(user)
}
