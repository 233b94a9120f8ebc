import type { FactorNotFound } from '@shop/contracts/users/failures'
import type { AuthenticationRequired, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { requireRecentProof, type StepUpRequired } from '@shop/kernel/recent-proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'

/** Removes a factor of the caller. With the last one the recovery codes go: the password is all that protects then. */
export async function removeFactor(
  deps: Pick<UsersDeps, 'factors' | 'now' | 'wakeMails'>,
  caller: Caller,
  { id }: { id: string },
): Promise<Result<undefined, AuthenticationRequired | StepUpRequired | FactorNotFound>> {
  const now = deps.now()
  const allowed = requireRecentProof(caller, now)
  if (!allowed.ok) return allowed
  const { userId } = allowed.value
  const removed = isId('factor', id) && (await deps.factors.remove({ id, userId }, now))
  if (!removed) return fail({ code: 'factor_not_found' })
  await deps.wakeMails()
  return ok()
}
