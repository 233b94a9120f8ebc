import type { SessionNotFound } from '@shop/contracts/users/failures'
import { type AuthenticationRequired, type Caller, requireUser } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { fail, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { EndSessionsDeps } from './end-sessions.ts'
import { tellEnded } from './tell-ended.ts'

/** Ends one of the caller's sessions. One that has ended already stays so; another user's is as good as none. */
export async function endSession(
  deps: EndSessionsDeps,
  caller: Caller,
  { id }: { id: string },
): Promise<Result<undefined, AuthenticationRequired | SessionNotFound | ServiceUnavailable>> {
  const user = requireUser(caller)
  if (!user.ok) return user
  const { userId } = user.value
  if (!isId('session', id) || !(await deps.sessions.has(userId, id))) return fail({ code: 'session_not_found' })
  const scope = { sessionId: id, userId }
  return tellEnded(deps, await deps.sessions.end(scope, { reason: 'ended_by_owner', now: deps.now() }))
}
