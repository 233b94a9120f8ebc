import type { UserNotFound } from '@shop/contracts/users/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { requireRecentProof, type StepUpRequired } from '@shop/kernel/recent-proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import { type EndSessionsDeps, endSessions } from '../sessions/end-sessions.ts'
import { requireRevocations } from '../sessions/require-revocations.ts'
import { mayGrant } from './domain/grants.ts'

type ResetFailure = AccessFailure | StepUpRequired | UserNotFound | ServiceUnavailable

/**
 * Removes all second factors and recovery codes of somebody who has lost them. Afterwards the password alone signs in, and the
 * owner is mailed about each factor. Refused for an account with more scopes than the caller has.
 *
 * All sessions of the account end, also when the call is repeated and no factor is left: the first call may have failed before
 * it.
 *
 * @returns how many factors were removed
 */
export async function resetFactors(
  deps: EndSessionsDeps & Pick<UsersDeps, 'accounts' | 'factors' | 'wakeMails'>,
  caller: Caller,
  { id }: { id: string },
): Promise<Result<number, ResetFailure>> {
  const staff = requireScope(caller, 'staff:write')
  if (!staff.ok) return staff
  const now = deps.now()
  const proven = requireRecentProof(caller, now)
  if (!proven.ok) return proven
  const user = isId('user', id) ? await deps.accounts.find(id) : undefined
  if (user === undefined) return fail({ code: 'user_not_found' })
  if (!mayGrant(proven.value.role, user.role)) return fail({ code: 'forbidden' })
  const reached = await requireRevocations(deps, user.id)
  if (!reached.ok) return reached
  const removed = await deps.factors.removeAll(user.id, now)
  await deps.wakeMails()
  const ended = await endSessions(deps, { userId: user.id, reason: 'factors_changed' })
  return ended.ok ? ok(removed) : ended
}
