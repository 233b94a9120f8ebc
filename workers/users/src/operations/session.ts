import type { NewRefreshToken, User } from '@shop/contracts'
import type { UserId } from '@shop/kernel'
import { accessClaims } from '../domain/access-token.ts'
import { refreshTokenExpiry } from '../domain/refresh-token.ts'
import type { Deps } from '../ports.ts'

/** A signed-in user: both tokens in the clear, for the client only. */
export type Session = { user: User; token: string; refreshToken: string }

/** A fresh session's first refresh token and the row to keep of it. */
export async function newSession(
  deps: Deps,
  userId: UserId,
  now: Date,
): Promise<{ refreshToken: string; row: NewRefreshToken }> {
  const refreshToken = deps.refreshTokens.make()
  const tokenHash = await deps.refreshTokens.hash(refreshToken)
  const row = { tokenHash, sessionId: deps.newSessionId(), userId, createdAt: now, expiresAt: refreshTokenExpiry(now) }
  return { refreshToken, row }
}

export async function toSession(deps: Deps, user: User, refreshToken: string, now: Date): Promise<Session> {
  const { issuer, audience } = deps
  const token = await deps.signAccessToken(accessClaims(user, { issuer, audience, id: deps.newTokenId(), now }))
  return { user, token, refreshToken }
}
