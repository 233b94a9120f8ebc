import type { Proof } from '@shop/kernel/proof'
import { ok, type Result } from '@shop/kernel/result'
import type { User } from '../accounts/domain/user.ts'
import type { UsersDeps } from '../deps.ts'
import { type NewRefreshToken, refreshTokenExpiry } from './domain/refresh-token.ts'
import { type IssueTokensDeps, issueTokens, type Session } from './internal/issue-tokens.ts'

export type { Session }
export type StartSessionDeps = IssueTokensDeps & Pick<UsersDeps, 'newSessionId' | 'refreshTokens'>

/**
 * Signs a user in: a new session with its first refresh token.
 *
 * @param save writes the row of that token, together with whatever has to be written with it
 */
export async function startSession<F>(
  deps: StartSessionDeps,
  user: User,
  { proof, now }: { proof: Proof; now: Date },
  save: (token: NewRefreshToken) => Promise<Result<unknown, F>>,
): Promise<Result<Session, F>> {
  const refreshToken = deps.refreshTokens.make()
  const sessionId = deps.newSessionId()
  const saved = await save({
    tokenHash: await deps.refreshTokens.hash(refreshToken),
    sessionId,
    userId: user.id,
    createdAt: now,
    expiresAt: refreshTokenExpiry(now),
    proof,
  })
  return saved.ok ? ok(await issueTokens(deps, user, { refreshToken, sessionId, proof }, now)) : saved
}
