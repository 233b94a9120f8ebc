import type { InvalidRefreshToken } from '@shop/contracts/users/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import { judgeSpentToken, refreshTokenExpiry } from './domain/refresh-token.ts'
import { type IssueTokensDeps, issueTokens, type Session } from './internal/issue-tokens.ts'

/** Trades a refresh token for the next one and a fresh access token; {@link judgeSpentToken} decides on a second use. */
export async function refreshSession(
  deps: IssueTokensDeps & Pick<UsersDeps, 'now' | 'refreshTokens' | 'sessions'>,
  refreshToken: string,
): Promise<Result<Session, InvalidRefreshToken>> {
  const now = deps.now()
  const successor = await deps.refreshTokens.successor(refreshToken)
  const tokenHash = await deps.refreshTokens.hash(refreshToken)
  const successorHash = await deps.refreshTokens.hash(successor)
  const rotated = await deps.sessions.rotate({ tokenHash, successorHash, expiresAt: refreshTokenExpiry(now), now })
  if (rotated !== undefined) {
    const { user, ...session } = rotated
    return ok(await issueTokens(deps, user, { refreshToken: successor, ...session }, now))
  }

  const spent = await deps.sessions.findSpent({ tokenHash, successorHash })
  if (spent === undefined) return fail({ code: 'invalid_refresh_token' })
  const verdict = judgeSpentToken(spent, now)
  if (verdict === 'repeated') {
    const { user, sessionId, proof } = spent
    return ok(await issueTokens(deps, user, { refreshToken: successor, sessionId, proof }, now))
  }
  if (verdict === 'stolen') await deps.sessions.end(spent.sessionId, now)
  return fail({ code: 'invalid_refresh_token' })
}
