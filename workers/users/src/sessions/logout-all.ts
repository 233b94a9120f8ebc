import { type AuthenticationRequired, type Caller, requireUser } from '@shop/kernel/caller'
import type { Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import { type EndSessionsDeps, endSessions } from './end-sessions.ts'

/** Ends all sessions of the caller, this one included. */
export async function logoutAll(
  deps: EndSessionsDeps,
  caller: Caller,
): Promise<Result<undefined, AuthenticationRequired | ServiceUnavailable>> {
  const user = requireUser(caller)
  if (!user.ok) return user
  return endSessions(deps, { userId: user.value.userId, reason: 'logged_out_everywhere' })
}
