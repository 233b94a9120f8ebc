import type { InvalidRefreshToken } from '@shop/contracts'
import { fail, ok, type Result } from '@shop/kernel'
import { judgeSpentToken, refreshTokenExpiry } from '../domain/refresh-token.ts'
import type { Deps } from '../ports.ts'
import { type Session, toSession } from './session.ts'

/** Trades a refresh token for the next one and a fresh access token; {@link judgeSpentToken} says what of a second use. */
export async function refreshSession(deps: Deps, refreshToken: string): Promise<Result<Session, InvalidRefreshToken>> {
  const now = deps.now()
  const successor = await deps.refreshTokens.successor(refreshToken)
  const tokenHash = await deps.refreshTokens.hash(refreshToken)
  const successorHash = await deps.refreshTokens.hash(successor)
  const user = await deps.users.rotateRefreshToken({
    tokenHash,
    successorHash,
    expiresAt: refreshTokenExpiry(now),
    now,
  })
  if (user !== null) return ok(await toSession(deps, user, successor, now))

  const spent = await deps.users.findSpentRefreshToken({ tokenHash, successorHash })
  if (spent === null) return fail({ code: 'invalid_refresh_token' })
  const verdict = judgeSpentToken(spent, now)
  if (verdict === 'repeated') return ok(await toSession(deps, spent.user, successor, now))
  if (verdict === 'stolen') await deps.users.endSession(spent.sessionId, now)
  return fail({ code: 'invalid_refresh_token' })
}
