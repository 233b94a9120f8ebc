import type { Proof } from '@shop/kernel/proof'
import { ok, type Result } from '@shop/kernel/result'
import type { User } from '../accounts/domain/user.ts'
import type { UsersDeps } from '../deps.ts'
import { deviceName } from './domain/device-name.ts'
import { type NewSession, sessionExpiry } from './domain/user-session.ts'
import { deviceHashOf } from './internal/device-hash.ts'
import { type IssueTokensDeps, issueTokens, type Session } from './internal/issue-tokens.ts'

export type { Session }
export type StartSessionDeps = IssueTokensDeps & Pick<UsersDeps, 'newSessionId' | 'refreshTokens'>

/** The client that signs in, as it describes itself. */
export type Client = {
  /** Chosen by the client at random, and kept by it. */
  deviceId?: string | undefined
  userAgent?: string | undefined
  /** City and country, if the platform knows them. */
  place?: string | undefined
}

/**
 * Signs a user in: a new session with its first refresh token.
 *
 * @param save writes the session, together with whatever has to be written with it
 */
export async function startSession<F>(
  deps: StartSessionDeps,
  user: User,
  { client, proof, now }: { client: Client; proof: Proof; now: Date },
  save: (session: NewSession) => Promise<Result<unknown, F>>,
): Promise<Result<Session, F>> {
  const refreshToken = deps.refreshTokens.make()
  const sessionId = deps.newSessionId()
  const saved = await save({
    id: sessionId,
    userId: user.id,
    tokenHash: await deps.refreshTokens.hash(refreshToken),
    deviceHash: await deviceHashOf(user.id, client.deviceId),
    device: deviceName(client.userAgent),
    place: client.place,
    proof,
    createdAt: now,
    expiresAt: sessionExpiry(now),
  })
  return saved.ok ? ok(await issueTokens(deps, user, { refreshToken, sessionId, proof }, now)) : saved
}
