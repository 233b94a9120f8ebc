import type { SessionId } from '@shop/kernel/ids'
import type { Proof } from '@shop/kernel/proof'
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
  continued: { refreshToken: string; sessionId: SessionId; proof: Proof },
  now: Date,
): Promise<Session> {
  const { refreshToken, ...session } = continued
  return { user, token: await issueAccessToken(deps, user, session, now), refreshToken }
}

/** An access token alone, for a session whose refresh token stays as it is. */
export function issueAccessToken(
  { signAccessToken, newTokenId, issuer, audience }: IssueTokensDeps,
  user: User,
  session: { sessionId: SessionId; proof: Proof },
  now: Date,
): Promise<string> {
  return signAccessToken(accessClaims(user, { issuer, audience, id: newTokenId(), ...session, now }))
}
