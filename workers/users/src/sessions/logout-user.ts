import type { Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import { tellEnded } from './tell-ended.ts'

/**
 * Ends the session of a refresh token. Succeeds too for an unknown token and for a session that has ended already.
 *
 * @returns `service_unavailable` when access may still be possible for a while; a retry ends it
 */
export async function logoutUser(
  deps: Pick<UsersDeps, 'now' | 'refreshTokens' | 'revocations' | 'sessions'>,
  refreshToken: string,
): Promise<Result<undefined, ServiceUnavailable>> {
  const tokenHash = await deps.refreshTokens.hash(refreshToken)
  return tellEnded(deps, await deps.sessions.end({ tokenHash }, { reason: 'logged_out', now: deps.now() }))
}
