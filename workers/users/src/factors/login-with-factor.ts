import type { InvalidMfaToken, WrongFactor } from '@shop/contracts/users/failures'
import type { RateLimited } from '@shop/kernel/failures'
import { sha256Hex } from '@shop/kernel/hash'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import { guardSignIn } from '../limits/guard-sign-in.ts'
import type { Limited } from '../limits/within-limits.ts'
import { type Client, type Session, type StartSessionDeps, startSession } from '../sessions/start-session.ts'
import { provenBy } from './domain/proof.ts'
import { type CheckFactorDeps, checkFactor, type PresentedFactor } from './internal/check-factor.ts'

type FactorLogin = { mfaToken: string; presented: PresentedFactor; client: Client }
type LoginFailure = InvalidMfaToken | WrongFactor
type LoginDeps = StartSessionDeps & CheckFactorDeps & Pick<UsersDeps, 'mfaTokens' | 'now' | 'sessions' | 'signIns'>

/**
 * Finishes a sign-in with the second factor. A wrong one counts as a wrong password does, and the token of the first step
 * takes a few attempts only.
 */
export async function loginWithFactor(
  deps: LoginDeps,
  { mfaToken, presented, client, address }: FactorLogin & { address: string },
): Promise<Limited<Result<Session, LoginFailure | RateLimited | ServiceUnavailable>>> {
  const tokenHash = await sha256Hex(mfaToken)
  const waiting = await deps.mfaTokens.countAttempt(tokenHash, deps.now())
  if (waiting === undefined) return { ...fail({ code: 'invalid_mfa_token' }), limits: [] }
  const isWrong = (failure: LoginFailure) => failure.code === 'wrong_factor'
  const attempt = { email: waiting.user.email, address, deviceId: client.deviceId }
  return guardSignIn(deps, attempt, () => checkAndStart(deps, { tokenHash, presented, client, ...waiting }), isWrong)
}

async function checkAndStart(
  deps: LoginDeps,
  { tokenHash, presented, client, user, passwordHash, factors }: Waiting & Omit<FactorLogin, 'mfaToken'> & Hashed,
): Promise<Result<Session, LoginFailure>> {
  const now = deps.now()
  const challenge = { purpose: 'second_factor', subject: tokenHash } as const
  const method = await checkFactor(deps, { userId: user.id, factors }, presented, { challenge, now })
  if (method === undefined) return fail({ code: 'wrong_factor' })
  if (!(await deps.mfaTokens.redeem(tokenHash, now))) return fail({ code: 'invalid_mfa_token' })
  const proof = provenBy(['pwd', method, 'mfa'], now)
  // Redeemed for the password that the first step has checked, which is still the one that was read.
  return startSession(deps, user, { client, proof, now }, async (session) => {
    const isStarted = await deps.sessions.start(session, { role: user.role, passwordHash })
    return isStarted ? ok() : fail({ code: 'invalid_mfa_token' })
  })
}

type Hashed = { tokenHash: string }
type Waiting = NonNullable<Awaited<ReturnType<UsersDeps['mfaTokens']['countAttempt']>>>
