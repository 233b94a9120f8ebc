import type { SessionId } from '@shop/kernel/ids'
import type { User } from '../../accounts/domain/user.ts'
import type { UsersDeps } from '../../deps.ts'
import { accessClaims } from '../domain/access-token.ts'

/** A signed-in user: both tokens in the clear, for the client only. */
export type Session = { user: User; token: string; refreshToken: string }
export type IssueTokensDeps = Pick<UsersDeps, 'audience' | 'issuer' | 'newTokenId' | 'signAccessToken'>

/** The session that a refresh token continues, with a fresh access token. */
export async function issueTokens(
  deps: IssueTokensDeps,
  user: User,
  continued: { refreshToken: string; sessionId: SessionId },
  now: Date,
): Promise<Session> {
  const { issuer, audience } = deps
  const { refreshToken, sessionId } = continued
  const claims = accessClaims(user, { issuer, audience, id: deps.newTokenId(), sessionId, now })
  return { user, token: await deps.signAccessToken(claims), refreshToken }
}
