import type { LastAdmin } from '@shop/contracts/users/failures'
import type { AuthenticationRequired, Caller } from '@shop/kernel/caller'
import { requireRecentProof, type StepUpRequired } from '@shop/kernel/recent-proof'
import { ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import { type EraseDeps, erasePerson } from './internal/erase-person.ts'

type EraseFailure = AuthenticationRequired | StepUpRequired | LastAdmin | ServiceUnavailable

/**
 * Erases the caller's own account. The proof of who they are is a recent sign-in or step-up, as the body of a DELETE has no
 * meaning that a password could be sent in.
 *
 * Succeeds for an account that is erased already.
 *
 * @returns `service_unavailable` also when the account is gone and access tokens may still be good for a while; the next sweep
 * ends that
 */
export async function eraseAccount(deps: EraseDeps, caller: Caller): Promise<Result<undefined, EraseFailure>> {
  const proven = requireRecentProof(caller, deps.now())
  if (!proven.ok) return proven
  const erased = await erasePerson(deps, proven.value.userId, ok)
  return erased.ok ? ok() : erased
}
