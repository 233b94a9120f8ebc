import type { EndReason } from '@shop/contracts/users/sessions'
import type { SessionId, UserId } from '@shop/kernel/ids'
import type { Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import { tellEnded } from './tell-ended.ts'

export type EndSessionsDeps = Pick<UsersDeps, 'now' | 'revocations' | 'sessions'>

/**
 * Ends the sessions of a user: their refresh tokens at once, access by their access tokens at once for writes and within a
 * minute for reads. For whatever takes trust away: a new password, a lost role, the removal of an account.
 *
 * Call `requireRevocations` before that change is saved, and this afterwards. Where a crash in between must not leave a session, put `endingStatement` (of the
 * repository, with `onlyIf`) into the batch of the change, after its statement, and call this afterwards: it tells of
 * sessions that have ended a moment ago, too. A sign-in that began before the change cannot end after it: `sessionInsert`
 * requires the password and the role that it has proven.
 *
 * @param request.except the session that goes on, such as that of the one who changed their password
 * @returns `service_unavailable` when access may still be possible for a while; a retry, or the next sweep, ends it
 */
export async function endSessions(
  deps: EndSessionsDeps,
  { userId, except, reason }: { userId: UserId; except?: SessionId | undefined; reason: EndReason },
): Promise<Result<undefined, ServiceUnavailable>> {
  return tellEnded(deps, await deps.sessions.end({ userId, except }, { reason, now: deps.now() }))
}
