import { type AuthenticationRequired, type Caller, requireUser } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import type { User } from './domain/user.ts'

/** The caller's own account. A token can outlive its account; then the caller has to sign in again. */
export async function getProfile(
  deps: Pick<UsersDeps, 'accounts'>,
  caller: Caller,
): Promise<Result<User, AuthenticationRequired>> {
  const allowed = requireUser(caller)
  if (!allowed.ok) return allowed
  const user = await deps.accounts.find(allowed.value.userId)
  return user === undefined ? fail({ code: 'authentication_required' }) : ok(user)
}
