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
  refreshToken: string,
  now: Date,
): Promise<Session> {
  const { issuer, audience } = deps
  const token = await deps.signAccessToken(accessClaims(user, { issuer, audience, id: deps.newTokenId(), now }))
  return { user, token, refreshToken }
}
