import type { InvalidRefreshToken } from '@shop/contracts/users/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import { judgeSpentToken } from './domain/refresh-token.ts'
import { deviceHashOf } from './internal/device-hash.ts'
import { type IssueTokensDeps, issueTokens, type Session } from './internal/issue-tokens.ts'
import { tellEnded } from './tell-ended.ts'

type RefreshDeps = IssueTokensDeps & Pick<UsersDeps, 'now' | 'refreshTokens' | 'revocations' | 'sessions'>

/** Trades a refresh token for the next one and a fresh access token; {@link judgeSpentToken} decides on a second use. */
export async function refreshSession(
  deps: RefreshDeps,
  { refreshToken, deviceId }: { refreshToken: string; deviceId?: string | undefined },
): Promise<Result<Session, InvalidRefreshToken | ServiceUnavailable>> {
  const now = deps.now()
  const tokenHash = await deps.refreshTokens.hash(refreshToken)
  const successors = await deps.refreshTokens.successors(refreshToken)
  const successorHashes = await Promise.all(successors.map(deps.refreshTokens.hash))
  const [successor = '', successorHash = ''] = [successors[0], successorHashes[0]]
  const rotated = await deps.sessions.rotate({ tokenHash, successorHash, now })
  if (rotated !== undefined) {
    const { user, ...session } = rotated
    return ok(await issueTokens(deps, user, { refreshToken: successor, ...session }, now))
  }

  const found = await deps.sessions.findSpent({ tokenHash, successorHashes })
  if (found === undefined) return fail({ code: 'invalid_refresh_token' })
  const { user, sessionId, proof } = found
  const saved = successors[successorHashes.indexOf(found.successorHash ?? '')]
  const deviceHash = await deviceHashOf(user.id, deviceId)
  const verdict = judgeSpentToken({ ...found, successor: saved }, { deviceHash, now })
  if (verdict === 'repeated' && saved !== undefined) {
    return ok(await issueTokens(deps, user, { refreshToken: saved, sessionId, proof }, now))
  }
  if (verdict === 'stolen') {
    const told = await tellEnded(deps, await deps.sessions.end({ sessionId }, { reason: 'refresh_token_reused', now }))
    if (!told.ok) return told
  }
  return fail({ code: 'invalid_refresh_token' })
}
